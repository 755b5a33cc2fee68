from datetime import date

import pytest

from workflows.away import read_day
from workflows.errors import DateUnreadableError

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Friday", "2026-11-27"),
        ("monday", "2026-11-30"),  # said on a Monday
        ("27 November", "2026-11-27"),
        ("Nov 27", "2026-11-27"),
        ("2026-12-01", "2026-12-01"),
        ("1 December 2026", "2026-12-01"),
        ("2 January", "2027-01-02"),  # the one to come
        ("12/1", "2026-12-01"),  # month first
        ("23 November 2027", "2027-11-23"),
    ],
)
def test_reads_the_day_that_is_to_come(text: str, expected: str) -> None:
    assert read_day(text, MONDAY) == date.fromisoformat(expected)


@pytest.mark.parametrize("text", ["", "soon", "31 February", "99999999999999999999", "<!channel>"])
def test_says_what_it_can_read(text: str) -> None:
    with pytest.raises(DateUnreadableError, match="Try “Monday”"):
        read_day(text, MONDAY)


@pytest.mark.parametrize("text", ["2026-11-23", "1 November 2026", "2025-12-01"])
def test_a_day_that_is_not_ahead_is_refused(text: str) -> None:
    with pytest.raises(DateUnreadableError, match="not ahead of you"):
        read_day(text, MONDAY)


def test_a_day_more_than_a_year_ahead_is_refused() -> None:
    assert read_day("2027-11-24", MONDAY) == date(2027, 11, 24)

    with pytest.raises(DateUnreadableError, match="more than a year"):
        read_day("2027-11-25", MONDAY)
