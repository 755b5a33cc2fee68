"""Whose calendar it is, and on which days it has people work. Pure."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from storage.models import Person
from workflows.policy_document import PolicyDocument, WorkingHours
from workflows.policy_shapes import Weekday
from workflows.public_holidays import special_days, weekend

_WEEK = tuple(Weekday)


@dataclass(frozen=True)
class Calendar:
    """When somebody works. Without a country, no day is a public holiday."""

    zone: ZoneInfo
    working_days: frozenset[Weekday]
    working_hours: WorkingHours
    country: str | None = None  # ISO 3166 alpha-2
    region: str | None = None  # a subdivision of it


def calendar_of(document: PolicyDocument, person: Person) -> Calendar:
    """Return somebody's calendar: their own country with its region, else the policy's."""
    country, region = document.calendar.country, document.calendar.region
    working_days = document.working_days
    if person.country is not None:
        country, region = person.country, person.region
        working_days = _week_in(document, country, region)
    zone = ZoneInfo(person.timezone)
    return Calendar(zone, working_days, document.working_hours, country, region)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Return whether a day is worked: of the working week, and no public holiday.

    Where a country has a Saturday or Sunday worked for a day between holidays, that is.
    """
    if calendar.country is not None:
        special = special_days(calendar.country, calendar.region, day.year)
        if day in special.holidays:
            return False
        if day in special.worked:
            return True
    return Weekday.of(day) in calendar.working_days


def _week_in(document: PolicyDocument, country: str, region: str | None) -> frozenset[Weekday]:
    """Return the working days of somebody whose own country is known.

    They are the policy's, unless it has people work on a weekend that is not that of its own
    country: then they are all others. So nobody in Tel Aviv is written to on Friday by a company
    of New York, and a week of four days stays one of four days.
    """
    free = weekend(country, region)
    usual = document.calendar
    if usual.country is not None and free == weekend(usual.country, usual.region):
        return document.working_days
    days_off = frozenset(_WEEK[number] for number in free)
    if not document.working_days & days_off:
        return document.working_days
    return frozenset(_WEEK) - days_off
