"""Dates and wall-clock times of rounds: by the policy's week, which knows no public holidays."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from workflows.calendars import working_time
from workflows.calendars.calendar import Calendar
from workflows.calendars.wall_time import DAY as DAY  # imported from here as well
from workflows.calendars.wall_time import at_wall_time as at_wall_time
from workflows.policy_document import PolicyDocument


def working_days_before(document: PolicyDocument, day: date, count: int) -> date:
    """Return the date that lies `count` working days before a day, itself not counted."""
    return working_time.days_before(document.works_on, day, count)


def next_working_moment(document: PolicyDocument, now: datetime, zone: ZoneInfo) -> datetime:
    """Return `now` if it lies in somebody's working hours, else the next start of them."""
    calendar = Calendar(zone, document.working_days, document.working_hours)
    return working_time.next_working_moment(calendar, now)
