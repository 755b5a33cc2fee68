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
        ("4.1.2027", "2027-01-04"),  # with dots the day is first
        ("13/4", "2027-04-13"),  # only one reading is a date
        ("12-Jan-2027", "2027-01-12"),
        ("in a fortnight", "2026-12-07"),
        ("for two weeks", "2026-12-07"),
        ("in 5 working days", "2026-11-30"),
        ("Monday week", "2026-12-07"),
        ("EOW", "2026-11-27"),
        ("COB Friday", "2026-11-27"),
        ("until next week", "2026-11-30"),  # until it begins
        ("until December", "2026-12-01"),
        ("till the end of the month", "2026-11-30"),
        ("23 November 2027", "2027-11-23"),
    ],
)
def test_reads_the_day_that_is_to_come(text: str, expected: str) -> None:
    assert read_day(text, MONDAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon", "2026-11-30"),  # said on a Monday
        ("Tues", "2026-11-24"),
        ("sun", "2026-11-29"),
        ("on Monday", "2026-11-30"),
        ("next Monday", "2026-11-30"),
        ("this Friday", "2026-11-27"),
        ("Monday.", "2026-11-30"),
        ("Monday 9am", "2026-11-30"),
        ("Monday at 17:00.", "2026-11-30"),
        ("9 a.m. Monday", "2026-11-30"),
        ("tomorrow", "2026-11-24"),
        ("Tomorrow, 9:30 am", "2026-11-24"),
        ("Monday, 30 November", "2026-11-30"),
        ("Monday the 30th", "2026-11-30"),
        ("5th of December.", "2026-12-05"),
        ("Nov. 27", "2026-11-27"),
        ("27.11.2026", "2026-11-27"),
        ("27 November 5pm", "2026-11-27"),
        ("2026-12-01 17:00", "2026-12-01"),
        ("2026-12-01T09:00+01:00", "2026-12-01"),
    ],
)
def test_reads_the_day_however_people_say_it(text: str, expected: str) -> None:
    assert read_day(text, MONDAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        ("2026-11-23", "24", "2026-11-24"),
        ("2026-11-23", "23", "2026-12-23"),  # today is not ahead
        ("2026-11-23", "5", "2026-12-05"),
        ("2026-11-23", "1st", "2026-12-01"),
        ("2026-11-23", "the 12th", "2026-12-12"),
        ("2026-11-23", "on the 1st at 5pm", "2026-12-01"),
        ("2026-11-23", "31", "2026-12-31"),  # November has none
        ("2026-12-31", "1", "2027-01-01"),
        ("2027-01-30", "30", "2027-03-30"),  # February has none
        ("2027-01-30", "29", "2027-03-29"),
        ("2028-01-30", "29", "2028-02-29"),  # in a leap year it has
        ("2028-02-29", "29th", "2028-03-29"),
    ],
)
def test_a_day_of_the_month_is_the_next_of_that_number(
    today: str, text: str, expected: str
) -> None:
    assert read_day(text, date.fromisoformat(today)) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        ("2026-11-22", "23 November", "2026-11-23"),
        ("2026-11-24", "23 November", "2027-11-23"),
        ("2027-03-01", "29 February", "2028-02-29"),  # not a year away any more
        ("2028-02-28", "Feb 29", "2028-02-29"),
        ("2027-11-01", "29 February 2028", "2028-02-29"),
    ],
)
def test_a_day_without_its_year_is_the_next_of_its_name(
    today: str, text: str, expected: str
) -> None:
    assert read_day(text, date.fromisoformat(today)) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3/12", ["2026-12-03", "2027-03-12"]),
        ("until 1.5", ["2027-01-05", "2027-05-01"]),
        ("next Friday", ["2026-11-27", "2026-12-04"]),
        ("next week", ["2026-11-30", "2026-12-05"]),  # until it begins, or the whole of it
        ("2027-W05", ["2027-02-01", "2027-02-06"]),
        ("12/01/27", ["2027-01-12"]),  # the other one is more than a year away
    ],
)
def test_what_can_be_several_days_is_asked_about(text: str, days: list[str]) -> None:
    try:
        found: tuple[date, ...] = (read_day(text, MONDAY),)
    except DateUnreadableError as error:
        assert "Which one are you back on?" in str(error)
        assert "“until" not in str(error)
        found = error.days

    assert [day.isoformat() for day in found] == days


@pytest.mark.parametrize(
    ("text", "meant"),
    [("tommorw", "tomorrow"), ("until Firday", "until Friday"), ("5 Decembre r", "")],
)
def test_a_misspelled_day_gets_the_closest(text: str, meant: str) -> None:
    with pytest.raises(DateUnreadableError) as raised:
        read_day(text, MONDAY)

    assert ("Did you mean “" in str(raised.value)) == bool(meant)
    assert meant in str(raised.value)


@pytest.mark.parametrize("text", ["yesterday", "soon", "5pm", "1 May 2020", "in 3 years"])
def test_whoever_names_no_day_ahead_is_offered_some(text: str) -> None:
    with pytest.raises(DateUnreadableError) as raised:
        read_day(text, MONDAY)

    assert [day.isoformat() for day in raised.value.days] == [
        "2026-11-24",
        "2026-11-30",
        "2026-12-07",
    ]


@pytest.mark.parametrize("today", ["2027-02-27", "2028-03-01"])
def test_a_29_february_of_another_year_is_more_than_a_year_ahead(today: str) -> None:
    with pytest.raises(DateUnreadableError, match=r"29 February 20(28|32) is more than a year"):
        read_day("29 February", date.fromisoformat(today))


@pytest.mark.parametrize("text", ["5pm", "5 p.m.", "17:00", "at 17:00.", "9h", "9:30 am"])
def test_a_time_without_a_day_is_asked_about(text: str) -> None:
    with pytest.raises(DateUnreadableError, match=r"is a time\. Which day .* Try “Monday”"):
        read_day(text, MONDAY)


@pytest.mark.parametrize("text", ["Friday 30 November", "Monday 5", "tomorrow, Friday"])
def test_a_weekday_that_is_not_that_of_its_date_is_asked_about(text: str) -> None:
    with pytest.raises(DateUnreadableError, match="Which day do you mean"):
        read_day(text, MONDAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "the",
        "31 February",
        "29 February 2027",
        "0",
        "32",
        "17.00",  # a time, or a day of any month
        "Monday to Friday",
        "99999999999999999999",
        "<!channel>",
    ],
)
def test_says_what_it_can_read(text: str) -> None:
    with pytest.raises(DateUnreadableError, match=r"can't read .* Try “Monday”"):
        read_day(text, MONDAY)


@pytest.mark.parametrize("text", ["2026-11-23", "1 November 2026", "2025-12-01"])
def test_a_day_that_is_not_ahead_is_refused(text: str) -> None:
    with pytest.raises(DateUnreadableError, match=r"(is today|has passed)\. Which day"):
        read_day(text, MONDAY)


def test_a_day_more_than_a_year_ahead_is_refused() -> None:
    assert read_day("2027-11-24", MONDAY) == date(2027, 11, 24)

    with pytest.raises(DateUnreadableError, match="more than a year"):
        read_day("2027-11-25", MONDAY)
