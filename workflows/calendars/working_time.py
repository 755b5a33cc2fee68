"""Reckoning with working time, on somebody's calendar. Pure: every instant is given.

Hours open and close by the clock on the wall; between the two, time is what passes. So the
working day in which the clocks change is an hour shorter or longer, and no hour is counted that
never was.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from workflows.calendars.calendar import Calendar, is_working_day
from workflows.calendars.wall_time import DAY, at_wall_time

_NONE = timedelta()


def days_before(works_on: Callable[[date], bool], day: date, count: int) -> date:
    """Return the date that lies `count` working days before a day, itself not counted."""
    while count > 0:
        day -= DAY
        count -= works_on(day)
    return day


def working_days_before(calendar: Calendar, day: date, count: int) -> date:
    """Return the date that lies `count` working days before a day, itself not counted."""
    return days_before(lambda one: is_working_day(calendar, one), day, count)


def next_working_moment(calendar: Calendar, now: datetime) -> datetime:
    """Return `now` if it lies in somebody's working hours, else the next start of them.

    The moment of closing is outside: nobody is written to as they leave.
    """
    # Never in the past, where a clock that is set back makes the start come twice.
    return next(max(now, opens) for opens, closes in _hours_from(calendar, now) if now < closes)


def business_time_after(calendar: Calendar, start: datetime, length: timedelta) -> datetime:
    """Return the UTC instant at which `length` of working time has passed since `start`.

    A start outside working hours counts from the next opening. A day's last moment belongs to it:
    what runs out as it closes does so then, and not as the next one opens. "More than" is the
    caller's: at the instant returned, exactly `length` has passed.

    Raises:
        ValueError: the length is negative.
    """
    if length < _NONE:
        raise ValueError("working time is reckoned forwards only")
    start, left = start.astimezone(UTC), length
    spans = ((max(start, opens), closes) for opens, closes in _hours_from(calendar, start))
    for since, until in spans:
        if left <= until - since:
            return since + left
        left -= until - since
    raise AssertionError("the days never end")


def business_days_after(calendar: Calendar, start: datetime, days: int) -> datetime:
    """Return the UTC instant of the same wall-clock time `days` working days after `start`.

    A start outside working hours counts from the next opening, as in `business_time_after`:
    two days from Friday 16:00 are up on Tuesday at 16:00, and two from Saturday on Wednesday at
    the opening, so that whoever waits out the days has all of their hours.

    Raises:
        ValueError: the number of days is negative.
    """
    if days < 0:
        raise ValueError("working days are reckoned forwards only")
    begins = business_time_after(calendar, start, _NONE)
    local = begins.astimezone(calendar.zone)
    day, left = local.date(), days
    while left > 0:
        day += DAY
        left -= is_working_day(calendar, day)
    return at_wall_time(day, local.time().replace(fold=0), calendar.zone) if days else begins


def _hours_from(calendar: Calendar, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield opening and closing of each working day that is not over before an instant."""
    hours, zone = calendar.working_hours, calendar.zone
    # A day earlier: where a clock change leaves out its end, that is after midnight.
    day = instant.astimezone(zone).date() - DAY
    while True:
        if is_working_day(calendar, day):
            opens = at_wall_time(day, hours.start, zone)
            closes = at_wall_time(day, hours.end, zone)
            # Not where all of the hours are left out, so that the end comes before the start.
            if instant <= closes and opens < closes:
                yield opens, closes
        day += DAY
