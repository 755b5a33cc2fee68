"""Working time, on the calendar of whoever is waited for. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.models import Escalation, Person
from workflows.calendars.calendar import Calendar, calendar_of
from workflows.calendars.working_time import business_days_after, business_time_after
from workflows.escalations.policy import Chase, WorkingSpan
from workflows.escalations.rules import AcknowledgeRules
from workflows.policy_document import PolicyDocument


def after_working(calendar: Calendar, start: datetime, span: WorkingSpan) -> datetime:
    """Return when a length of working time has passed since an instant: so many hours, or days."""
    if span.days:
        return business_days_after(calendar, start, span.days)
    return business_time_after(calendar, start, timedelta(hours=span.hours))


def chase_at(
    calendar: Calendar, now: datetime, span: WorkingSpan, last: int, told: Sequence[str]
) -> datetime:
    """Return when to look again whether a level has acknowledged; `last` is who was told by then.

    Where nobody was told, there is nobody to wait for.
    """
    return after_working(calendar, now, span) if told or last >= Chase.MANAGER else now


def quiet_at(one: Escalation, rules: AcknowledgeRules, calendar: Calendar) -> datetime:
    """Return until when an owner may be silent, seen from when something was last heard."""
    start = max(one.active_at, one.snoozed_until_at or one.active_at)
    return after_working(calendar, start, WorkingSpan(days=rules.quiet_working_days))


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
