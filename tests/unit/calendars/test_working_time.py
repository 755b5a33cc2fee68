"""Tables of instants: when working time is up, wherever people live and whatever clocks do."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.factories import a_calendar
from workflows.calendars.working_time import (
    business_days_after,
    business_time_after,
    next_working_moment,
    working_days_before,
)

BERLIN = a_calendar(country="DE")
NEW_YORK = a_calendar("America/New_York", country="US")
TEL_AVIV = a_calendar(
    "Asia/Jerusalem",
    country="IL",
    working_days=["sunday", "monday", "tuesday", "wednesday", "thursday"],
)
SUNDAYS_TOO = ["monday", "tuesday", "wednesday", "thursday", "friday", "sunday"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def length_of(text: str) -> timedelta:
    """Read hours, minutes and, where they matter, seconds."""
    hours, minutes, seconds = map(int, f"{text}:0".split(":")[:3])
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def at_night(zone: str, **hours: str) -> Any:
    """The calendar of somebody who works on Sundays, when the clocks change."""
    return a_calendar(zone, working_days=SUNDAYS_TOO, working_hours=hours)


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        # Berlin is an hour ahead of UTC: from 08:00 to 17:00 in winter. 2027-01-11 is a Monday.
        ("2027-01-11 08:00", "0:00", "2027-01-11 08:00"),
        ("2027-01-11 08:00", "0:01", "2027-01-11 08:01"),
        ("2027-01-11 07:59", "0:00", "2027-01-11 08:00"),  # before opening
        ("2027-01-11 07:59", "0:01", "2027-01-11 08:01"),
        ("2027-01-11 12:00", "4:59", "2027-01-11 16:59"),
        ("2027-01-11 12:00", "5:00", "2027-01-11 17:00"),  # up as it closes, not as it opens
        ("2027-01-11 12:00", "5:00:01", "2027-01-12 08:00:01"),
        ("2027-01-11 12:00", "5:01", "2027-01-12 08:01"),
        ("2027-01-11 08:00", "9:00", "2027-01-11 17:00"),
        ("2027-01-11 08:00", "18:00", "2027-01-12 17:00"),
        ("2027-01-11 08:00", "18:01", "2027-01-13 08:01"),
        # A start exactly at closing, and on either side of it.
        ("2027-01-11 16:59", "0:01", "2027-01-11 17:00"),
        ("2027-01-11 16:59", "0:02", "2027-01-12 08:01"),
        ("2027-01-11 17:00", "0:00", "2027-01-11 17:00"),
        ("2027-01-11 17:00", "0:01", "2027-01-12 08:01"),
        ("2027-01-11 17:00:01", "0:00", "2027-01-12 08:00"),
        ("2027-01-11 17:01", "0:01", "2027-01-12 08:01"),
        # Around midnight, in Berlin and in UTC.
        ("2027-01-11 22:59", "1:00", "2027-01-12 09:00"),
        ("2027-01-11 23:00", "1:00", "2027-01-12 09:00"),
        ("2027-01-12 00:00", "1:00", "2027-01-12 09:00"),
        # A weekend; the week of four days after a Friday's holiday, and a week of Easter.
        ("2027-01-15 16:00", "1:00", "2027-01-15 17:00"),
        ("2027-01-15 16:00", "2:00", "2027-01-18 09:00"),
        ("2027-01-16 12:00", "0:00", "2027-01-18 08:00"),
        ("2027-01-16 12:00", "1:00", "2027-01-18 09:00"),
        ("2026-12-31 16:00", "1:00", "2026-12-31 17:00"),
        ("2026-12-31 16:00", "1:01", "2027-01-04 08:01"),
        ("2027-01-01 10:00", "0:00", "2027-01-04 08:00"),
        ("2026-12-24 16:00", "2:00", "2026-12-28 09:00"),
        ("2027-03-25 16:00", "2:00", "2027-03-30 08:00"),  # and to summer time
        # Leap day.
        ("2028-02-28 16:00", "1:01", "2028-02-29 08:01"),
        ("2028-02-28 16:00", "10:01", "2028-03-01 08:01"),
        # A fortnight.
        ("2027-01-11 08:00", "90:00", "2027-01-22 17:00"),
    ],
)
def test_working_time_passes_while_it_is_worked(start: str, length: str, expected: str) -> None:
    found = business_time_after(BERLIN, utc(start), length_of(length))

    assert found == utc(expected)


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        # Thursday, two hours ahead of UTC in winter: from 07:00 to 16:00.
        ("2027-01-14 15:59", "0:01", "2027-01-14 16:00"),
        ("2027-01-14 15:59", "0:02", "2027-01-17 07:01"),  # Sunday
        ("2027-01-15 10:00", "0:00", "2027-01-17 07:00"),
        ("2027-01-16 10:00", "0:00", "2027-01-17 07:00"),
        ("2027-01-17 10:00", "0:00", "2027-01-17 10:00"),
        # Passover 2027 begins on Thursday, 22 April.
        ("2027-04-21 14:00", "1:00", "2027-04-21 15:00"),
        ("2027-04-21 14:00", "2:00", "2027-04-25 07:00"),
    ],
)
def test_where_friday_and_saturday_are_free_sunday_is_worked(
    start: str, length: str, expected: str
) -> None:
    found = business_time_after(TEL_AVIV, utc(start), length_of(length))

    assert found == utc(expected)


@pytest.mark.parametrize(
    ("zone", "hours", "start", "length", "expected"),
    [
        # From nine to six, around a change in the night of a Sunday: nine hours on each side.
        ("Europe/Berlin", None, "2027-03-26 16:00", "1:00", "2027-03-26 17:00"),
        ("Europe/Berlin", None, "2027-03-26 16:00", "2:00", "2027-03-28 08:00"),
        ("Europe/Berlin", None, "2027-03-28 07:00", "9:00", "2027-03-28 16:00"),
        ("Europe/Berlin", None, "2027-03-28 07:00", "9:01", "2027-03-29 07:01"),
        ("Europe/Berlin", None, "2027-10-29 15:00", "2:00", "2027-10-31 09:00"),
        # Seven hours between one and nine where an hour is left out.
        ("Europe/Berlin", ("01:00", "09:00"), "2027-03-28 00:00", "1:00", "2027-03-28 01:00"),
        ("Europe/Berlin", ("01:00", "09:00"), "2027-03-28 00:00", "1:01", "2027-03-28 01:01"),
        ("Europe/Berlin", ("01:00", "09:00"), "2027-03-28 00:00", "7:00", "2027-03-28 07:00"),
        ("Europe/Berlin", ("01:00", "09:00"), "2027-03-28 00:00", "7:01", "2027-03-28 23:01"),
        # Nine where one comes twice.
        ("Europe/Berlin", ("01:00", "09:00"), "2027-10-30 23:00", "8:59", "2027-10-31 07:59"),
        ("Europe/Berlin", ("01:00", "09:00"), "2027-10-30 23:00", "9:00", "2027-10-31 08:00"),
        ("Europe/Berlin", ("01:00", "09:00"), "2027-10-30 23:00", "9:01", "2027-11-01 00:01"),
        # Opening in the hour that is left out: at 03:30. In the one that comes twice: the first.
        ("Europe/Berlin", ("02:30", "09:00"), "2027-03-28 00:59", "0:01", "2027-03-28 01:31"),
        ("Europe/Berlin", ("02:30", "09:00"), "2027-10-31 00:29", "0:01", "2027-10-31 00:31"),
        ("Europe/Berlin", ("02:30", "09:00"), "2027-10-31 01:30", "0:01", "2027-10-31 01:31"),
        # Closing in it.
        ("Europe/Berlin", ("01:00", "02:30"), "2027-03-28 00:00", "1:30", "2027-03-28 01:30"),
        ("Europe/Berlin", ("01:00", "02:30"), "2027-03-28 00:00", "1:31", "2027-03-28 23:01"),
        ("Europe/Berlin", ("01:00", "02:30"), "2027-10-30 23:00", "1:30", "2027-10-31 00:30"),
        ("Europe/Berlin", ("01:00", "02:30"), "2027-10-30 23:00", "1:31", "2027-11-01 00:01"),
        # All of the hours left out: there was no such working day.
        ("Europe/Berlin", ("02:30", "03:00"), "2027-03-28 00:00", "0:00", "2027-03-29 00:30"),
        # Half an hour; no midnight.
        ("Australia/Lord_Howe", ("01:30", "02:45"), "2027-10-02 15:00", "0:45", "2027-10-02 15:45"),
        ("Australia/Lord_Howe", ("01:30", "02:45"), "2027-10-02 15:00", "0:46", "2027-10-03 14:31"),
        ("America/Santiago", ("00:00", "02:00"), "2027-09-05 04:00", "1:00", "2027-09-05 05:00"),
        ("America/Santiago", ("00:00", "02:00"), "2027-09-05 03:59", "1:00", "2027-09-05 05:00"),
    ],
)
def test_hours_open_and_close_by_the_wall_clock_and_pass_as_they_do(
    zone: str, hours: tuple[str, str] | None, start: str, length: str, expected: str
) -> None:
    given = dict(zip(("start", "end"), hours, strict=True)) if hours else {}
    calendar = at_night(zone, **given)

    found = business_time_after(calendar, utc(start), length_of(length))

    assert found == utc(expected)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Tokyo"])
def test_an_instant_means_the_same_in_whatever_zone_it_is_written(zone: str) -> None:
    start = utc("2027-03-25 16:00").astimezone(ZoneInfo(zone))

    found = business_time_after(BERLIN, start, timedelta(hours=2))

    assert (found, found.tzinfo) == (utc("2027-03-30 08:00"), UTC)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2027-01-11 10:00", 0, "2027-01-11 10:00"),
        ("2027-01-11 10:00", 1, "2027-01-12 10:00"),
        ("2027-01-15 15:00", 1, "2027-01-18 15:00"),  # from Friday to Monday
        ("2027-01-15 15:00", 2, "2027-01-19 15:00"),
        ("2027-01-11 08:00", 5, "2027-01-18 08:00"),
        # Outside working hours: from the next opening on.
        ("2027-01-11 07:59", 1, "2027-01-12 08:00"),
        ("2027-01-11 17:00", 1, "2027-01-12 17:00"),  # as it closes is still that day
        ("2027-01-11 17:01", 0, "2027-01-12 08:00"),
        ("2027-01-11 17:01", 1, "2027-01-13 08:00"),
        ("2027-01-16 10:00", 0, "2027-01-18 08:00"),
        ("2027-01-16 10:00", 2, "2027-01-20 08:00"),
        # Holidays: Christmas, New Year's Day next to a weekend, Easter with the change to summer.
        ("2026-12-24 10:00", 1, "2026-12-28 10:00"),
        ("2026-12-31 10:00", 1, "2027-01-04 10:00"),
        ("2027-03-25 10:00", 1, "2027-03-30 09:00"),
        ("2027-03-25 10:00:59.5", 1, "2027-03-30 09:00:59.5"),
        ("2027-10-29 10:00", 1, "2027-11-01 11:00"),
        # Leap day.
        ("2028-02-28 10:00", 1, "2028-02-29 10:00"),
        ("2028-02-28 10:00", 2, "2028-03-01 10:00"),
    ],
)
def test_working_days_later_it_is_the_same_time_on_the_wall(
    start: str, days: int, expected: str
) -> None:
    assert business_days_after(BERLIN, utc(start), days) == utc(expected)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2027-03-26 01:30", "2027-03-28 01:30"),  # 02:30 is left out on Sunday: 03:30
        ("2027-10-29 00:30", "2027-10-31 00:30"),  # twice: the first
        ("2027-10-31 01:30", "2027-11-01 01:30"),  # from the second
    ],
)
def test_a_time_that_a_clock_change_leaves_out_or_repeats_is_found(
    start: str, expected: str
) -> None:
    calendar = at_night("Europe/Berlin", start="01:00", end="09:00")

    assert business_days_after(calendar, utc(start), 1) == utc(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-01-11 07:59", "2027-01-11 08:00"),
        ("2027-01-11 08:00", "2027-01-11 08:00"),
        ("2027-01-11 16:59", "2027-01-11 16:59"),
        ("2027-01-11 17:00", "2027-01-12 08:00"),  # nobody is written to as they leave
        ("2026-12-31 16:59", "2026-12-31 16:59"),
        ("2026-12-31 17:00", "2027-01-04 08:00"),
        ("2027-01-01 08:00", "2027-01-04 08:00"),
        ("2027-01-01 12:00", "2027-01-04 08:00"),
        ("2027-03-25 17:00", "2027-03-30 07:00"),
        ("2028-02-28 23:30", "2028-02-29 08:00"),
    ],
)
def test_who_may_not_be_written_to_on_a_holiday_may_be_after_it(now: str, expected: str) -> None:
    assert next_working_moment(BERLIN, utc(now)) == utc(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-25 22:59", "2026-11-25 22:59"),
        ("2026-11-25 23:00", "2026-11-27 14:00"),  # Thanksgiving
        ("2026-11-26 15:00", "2026-11-27 14:00"),
        ("2026-11-26 04:59", "2026-11-27 14:00"),  # Wednesday, a minute before midnight there
        ("2026-11-27 04:59", "2026-11-27 14:00"),
    ],
)
def test_a_holiday_is_a_day_of_the_reader_s_clock(now: str, expected: str) -> None:
    assert next_working_moment(NEW_YORK, utc(now)) == utc(expected)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2027-01-04", 0, "2027-01-04"),
        ("2027-01-04", 1, "2026-12-31"),  # over a weekend and the holiday beside it
        ("2027-01-05", 1, "2027-01-04"),
        ("2027-01-05", 2, "2026-12-31"),
        ("2027-01-01", 1, "2026-12-31"),  # from a holiday
        ("2027-03-30", 1, "2027-03-25"),
        ("2028-03-01", 1, "2028-02-29"),
        ("2028-03-01", 2, "2028-02-28"),
    ],
)
def test_counts_working_days_back_over_holidays(day: str, count: int, expected: str) -> None:
    found = working_days_before(BERLIN, date.fromisoformat(day), count)

    assert found == date.fromisoformat(expected)


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="forwards only"):
        business_time_after(BERLIN, utc("2027-01-11 12:00"), timedelta(seconds=-1))
    with pytest.raises(ValueError, match="forwards only"):
        business_days_after(BERLIN, utc("2027-01-11 12:00"), -1)
