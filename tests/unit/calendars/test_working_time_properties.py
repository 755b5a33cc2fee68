"""What holds of working time whatever the calendar, the instant and the length."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import a_calendar
from workflows.calendars.calendar import Calendar, is_working_day
from workflows.calendars.working_time import (
    business_days_after,
    business_time_after,
    next_working_moment,
)
from workflows.policy_shapes import Weekday

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "America/Havana",
    "Atlantic/Azores",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Apia",
)
PLACES = ((None, None), ("DE", "BY"), ("US", None), ("IL", None), ("SA", None), ("CN", None))
NONE = timedelta()
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    country, region = draw(st.sampled_from(PLACES))
    opens = draw(st.integers(0, 21 * 60))  # minutes since midnight
    closes = min(opens + draw(st.integers(120, 24 * 60)), 24 * 60 - 1)
    return a_calendar(
        draw(st.sampled_from(ZONES)),
        working_days=draw(st.sets(st.sampled_from(Weekday), min_size=1)),
        working_hours={"start": wall_time(opens), "end": wall_time(closes)},
        country=country,
        region=region,
    )


def wall_time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


instants = st.timedeltas(NONE, timedelta(days=5 * 365)).map(lambda since: BEGINNING + since)
# The first look at a country's holidays takes longer than hypothesis gives an example.
UNHURRIED = settings(deadline=None)
lengths = st.timedeltas(NONE, timedelta(hours=60))


@UNHURRIED
@given(calendars(), instants, lengths, lengths)
def test_two_lengths_one_after_the_other_are_as_long_as_both(
    calendar: Calendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    between = business_time_after(calendar, start, first)

    assert business_time_after(calendar, between, second) == business_time_after(
        calendar, start, first + second
    )


@UNHURRIED
@given(calendars(), instants, lengths, lengths)
def test_more_time_is_up_later(
    calendar: Calendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    shorter, longer = sorted([one, other])

    early, late = (business_time_after(calendar, start, length) for length in (shorter, longer))

    assert (early < late) is (shorter < longer)
    assert early >= start + shorter


@UNHURRIED
@given(calendars(), instants, lengths, lengths)
def test_what_begins_later_is_not_up_earlier(
    calendar: Calendar, start: datetime, later_by: timedelta, length: timedelta
) -> None:
    early = business_time_after(calendar, start, length)

    assert early <= business_time_after(calendar, start + later_by, length)


@UNHURRIED
@given(calendars(), instants, lengths)
def test_time_is_up_on_a_working_day(
    calendar: Calendar, start: datetime, length: timedelta
) -> None:
    found = business_time_after(calendar, start, length).astimezone(calendar.zone)

    # Where a clock change leaves out the end, that is in the first hour of the next day.
    assert is_working_day(calendar, (found - timedelta(hours=1)).date()) or is_working_day(
        calendar, found.date()
    )


@UNHURRIED
@given(calendars(), instants)
def test_the_next_working_moment_is_one_itself(calendar: Calendar, now: datetime) -> None:
    found = next_working_moment(calendar, now)

    assert found >= now
    assert next_working_moment(calendar, found) == found
    assert business_time_after(calendar, found, NONE) == found


@UNHURRIED
@given(calendars(), instants, st.integers(0, 10))
def test_a_day_more_is_up_later(calendar: Calendar, start: datetime, days: int) -> None:
    early, late = (business_days_after(calendar, start, count) for count in (days, days + 1))

    assert start <= early < late
