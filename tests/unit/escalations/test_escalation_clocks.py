"""How long a level has, on the calendar of whoever is waited for."""

from datetime import UTC, datetime

import pytest

from tests.factories import a_calendar, a_person, a_policy
from workflows.escalations.clocks import after_working, calendar_for
from workflows.escalations.policy import WorkingSpan
from workflows.policy_document import read_policy

FOUR_HOURS, A_DAY, TWO_DAYS = WorkingSpan(hours=4), WorkingSpan(days=1), WorkingSpan(days=2)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "country", "since", "expected"),
    [
        # In Berlin, from nine to six.
        (FOUR_HOURS, None, "2026-11-23 08:00:00", "2026-11-23 12:00:00"),
        (FOUR_HOURS, None, "2026-11-23 12:59:59", "2026-11-23 16:59:59"),
        (FOUR_HOURS, None, "2026-11-23 13:00:00", "2026-11-23 17:00:00"),  # as the day ends
        (FOUR_HOURS, None, "2026-11-23 13:00:01", "2026-11-24 08:00:01"),
        (FOUR_HOURS, None, "2026-11-23 03:00:00", "2026-11-23 12:00:00"),  # at night
        (FOUR_HOURS, None, "2026-11-27 16:00:00", "2026-11-30 11:00:00"),  # Friday at five
        (FOUR_HOURS, None, "2027-03-26 16:00:00", "2027-03-29 10:00:00"),  # it is summer by then
        (FOUR_HOURS, "DE", "2027-03-25 16:00:00", "2027-03-30 10:00:00"),  # and Easter between
        (A_DAY, None, "2026-11-23 10:00:01", "2026-11-24 10:00:01"),
        (A_DAY, None, "2026-11-27 10:00:00", "2026-11-30 10:00:00"),
        (A_DAY, None, "2026-11-28 10:00:00", "2026-12-01 08:00:00"),  # from Monday's opening
        (A_DAY, None, "2027-03-26 10:00:00", "2027-03-29 09:00:00"),  # eleven by the wall
        (A_DAY, "DE", "2026-12-24 10:00:00", "2026-12-28 10:00:00"),
        (TWO_DAYS, "DE", "2026-12-23 10:00:00", "2026-12-28 10:00:00"),
    ],
)
def test_working_time_runs_on_the_calendar_of_whoever_is_waited_for(
    span: WorkingSpan, country: str | None, since: str, expected: str
) -> None:
    assert after_working(a_calendar(country=country), utc(since), span) == utc(expected)


def test_somebody_has_their_own_clock_and_country() -> None:
    document = read_policy(a_policy(calendar={"country": "US"}))
    person = a_person(timezone="Asia/Tokyo", country="JP")

    found = calendar_for(document, person)

    assert (str(found.zone), found.country) == ("Asia/Tokyo", "JP")


def test_where_nobody_is_waited_for_the_clock_is_that_of_the_call() -> None:
    document = read_policy(a_policy(calendar={"country": "US", "region": "NY"}))

    found = calendar_for(document, None)

    assert (str(found.zone), found.country, found.region) == ("America/New_York", "US", "NY")
