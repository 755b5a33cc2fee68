"""The line of a summary or a digest that tells what is escalated."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.blocks.moments import day_near
from handlers.escalations.words import level_text, name_of
from storage.models import Escalation
from workflows.escalations.in_short import InShort
from workflows.escalations.policy import next_level

_TODAY_OR_TOMORROW = 1  # days away: they need no «on»


def escalated_line(found: InShort, zone: ZoneInfo) -> str:
    """Return how many are open, since when the oldest is, and what changes its level this week."""
    today = found.now.astimezone(zone).date()
    since = day_near(_day(found.oldest.opened_at, zone), today)
    oldest = f"{name_of(found.oldest)} ({found.oldest.initiative_key})"
    said = f"{found.count:,} open, the oldest {oldest}, since {since}."
    if found.count == 1:
        said = f"{oldest} is open since {since}."
    return f"*Escalated:* {said}{_moving(found, zone, today)}"


def _moving(found: InShort, zone: ZoneInfo, today: date) -> str:
    if not found.moving:
        return ""
    (moves_at, first), more = found.moving[0], len(found.moving) - 1
    said = f" {name_of(first)} goes to {_where(first)} {_when(_day(moves_at, zone), today)}"
    if not more:
        return f"{said}."
    return f"{said}, and {more:,} more {'changes' if more == 1 else 'change'} level this week."


def _where(one: Escalation) -> str:
    return level_text(one.kind, next_level(one.kind, one.level) or one.level)


def _when(day: date, today: date) -> str:
    near = day_near(day, today)
    return near if abs((day - today).days) <= _TODAY_OR_TOMORROW else f"on {near}"


def _day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()
