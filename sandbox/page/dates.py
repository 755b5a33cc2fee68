"""Instants as the person who looks reads them: in their timezone, on a 24-hour clock."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_TOKEN = re.compile(r"\{(\w+)\}")
_ONE_DAY = timedelta(days=1)


def moment_of(ts: str, zone: ZoneInfo) -> datetime:
    """Return when a message was said; `ts` as Slack writes it."""
    return datetime.fromtimestamp(float(ts), UTC).astimezone(zone)


def clock_time(moment: datetime) -> str:
    """Return «14:05»."""
    return f"{moment:%H:%M}"


def day_name(day: date, today: date) -> str:
    """Return «Today», «Yesterday», or «Monday, November 23», with the year where it differs."""
    if day == today:
        return "Today"
    if day == today - _ONE_DAY:
        return "Yesterday"
    year = f", {day.year}" if day.year != today.year else ""
    return f"{day:%A, %B} {day.day}{year}"


def short_moment(moment: datetime, now: datetime) -> str:
    """Return a time today, or a day and a time: «14:05», «Mon 23 Nov, 14:05»."""
    if moment.date() == now.date():
        return clock_time(moment)
    return f"{moment:%a} {moment.day} {moment:%b}, {clock_time(moment)}"


def date_in_words(timestamp: int, pattern: str, zone: ZoneInfo, now: datetime) -> str:
    """Fill Slack's date pattern, such as «{date_short_pretty} at {time}».

    Raises:
        ValueError: the pattern holds a token that Slack doesn't know, or the instant is absurd.
    """
    try:
        moment = datetime.fromtimestamp(timestamp, UTC).astimezone(zone)
    except (OverflowError, OSError) as error:
        raise ValueError(f"no such instant: {timestamp}") from error
    return _TOKEN.sub(lambda token: _date_part(token[1], moment, now.astimezone(zone)), pattern)


def _date_part(token: str, moment: datetime, now: datetime) -> str:
    if token == "ago":
        return _ago(now - moment)
    if token.endswith("_pretty") and (near := _near_day(moment.date(), now.date())):
        return near
    name = token.removesuffix("_pretty")
    parts = {
        "date_num": f"{moment:%Y-%m-%d}",
        "date_slash": f"{moment:%m/%d/%Y}",
        "date": f"{moment:%B} {moment.day}, {moment.year}",
        "date_long": f"{moment:%A, %B} {moment.day}, {moment.year}",
        "date_long_full": f"{moment:%A, %B} {moment.day}, {moment.year}",
        "date_short": f"{moment:%b} {moment.day}, {moment.year}",
        "time": clock_time(moment),
        "time_secs": f"{moment:%H:%M:%S}",
    }
    if name not in parts:
        raise ValueError(f"no such token: {token}")
    return parts[name]


def _near_day(day: date, today: date) -> str:
    near = {today: "today", today - _ONE_DAY: "yesterday", today + _ONE_DAY: "tomorrow"}
    return near.get(day, "")


def _ago(elapsed: timedelta) -> str:
    units = (("day", 86_400), ("hour", 3_600), ("minute", 60))
    seconds = abs(int(elapsed.total_seconds()))
    for unit, length in units:
        if count := seconds // length:
            amount = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{amount} ago" if elapsed > timedelta(0) else f"in {amount}"
    return "just now"
