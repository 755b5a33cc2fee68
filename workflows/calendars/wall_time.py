"""Wall-clock times: a schedule is a local time and a zone, never an offset. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.tz import resolve_imaginary

DAY = timedelta(days=1)


def at_wall_time(day: date, wall_time: time, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of a wall-clock time.

    A time that a clock change leaves out moves on by the length of the gap; one that comes
    twice is its first.
    """
    return resolve_imaginary(datetime.combine(day, wall_time, zone)).astimezone(UTC)
