"""Working time, on the calendar of whoever is waited for. Pure."""

from datetime import datetime, timedelta

from storage.models import Person
from workflows.calendars.calendar import Calendar, calendar_of
from workflows.calendars.working_time import business_days_after, business_time_after
from workflows.escalations.policy import WorkingSpan
from workflows.policy_document import PolicyDocument


def after_working(calendar: Calendar, start: datetime, span: WorkingSpan) -> datetime:
    """Return when a length of working time has passed since an instant: so many hours, or days."""
    if span.days:
        return business_days_after(calendar, start, span.days)
    return business_time_after(calendar, start, timedelta(hours=span.hours))


def calendar_for(document: PolicyDocument, person: Person | None) -> Calendar:
    """Return the calendar of somebody; of nobody that of the call."""
    if person is not None:
        return calendar_of(document, person)
    usual = document.calendar
    return Calendar(
        document.call.zone,
        document.working_days,
        document.working_hours,
        usual.country,
        usual.region,
    )
