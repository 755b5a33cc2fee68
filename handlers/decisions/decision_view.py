"""The decision log as people see it: a page of it, and one decision."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.blocks.moments import day_near
from handlers.blocks.text import (
    Block,
    Mrkdwn,
    Text,
    button,
    clip,
    context,
    fill,
    moment_text,
    section,
)
from handlers.blocks.windows import window
from handlers.decisions.command import DECIDE
from handlers.escalations.list_view import SHOW as SHOW_ESCALATION
from handlers.escalations.words import level_text
from handlers.paging import page_buttons
from storage.models import Decision, EscalationKind
from workflows.decisions.reading import PER_PAGE, DecisionPage, ShownDecision

SHOW = "show_decision"  # a button; its value is D-7
PAGE_ACTION = "turn_decisions"  # the action ids of the buttons begin so
_LONGEST = 2500  # characters of a text
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def list_window(page: DecisionPage, zone: ZoneInfo, now: datetime) -> Block:
    """Return the window with a page of the log."""
    blocks = [context(_summary(page))]
    blocks += [_row(page, one, zone, now) for one in page.decisions[:PER_PAGE]]
    blocks += page_buttons(PAGE_ACTION, page.key, page.number, page.pages)
    return window("Decisions", blocks)


def shown(found: ShownDecision, zone: ZoneInfo) -> list[Block]:
    """Return one decision, and how it came about."""
    one, initiative = found.decision, found.initiative
    heading = fill(
        "⚖️ *{name}*\n*{key}* {title}",
        name=name_of(one),
        key=initiative.key,
        title=clip(initiative.name, 150),
    )
    blocks = [section(heading), section(fill("*Decided:* {what}", what=clip(one.what, _LONGEST)))]
    if one.rationale:
        blocks.append(section(fill("*Why:* {why}", why=clip(one.rationale, _LONGEST))))
    kind = found.escalation.kind if found.escalation else EscalationKind.TECHNICAL_BLOCKER
    said: Text = fill(
        "{who} decided it on {when}, at the level of {level}.",
        who=found.decided_by,
        when=moment_text(one.decided_at, zone),
        level=level_text(kind, one.level),
    )
    return [*blocks, context(said), *_before(found)]


def shown_window(found: ShownDecision, zone: ZoneInfo) -> Block:
    """Return the window with one decision."""
    return window(name_of(found.decision), shown(found, zone))


def help_blocks(lead_in: Text = "") -> list[Block]:
    """Return the help, after a sentence of mrkdwn."""
    return [*([section(lead_in)] if lead_in else []), section(DECIDE.help())]


def name_of(one: Decision) -> str:
    """Return what people call a decision."""
    return f"D-{one.number}"


def waited_text(length: timedelta) -> str:
    """Return how long something waited, in one unit: minutes, hours, and days from two of them."""
    if length < _HOUR:
        return _counted(length // _MINUTE, "minute")
    return _counted(length // _HOUR, "hour") if length < 2 * _DAY else f"{length // _DAY} days"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _before(found: ShownDecision) -> list[Block]:
    """Return what the decision settled, with the way to it."""
    if found.escalation is None:
        return []
    name = f"E-{found.escalation.number}"
    waited = waited_text(timedelta(seconds=found.decision.waited_seconds))
    said = fill(
        "It settled *{name}*, which had waited for {waited}: {what}\n`/ai-escalate show {name}`",
        name=name,
        waited=waited,
        what=clip(" ".join(found.escalation.what.split()), 300),
    )
    return [section(said, button("Show", SHOW_ESCALATION, name))]


def _summary(page: DecisionPage) -> str:
    of = f" for {page.key}" if page.key else ""
    if page.total == 0:
        return f"Nothing was decided{of} yet. What settles an escalation is entered here."
    count = f"{page.total:,} {'decision' if page.total == 1 else 'decisions'}"
    where = f" · page {page.number + 1} of {page.pages}" if page.pages > 1 else ""
    return f"{count}{of}, newest first{where}"


def _row(page: DecisionPage, one: Decision, zone: ZoneInfo, now: datetime) -> Block:
    day = day_near(one.decided_at.astimezone(zone).date(), now.astimezone(zone).date())
    said: Mrkdwn = fill(
        "*{name}* · *{key}*  {what}\n{who}, {day}",
        name=name_of(one),
        key=one.initiative_key,
        what=clip(" ".join(one.what.split()), 200),
        who=clip(page.names.get(one.decided_by, one.decided_by), 60),
        day=day,
    )
    return section(said, button("Show", SHOW, name_of(one)))
