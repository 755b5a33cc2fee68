"""Working time, on the calendar of whoever is waited for. Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from workflows.calendar import DAY, at_wall_time, next_working_moment
from workflows.escalations.policy import WorkingSpan
from workflows.policy_document import PolicyDocument


def after_working(
    document: PolicyDocument, zone: ZoneInfo, start: datetime, span: WorkingSpan
) -> datetime:
    """Return when a length of working time has passed since an instant.

    Days are whole ones: it is the same time of day, so many working days on. Hours count from the
    next moment that somebody works, and only while they do.
    """
    start = next_working_moment(document, start, zone)
    if span.days:
        return _days_after(document, zone, start, span.days)
    return _hours_after(document, zone, start, timedelta(hours=span.hours))


def _days_after(document: PolicyDocument, zone: ZoneInfo, start: datetime, count: int) -> datetime:
    local = start.astimezone(zone)
    day = local.date()
    while count:
        day += DAY
        count -= document.works_on(day)
    return at_wall_time(day, local.time(), zone)


def _hours_after(
    document: PolicyDocument, zone: ZoneInfo, start: datetime, left: timedelta
) -> datetime:
    while True:
        end = at_wall_time(start.astimezone(zone).date(), document.working_hours.end, zone)
        if left <= end - start:
            return start + left
        left -= end - start
        start = next_working_moment(document, end, zone)
