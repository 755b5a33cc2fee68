"""Dates as people write them: what is certain, what is asked about, what is none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.dates.reader import read_date
from workflows.dates.reading import DateRules

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
        # As people type them, and as files hold them.
        ("12-Jan-2027", "2027-01-12"),
        ("2027/01/12", "2027-01-12"),
        ("12 Jan 27", "2027-01-12"),
        ("12 Jan '27", "2027-01-12"),
        ("15Feb2027", "2027-02-15"),
        ("20270112", "2027-01-12"),
        ("12 Feb 2027 (Fri)", "2027-02-12"),
        ("2027-01-10T00:00:00Z", "2027-01-10"),
        ("2027-01-12 00:00:00+00", "2027-01-12"),
        ("2026-12-01T09:00+01:00", "2026-12-01"),
        ("1/13/2027 3:04:05 PM", "2027-01-13"),
        ("2027-W05-3", "2027-02-03"),
        ("13/4", "2027-04-13"),  # only one reading is a date
        ("4/13", "2027-04-13"),
        ("4.1.2027", "2027-01-04"),
        ("Mon 04/01/27", "2027-01-04"),  # the first of April is a Thursday
        ("end of 2027", "2027-12-31"),
        ("EOW", "2026-11-27"),
        ("eom Feb", "2027-02-28"),
        ("Fri 5pm", "2026-11-27"),
        ("COB Friday", "2026-11-27"),
        ("by end of day Friday", "2026-11-27"),
        ("EOD", "2026-11-25"),
        ("tomorrow 9:00", "2026-11-26"),
        ("tomorrow morning", "2026-11-26"),
        ("by 5 March", "2027-03-05"),
        ("no later than 5 March", "2027-03-05"),
        ("w/c 1 March", "2027-03-01"),
        ("the 15th", "2026-12-15"),
        ("Monday the 30th", "2026-11-30"),
        ("5", "2026-12-05"),
        ("15th of next month", "2026-12-15"),
        ("mid Feb", "2027-02-15"),
        ("Monday week", "2026-12-07"),
        ("a week on Friday", "2026-12-04"),
        ("a week from Friday", "2026-12-04"),
        ("tomorrow week", "2026-12-03"),
        ("Monday of next week", "2026-11-30"),
        ("Monday after next", "2026-12-07"),
        ("in a fortnight", "2026-12-09"),
        ("in two weeks' time", "2026-12-09"),
        ("a couple of weeks", "2026-12-09"),
        ("3 wks", "2026-12-16"),
        ("in 10d", "2026-12-05"),
        ("in half a year", "2027-05-25"),
        ("in 5 working days", "2026-12-02"),
        ("two weeks after 1 March", "2027-03-15"),
        ("5 working days before the end of Q1", "2027-03-24"),
        ("last working day of January", "2027-01-29"),
        ("first working day of Q2", "2027-04-01"),
        ("last day of March", "2027-03-31"),
        ("first Monday in February", "2027-02-01"),
        ("third Tuesday of next month", "2026-12-15"),
        ("H1 2027", "2027-06-30"),
        ("second half of 2027", "2027-12-31"),
        ("Q1 27", "2027-03-31"),
        ("Q1/2027", "2027-03-31"),
        ("2027-Q1", "2027-03-31"),
        ("first quarter of 2027", "2027-03-31"),
        # In other words.
        ("12 janvier 2027", "2027-01-12"),
        ("1er février 2027", "2027-02-01"),
        ("12. Januar 2027", "2027-01-12"),
        ("12 de enero de 2027", "2027-01-12"),
        ("Mo 04.01.27", "2027-01-04"),
        ("Ende Q1", "2027-03-31"),
        ("Ende des Monats", "2026-11-30"),
        ("mi-mars", "2027-03-15"),
        ("übermorgen", "2026-11-27"),
        ("bis Freitag", "2026-11-27"),
        ("in drei Wochen", "2026-12-16"),
        ("2027年1月12日", "2027-01-12"),
        ("yesterday", "2026-11-24"),
        ("three days ago", "2026-11-22"),
        ("last Friday", "2026-11-20"),
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
        ("3/4", ["2027-03-04", "2027-04-03"]),
        ("3/12", ["2026-12-03", "2027-03-12"]),
        ("1.5", ["2027-01-05", "2027-05-01"]),
        ("12-01-2027", ["2027-01-12", "2027-12-01"]),
        ("27-01-12", ["2012-01-27", "2027-01-12"]),
        ("2027-W05", ["2027-02-01", "2027-02-05"]),
        ("week 5", ["2027-02-01", "2027-02-05"]),
        ("week of 3 March", ["2027-03-01", "2027-03-05"]),
        ("Jan-27", ["2027-01-01", "2027-01-27", "2027-01-31"]),
        ("2027", ["2027-01-01", "2027-12-31"]),
        ("01/2027", ["2027-01-01", "2027-01-31"]),
        ("late March 2027", ["2027-03-21", "2027-03-31"]),
        ("Monday or Tuesday", ["2026-11-30", "2026-12-01"]),
        ("the 25th", ["2026-11-25", "2026-12-25"]),
        # What has begun: the one that has passed, or the next.
        ("mid-November", ["2026-11-15", "2027-11-15"]),
        ("start of Q4", ["2026-10-01", "2027-10-01"]),
        ("start of the week", ["2026-11-23", "2026-11-30"]),
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
        "tomorrow 2027",
        "in many weeks",
        "0",
        "32",
        "9.30",  # rather a time
        "5pm",
        "H3 2027",
        "Monday to Friday",
        "FY27 Q2",  # while nobody says when the fiscal year begins
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


@pytest.mark.parametrize(
    ("start_month", "text", "day"),
    [
        (1, "FY27 Q2", "2027-06-30"),
        (10, "FY27 Q2", "2027-03-31"),  # it is named after the year that it ends in
        (4, "Q2 FY2027", "2026-09-30"),
        (7, "end of FY27", "2027-06-30"),
        (10, "H1 FY 2026/27", "2027-03-31"),
        (10, "end of the fiscal year", "2027-09-30"),
    ],
)
def test_a_fiscal_year_is_the_policy_s(start_month: int, text: str, day: str) -> None:
    rules = DateRules(fiscal_year_start_month=start_month)

    assert read_date(text, WEDNESDAY, rules).certain == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "today", "days"),
    [
        ("mid Feb", date(2027, 2, 15), ["2027-02-15"]),
        ("mid Feb", date(2027, 2, 20), ["2027-02-15", "2028-02-15"]),
        ("EOW", FRIDAY, ["2026-11-27"]),
        ("EOW", SATURDAY, ["2026-12-04"]),
    ],
)
def test_a_day_that_has_passed_is_never_certain(text: str, today: date, days: list[str]) -> None:
    assert read(text, today) == days


@given(
    st.sampled_from(["mid ", "start of ", "end of ", ""]),
    st.sampled_from(["Feb", "Q3", "H1", "the week", "the month", "15 May", "the 7th", "13/4"]),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)
def test_without_a_year_no_plan_lies_in_the_past(edge: str, name: str, today: date) -> None:
    certain = read_date(f"{edge}{name}", today).certain

    assert certain is None or certain >= today


def test_where_people_work_from_sunday_on_the_week_ends_on_thursday() -> None:
    rules = DateRules(working_days=frozenset((6, 0, 1, 2, 3)))

    assert read_date("in 5 working days", WEDNESDAY, rules).certain == date(2026, 12, 2)
    assert read_date("first working day of January", WEDNESDAY, rules).certain == date(2027, 1, 3)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("24 November", ["2026-11-24"]),
        ("26 November", ["2025-11-26"]),
        ("Friday", ["2026-11-20"]),
        ("Wednesday", ["2026-11-25"]),
        ("the 15th", ["2026-11-15"]),
        ("end of Q3", ["2026-09-30"]),
        ("3/4", ["2026-03-04", "2026-04-03"]),
    ],
)
def test_what_has_been_reached_is_looked_for_in_the_past(text: str, days: list[str]) -> None:
    rules = DateRules(is_back=True)

    assert [day.isoformat() for day in read_date(text, WEDNESDAY, rules).days] == days


def test_a_weekday_that_is_not_that_of_its_date_is_told() -> None:
    assert read_date("Friday 30 November", WEDNESDAY).contradicts == date(2026, 11, 30)
    assert read_date("5pm", WEDNESDAY).is_time


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
