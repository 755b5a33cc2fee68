"""Days and times as people say them, on the reader's own clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.blocks.text import date_text

_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_DAYS_OF_A_WEEK = 7


def day_near(day: date, today: date) -> str:
    """Return a day as «today», «Wednesday», or with its date where that could be another week's."""
    away = (day - today).days
    if away in _NEAR:
        return _NEAR[away]
    if abs(away) < _DAYS_OF_A_WEEK:
        return f"{day:%A}"
    return date_text(day) if day.year == today.year else f"{date_text(day)} {day.year}"


def moment_near(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return a moment as «today at 15:19» or «Wednesday at 14:00»."""
    local = instant.astimezone(zone)
    return f"{day_near(local.date(), now.astimezone(zone).date())} at {local:%H:%M}"


def weekday(instant: datetime, zone: ZoneInfo) -> str:
    """Return the day of the week that a moment has for somebody."""
    return f"{instant.astimezone(zone):%A}"
