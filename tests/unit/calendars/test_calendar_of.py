"""Whose calendar somebody keeps, and which of its days are worked."""

from datetime import date

import pytest

from tests.factories import a_calendar, a_person, a_policy
from workflows.calendars.calendar import calendar_of, is_working_day
from workflows.policy_document import read_policy

EVERY_DAY = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
SUNDAY_TO_THURSDAY = ["sunday", *EVERY_DAY[:4]]


@pytest.mark.parametrize(
    ("country", "region", "day", "is_worked"),
    [
        (None, None, "2027-01-01", True),  # nobody has said whose holidays there are
        ("DE", None, "2026-12-31", True),
        ("DE", None, "2027-01-01", False),  # a Friday next to a weekend
        ("DE", None, "2027-01-02", False),
        ("DE", None, "2027-01-03", False),
        ("DE", None, "2027-01-04", True),
        ("DE", None, "2027-01-06", True),
        ("DE", "BY", "2027-01-06", False),
        ("US", None, "2027-07-02", True),
        ("US", None, "2027-07-05", False),  # the fourth is a Sunday
        ("US", None, "2027-07-06", True),
        ("DE", None, "2028-02-28", True),
        ("DE", None, "2028-02-29", True),  # leap day
        ("DE", None, "2028-03-01", True),
        ("CN", None, "2026-02-13", True),
        ("CN", None, "2026-02-14", True),  # a Saturday that is worked before a week of holidays
        ("CN", None, "2026-02-15", False),
        ("CN", None, "2026-02-17", False),
        ("CN", None, "2026-02-21", False),
    ],
)
def test_a_day_is_worked_unless_it_is_of_the_weekend_or_a_public_holiday(
    country: str | None, region: str | None, day: str, is_worked: bool
) -> None:
    calendar = a_calendar(country=country, region=region)

    assert is_working_day(calendar, date.fromisoformat(day)) is is_worked


@pytest.mark.parametrize(
    ("of_policy", "of_person", "expected"),
    [
        ({}, (None, None), (None, None)),
        ({"country": "DE", "region": "BY"}, (None, None), ("DE", "BY")),
        ({}, ("US", "CA"), ("US", "CA")),
        ({"country": "DE", "region": "BY"}, ("US", None), ("US", None)),
        ({"country": "DE", "region": "BY"}, ("DE", None), ("DE", None)),
    ],
)
def test_a_country_and_its_region_are_somebody_s_own_or_else_the_policy_s(
    of_policy: dict[str, str],
    of_person: tuple[str | None, str | None],
    expected: tuple[str | None, str | None],
) -> None:
    country, region = of_person

    calendar = calendar_of(
        read_policy(a_policy(calendar=of_policy)), a_person(country=country, region=region)
    )

    assert (calendar.country, calendar.region) == expected


def test_zone_is_the_person_s_and_hours_are_the_policy_s() -> None:
    document = read_policy(a_policy(working_hours={"start": "08:00", "end": "16:00"}))

    calendar = calendar_of(document, a_person(timezone="Asia/Tokyo"))

    assert calendar == a_calendar("Asia/Tokyo", working_hours={"start": "08:00", "end": "16:00"})


@pytest.mark.parametrize(
    ("policy", "country", "expected"),
    [
        # The policy's days, where nobody has said where they live, or nothing contradicts them.
        ({}, None, EVERY_DAY[:5]),
        ({}, "DE", EVERY_DAY[:5]),
        ({"working_days": EVERY_DAY[:4]}, "DE", EVERY_DAY[:4]),
        ({"working_days": EVERY_DAY[:4]}, "IL", EVERY_DAY[:4]),
        ({}, "HK", EVERY_DAY[:5]),  # its weekend is Sunday alone: no reason to work on Saturday
        # Friday and Saturday are free there.
        ({}, "IL", SUNDAY_TO_THURSDAY),
        ({}, "SA", SUNDAY_TO_THURSDAY),
        ({"calendar": {"country": "US"}}, "IL", SUNDAY_TO_THURSDAY),
        ({}, "BN", [*EVERY_DAY[:4], "saturday"]),  # Friday and Sunday
        # The other way round: a company of Tel Aviv with somebody in Berlin.
        ({"working_days": SUNDAY_TO_THURSDAY, "calendar": {"country": "IL"}}, "DE", EVERY_DAY[:5]),
        ({"working_days": SUNDAY_TO_THURSDAY, "calendar": {"country": "IL"}}, "SA", None),
        # Who has people at home work on Saturdays has others work on them, too, where it is alike.
        ({"working_days": EVERY_DAY[:6], "calendar": {"country": "US"}}, "DE", EVERY_DAY[:6]),
        ({"working_days": EVERY_DAY[:6], "calendar": {"country": "US"}}, "US", EVERY_DAY[:6]),
        ({"working_days": EVERY_DAY[:6]}, "DE", EVERY_DAY[:5]),  # of nowhere: DE has its weekend
    ],
)
def test_the_week_is_the_policy_s_unless_it_has_people_work_on_their_country_s_weekend(
    policy: dict[str, object], country: str | None, expected: list[str] | None
) -> None:
    document = read_policy(a_policy(**policy))

    calendar = calendar_of(document, a_person(country=country))

    assert sorted(calendar.working_days) == sorted(expected or document.working_days)


def test_a_country_that_is_known_no_longer_is_worked_in_by_the_policy_s_week() -> None:
    calendar = calendar_of(read_policy(a_policy()), a_person(country="ZZ", region="1"))

    assert calendar.working_days == set(EVERY_DAY[:5])
    assert is_working_day(calendar, date(2027, 1, 1))
