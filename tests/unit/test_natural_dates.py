"""Dates as people write them: what is certain, what is asked about, what is none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.natural_dates import read_date

WEDNESDAY = date(2026, 11, 25)
FRIDAY = date(2026, 11, 27)
SATURDAY = date(2026, 11, 28)


def read(text: str, today: date = WEDNESDAY) -> list[str]:
    return [day.isoformat() for day in read_date(text, today).days]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-31", "2027-03-31"),
        ("31 March 2027", "2027-03-31"),
        ("31st of March, 2027", "2027-03-31"),
        ("Mar 31, 2027", "2027-03-31"),
        ("by Wed 31 March", "2027-03-31"),
        ("25 November", "2026-11-25"),  # today counts
        ("24 November", "2027-11-24"),
        ("29 Feb", "2028-02-29"),
        ("31.03.2027", "2027-03-31"),
        ("31.3.", "2027-03-31"),
        ("13/4/2027", "2027-04-13"),
        ("4/13/27", "2027-04-13"),
        ("4/4/2027", "2027-04-04"),
        ("today", "2026-11-25"),
        ("tomorrow", "2026-11-26"),
        ("in three weeks", "2026-12-16"),
        ("In 10 Days", "2026-12-05"),
        ("in a month", "2026-12-25"),
        ("in three months", "2027-02-25"),
        ("two weeks from Monday", "2026-12-14"),
        ("3 weeks from now", "2026-12-16"),
        ("Friday", "2026-11-27"),
        ("on tuesday", "2026-12-01"),
        ("this Friday", "2026-11-27"),
        ("this Monday", "2026-11-30"),
        ("next Monday", "2026-11-30"),
        ("end of Q1", "2027-03-31"),
        ("end of Q4", "2026-12-31"),
        ("the end of Q3 2026", "2026-09-30"),
        ("start of Q2", "2027-04-01"),
        ("mid-March", "2027-03-15"),
        ("end of February 2028", "2028-02-29"),
        ("end of the month", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("end of the quarter", "2026-12-31"),
        ("end of next quarter", "2027-03-31"),
        ("end of the year", "2026-12-31"),
        ("end of this week", "2026-11-27"),
        ("EOM", "2026-11-30"),
        ("EOQ", "2026-12-31"),
        ("eoy", "2026-12-31"),
    ],
)
def test_what_is_certain(text: str, day: str) -> None:
    assert read(text) == [day]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3/4/2027", ["2027-03-04", "2027-04-03"]),
        ("next Friday", ["2026-11-27", "2026-12-04"]),
        ("Wednesday", ["2026-11-25", "2026-12-02"]),
        ("Q1", ["2027-01-01", "2027-03-31"]),
        ("March 2027", ["2027-03-01", "2027-03-31"]),
        ("next week", ["2026-11-30", "2026-12-04"]),
        ("next month", ["2026-12-01", "2026-12-31"]),
    ],
)
def test_what_can_mean_two_days_is_asked_about(text: str, days: list[str]) -> None:
    assert read(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "29 February 2027",
        "31 April",
        "Monday 31 March 2027",  # a Wednesday
        "13/13/2027",
        "2027-02-29",
        "31.03.1979",
        "2101-01-01",
        "tomorrow 9:00",
        "in many weeks",
        "5",
        "May 32",
        "x" * 101,
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert read(text) == []


def test_next_friday_is_certain_from_a_friday_on() -> None:
    assert read("next Friday", FRIDAY) == ["2026-12-04"]
    assert read("next Friday", SATURDAY) == ["2026-12-04"]
    assert read("next Friday", FRIDAY - timedelta(days=1)) == ["2026-11-27", "2026-12-04"]


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2027, 3, 31), "2027-03-31"),
        (date(2027, 4, 1), "2028-03-31"),
    ],
)
def test_the_end_of_a_quarter_is_its_last_day_until_that_has_passed(today: date, day: str) -> None:
    assert read("end of Q1", today) == [day]


@pytest.mark.parametrize(
    ("today", "day"), [(date(2027, 1, 31), "2027-02-28"), (date(2028, 1, 31), "2028-02-29")]
)
def test_a_month_from_a_31st_ends_with_the_month(today: date, day: str) -> None:
    assert read("in a month", today) == [day]


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_every_day_reads_back_as_itself(day: date, today: date) -> None:
    for text in (
        day.isoformat(),
        f"{day.day} {day:%B} {day.year}",
        f"{day:%A} {day.day} {day:%b} {day.year}",
        f"{day.day}.{day.month}.{day.year}",
    ):
        assert read_date(text, today).certain == day


@given(st.text(max_size=120), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_no_text_breaks_it(text: str, today: date) -> None:
    read_date(text, today)
