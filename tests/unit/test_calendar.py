from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tests.factories import a_policy
from workflows.calendar import at_wall_time, next_working_moment, working_days_before
from workflows.policy_document import read_policy

DOCUMENT = read_policy(a_policy())


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "wall_time", "expected"),
    [
        ("America/New_York", "2026-03-06", "09:00", "2026-03-06 14:00"),  # winter
        ("America/New_York", "2026-03-09", "09:00", "2026-03-09 13:00"),  # after the change
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08 07:30"),  # left out: 03:30
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01 05:30"),  # twice: the first
        ("Australia/Sydney", "2026-10-05", "09:00", "2026-10-04 22:00"),  # southern summer
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03 15:45"),  # half an hour's gap
        ("Asia/Kathmandu", "2026-11-23", "09:00", "2026-11-23 03:15"),  # 45 minutes
        ("Europe/London", "2028-02-29", "09:00", "2028-02-29 09:00"),  # leap day
        ("Pacific/Kiritimati", "2027-01-01", "09:00", "2026-12-31 19:00"),  # year end
    ],
)
def test_nine_o_clock_stays_nine_o_clock(
    zone: str, day: str, wall_time: str, expected: str
) -> None:
    instant = at_wall_time(date.fromisoformat(day), time.fromisoformat(wall_time), ZoneInfo(zone))

    assert instant == utc(expected)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-11-25", 1, "2026-11-24"),
        ("2026-11-25", 2, "2026-11-23"),
        ("2026-11-25", 3, "2026-11-20"),  # over a weekend
        ("2026-11-23", 1, "2026-11-20"),
        ("2026-11-22", 1, "2026-11-20"),  # from a Sunday
        ("2027-01-01", 1, "2026-12-31"),
    ],
)
def test_counts_working_days_back(day: str, count: int, expected: str) -> None:
    found = working_days_before(DOCUMENT, date.fromisoformat(day), count)

    assert found == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 13:59", "2026-11-23 14:00"),  # a minute before nine in New York
        ("2026-11-23 14:00", "2026-11-23 14:00"),
        ("2026-11-23 22:59", "2026-11-23 22:59"),  # a minute before six
        ("2026-11-23 23:00", "2026-11-24 14:00"),
        ("2026-11-27 23:00", "2026-11-30 14:00"),  # Friday evening waits for Monday
        ("2026-11-28 15:00", "2026-11-30 14:00"),
    ],
)
def test_waits_for_working_hours(now: str, expected: str) -> None:
    found = next_working_moment(DOCUMENT, utc(now), ZoneInfo("America/New_York"))

    assert found == utc(expected)
