"""Dates and wall-clock times. Pure: a schedule is a local time and a zone, never an offset."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.tz import resolve_imaginary

from workflows.policy_document import PolicyDocument

DAY = timedelta(days=1)


def at_wall_time(day: date, wall_time: time, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of a wall-clock time.

    A time that a clock change leaves out moves on by the length of the gap; one that comes
    twice is its first.
    """
    return resolve_imaginary(datetime.combine(day, wall_time, zone)).astimezone(UTC)


def working_days_before(document: PolicyDocument, day: date, count: int) -> date:
    """Return the date that lies `count` working days before a day, itself not counted."""
    while count > 0:
        day -= DAY
        count -= document.works_on(day)
    return day


def next_working_moment(document: PolicyDocument, now: datetime, zone: ZoneInfo) -> datetime:
    """Return `now` if it lies in somebody's working hours, else the next start of them."""
    local = now.astimezone(zone)
    hours = document.working_hours
    day = local.date()
    if document.works_on(day) and hours.start <= local.time() < hours.end:
        return now
    if local.time() >= hours.start:
        day += DAY
    while not document.works_on(day):
        day += DAY
    # Never in the past, where a clock that is set back makes the start come twice.
    return max(now, at_wall_time(day, hours.start, zone))
