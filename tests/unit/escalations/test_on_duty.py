"""Who of the CoE is on duty: a week each, handed over at a wall-clock time of a zone."""

from datetime import UTC, datetime

import pytest

from workflows.escalations.rules import Rotation
from workflows.escalations.standing import on_duty

FIRST, SECOND, THIRD = "U0FIRST", "U0SECOND", "U0THIRD"


def rotation(
    starting: str, handover: str = "09:00", zone: str = "Europe/Berlin", count: int = 3
) -> Rotation:
    people = (FIRST, SECOND, THIRD)[:count]
    facts = {"people": people, "starting": starting, "handover_time": handover, "timezone": zone}
    return Rotation.model_validate(facts)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-02-28 12:00:00", None),
        ("2027-03-01 07:59:59", None),  # a second before it begins
        ("2027-03-01 08:00:00", FIRST),
        ("2027-03-08 07:59:59", FIRST),
        ("2027-03-08 08:00:00", SECOND),
        ("2027-03-15 07:59:59", SECOND),
        ("2027-03-15 08:00:00", THIRD),
        ("2027-03-22 07:59:59", THIRD),
        ("2027-03-22 08:00:00", FIRST),  # and from the beginning
        # The clocks are set forward on 28 March: nine is an hour of UTC earlier.
        ("2027-03-29 06:59:59", FIRST),
        ("2027-03-29 07:00:00", SECOND),
        ("2027-11-01 07:59:59", SECOND),  # and back on 31 October
        ("2027-11-01 08:00:00", THIRD),
        ("2028-02-28 08:00:00", SECOND),  # 52 weeks: 52 = 17 times 3, and one
    ],
)
def test_duty_is_handed_over_weekly_to_the_second(now: str, expected: str | None) -> None:
    assert on_duty(rotation("2027-03-01"), utc(now)) == expected


@pytest.mark.parametrize(
    ("zone", "handover", "last_moment", "first_moment"),
    [
        ("Pacific/Auckland", "09:00", "2027-03-07 19:59:59", "2027-03-07 20:00:00"),
        ("America/New_York", "17:30", "2027-03-08 22:29:59", "2027-03-08 22:30:00"),
        ("Asia/Kathmandu", "00:00", "2027-03-07 18:14:59", "2027-03-07 18:15:00"),
        ("America/New_York", "23:59", "2027-03-09 04:58:59", "2027-03-09 04:59:00"),
    ],
)
def test_the_handover_is_at_the_time_of_its_zone(
    zone: str, handover: str, last_moment: str, first_moment: str
) -> None:
    weekly = rotation("2027-03-01", handover, zone)

    assert on_duty(weekly, utc(last_moment)) == FIRST
    assert on_duty(weekly, utc(first_moment)) == SECOND


@pytest.mark.parametrize(
    ("starting", "last_moment", "first_moment"),
    [
        ("2027-03-21", "2027-03-28 01:29:59", "2027-03-28 01:30:00"),  # left out: half past three
        ("2027-10-24", "2027-10-31 00:29:59", "2027-10-31 00:30:00"),  # comes twice: the first
    ],
)
def test_a_handover_in_the_night_of_a_clock_change_happens_once(
    starting: str, last_moment: str, first_moment: str
) -> None:
    weekly = rotation(starting, "02:30")

    assert on_duty(weekly, utc(last_moment)) == FIRST
    assert on_duty(weekly, utc(first_moment)) == SECOND
    hour_later = first_moment.replace("01:30", "02:30").replace("00:30", "01:30")
    assert on_duty(weekly, utc(hour_later)) == SECOND


def test_one_alone_is_always_on_duty() -> None:
    alone = rotation("2027-03-01", zone="UTC", count=1)

    days = ["2027-03-01 09:00", "2027-03-08 09:00", "2030-01-01 00:00"]

    assert {on_duty(alone, utc(now)) for now in days} == {FIRST}
