"""Tables of instants: when people are asked, wherever they live and whatever their clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.factories import a_policy
from workflows.calendar import next_working_moment
from workflows.policy_document import PolicyDocument, read_policy
from workflows.policy_shapes import Weekday
from workflows.rounds.policy import ask_at, next_call_on, round_times

# The call is on Wednesdays at 15:00 in New York: 20:00 UTC in winter, 19:00 in summer.
DOCUMENT = read_policy(a_policy())


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def asked(document: PolicyDocument, call_on: str, zone: str) -> tuple[datetime, datetime]:
    """When somebody is prompted and when they are reminded."""
    call_at = round_times(document, date.fromisoformat(call_on)).call_at
    return (
        ask_at(document, "prompt", call_at, ZoneInfo(zone)),
        ask_at(document, "reminder", call_at, ZoneInfo(zone)),
    )


@pytest.mark.parametrize(
    ("zone", "call_on", "prompt", "reminder"),
    [
        ("America/New_York", "2027-03-10", "2027-03-08 14:00", "2027-03-09 14:00"),
        ("America/New_York", "2027-03-17", "2027-03-15 13:00", "2027-03-16 13:00"),
        ("America/New_York", "2027-11-03", "2027-11-01 13:00", "2027-11-02 13:00"),
        ("America/New_York", "2027-11-10", "2027-11-08 14:00", "2027-11-09 14:00"),
        ("Europe/Berlin", "2027-03-24", "2027-03-22 08:00", "2027-03-23 08:00"),
        ("Europe/Berlin", "2027-03-31", "2027-03-29 07:00", "2027-03-30 07:00"),
        ("Europe/Berlin", "2027-10-27", "2027-10-25 07:00", "2027-10-26 07:00"),
        ("Europe/Berlin", "2027-11-03", "2027-11-01 08:00", "2027-11-02 08:00"),
        # From here on the seasons are the other way round.
        ("America/Santiago", "2027-03-31", "2027-03-29 12:00", "2027-03-30 12:00"),
        ("America/Santiago", "2027-04-07", "2027-04-05 13:00", "2027-04-06 13:00"),
        ("America/Santiago", "2027-09-01", "2027-08-30 13:00", "2027-08-31 13:00"),
        ("America/Santiago", "2027-09-08", "2027-09-06 12:00", "2027-09-07 12:00"),
        # Where the call is on Thursday, people are asked on Tuesday and Wednesday.
        ("Australia/Sydney", "2027-03-31", "2027-03-29 22:00", "2027-03-30 22:00"),
        ("Australia/Sydney", "2027-04-07", "2027-04-05 23:00", "2027-04-06 23:00"),
        ("Australia/Sydney", "2027-09-29", "2027-09-27 23:00", "2027-09-28 23:00"),
        ("Australia/Sydney", "2027-10-06", "2027-10-04 22:00", "2027-10-05 22:00"),
        ("Australia/Lord_Howe", "2027-03-31", "2027-03-29 22:00", "2027-03-30 22:00"),
        ("Australia/Lord_Howe", "2027-04-07", "2027-04-05 22:30", "2027-04-06 22:30"),
        ("Australia/Lord_Howe", "2027-09-29", "2027-09-27 22:30", "2027-09-28 22:30"),
        ("Australia/Lord_Howe", "2027-10-06", "2027-10-04 22:00", "2027-10-05 22:00"),
        ("Pacific/Chatham", "2027-03-31", "2027-03-29 19:15", "2027-03-30 19:15"),
        ("Pacific/Chatham", "2027-04-07", "2027-04-05 20:15", "2027-04-06 20:15"),
        ("Pacific/Chatham", "2027-09-22", "2027-09-20 20:15", "2027-09-21 20:15"),
        ("Pacific/Chatham", "2027-09-29", "2027-09-27 19:15", "2027-09-28 19:15"),
        # No clock changes here, whatever the call's does.
        ("Asia/Kathmandu", "2027-03-10", "2027-03-09 03:15", "2027-03-10 03:15"),
        ("Asia/Kathmandu", "2027-03-17", "2027-03-16 03:15", "2027-03-17 03:15"),
        ("Pacific/Apia", "2027-03-10", "2027-03-08 20:00", "2027-03-09 20:00"),
        ("Pacific/Apia", "2027-03-17", "2027-03-15 20:00", "2027-03-16 20:00"),
        # For Kabul the call is on Thursday at 00:30, and in New York's summer on Wednesday.
        ("Asia/Kabul", "2027-03-10", "2027-03-09 04:30", "2027-03-10 04:30"),
        ("Asia/Kabul", "2027-03-17", "2027-03-15 04:30", "2027-03-16 04:30"),
    ],
)
def test_complaint_5_nine_stays_nine_before_and_after_each_change(
    zone: str, call_on: str, prompt: str, reminder: str
) -> None:
    assert asked(DOCUMENT, call_on, zone) == (utc(prompt), utc(reminder))


@pytest.mark.parametrize(
    ("weekday", "zone", "call_on", "prompt", "reminder"),
    [
        ("wednesday", "Europe/Berlin", "2028-03-01", "2028-02-28 08:00", "2028-02-29 08:00"),
        ("wednesday", "Asia/Tokyo", "2028-03-01", "2028-02-29 00:00", "2028-03-01 00:00"),
        ("tuesday", "America/New_York", "2028-02-29", "2028-02-25 14:00", "2028-02-28 14:00"),
        ("thursday", "America/New_York", "2028-03-02", "2028-02-29 14:00", "2028-03-01 14:00"),
        ("wednesday", "America/New_York", "2027-03-03", "2027-03-01 14:00", "2027-03-02 14:00"),
        ("friday", "America/New_York", "2027-01-01", "2026-12-30 14:00", "2026-12-31 14:00"),
        ("friday", "Asia/Kathmandu", "2027-01-01", "2026-12-31 03:15", "2027-01-01 03:15"),
        ("friday", "Pacific/Apia", "2027-01-01", "2026-12-30 20:00", "2026-12-31 20:00"),
        ("monday", "Pacific/Chatham", "2027-01-04", "2026-12-31 19:15", "2027-01-03 19:15"),
    ],
)
def test_days_are_counted_over_a_29_february_and_the_end_of_a_year(
    weekday: str, zone: str, call_on: str, prompt: str, reminder: str
) -> None:
    call = {"weekday": weekday, "time": "15:00", "timezone": "America/New_York"}

    assert asked(read_policy(a_policy(call=call)), call_on, zone) == (utc(prompt), utc(reminder))


@pytest.mark.parametrize(
    ("zone", "sunday", "prompt_time", "expected"),
    [
        ("Europe/Berlin", "2027-03-28", "01:59", "2027-03-28 00:59"),
        ("Europe/Berlin", "2027-03-28", "02:00", "2027-03-28 01:00"),  # left out: 03:00
        ("Europe/Berlin", "2027-03-28", "02:30", "2027-03-28 01:30"),  # left out: 03:30
        ("Europe/Berlin", "2027-03-28", "03:00", "2027-03-28 01:00"),
        ("Europe/Berlin", "2027-10-31", "01:59", "2027-10-30 23:59"),
        ("Europe/Berlin", "2027-10-31", "02:00", "2027-10-31 00:00"),  # twice: the first
        ("Europe/Berlin", "2027-10-31", "02:59", "2027-10-31 00:59"),
        ("Europe/Berlin", "2027-10-31", "03:00", "2027-10-31 02:00"),
        ("America/New_York", "2027-03-14", "02:30", "2027-03-14 07:30"),
        ("America/New_York", "2027-11-07", "01:30", "2027-11-07 05:30"),
        ("Australia/Sydney", "2027-10-03", "02:30", "2027-10-02 16:30"),
        ("Australia/Sydney", "2027-04-04", "02:30", "2027-04-03 15:30"),
        ("America/Santiago", "2027-09-05", "00:30", "2027-09-05 04:30"),  # no midnight that day
        ("America/Santiago", "2027-04-03", "23:30", "2027-04-04 02:30"),
        ("Australia/Lord_Howe", "2027-10-03", "02:15", "2027-10-02 15:45"),  # half an hour
        ("Australia/Lord_Howe", "2027-04-04", "01:45", "2027-04-03 14:45"),
        ("Pacific/Chatham", "2027-09-26", "03:00", "2027-09-25 14:15"),  # 02:45 became 03:45
        ("Pacific/Chatham", "2027-04-04", "03:00", "2027-04-03 13:15"),
    ],
)
def test_complaint_5_an_hour_left_out_moves_on_and_one_that_comes_twice_is_its_first(
    zone: str, sunday: str, prompt_time: str, expected: str
) -> None:
    call_on = date.fromisoformat(sunday) + timedelta(days=2)
    document = read_policy(
        a_policy(
            call={"weekday": str(Weekday.of(call_on)), "time": "15:00", "timezone": zone},
            working_days=list(map(str, Weekday)),
            round={"prompt_time": prompt_time},
        )
    )

    prompt, _ = asked(document, str(call_on), zone)

    assert prompt == utc(expected)


@pytest.mark.parametrize(
    ("time", "call_on", "opens", "closes", "call"),
    [
        ("15:00", "2027-03-28", "2027-03-24 23:00", "2027-03-28 12:00", "2027-03-28 13:00"),
        ("02:30", "2027-03-28", "2027-03-24 23:00", "2027-03-28 00:30", "2027-03-28 01:30"),
        ("03:30", "2027-03-28", "2027-03-24 23:00", "2027-03-28 00:30", "2027-03-28 01:30"),
        ("02:30", "2027-10-31", "2027-10-27 22:00", "2027-10-30 23:30", "2027-10-31 00:30"),
        ("03:30", "2027-10-31", "2027-10-27 22:00", "2027-10-31 01:30", "2027-10-31 02:30"),
    ],
)
def test_an_hour_before_the_call_is_sixty_minutes_in_the_night_of_a_change(
    time: str, call_on: str, opens: str, closes: str, call: str
) -> None:
    document = read_policy(
        a_policy(
            call={"weekday": "sunday", "time": time, "timezone": "Europe/Berlin"},
            working_days=["wednesday", "thursday", "friday", "saturday", "sunday"],
        )
    )

    times = round_times(document, date.fromisoformat(call_on))

    assert (times.opens_at, times.closes_at) == (utc(opens), utc(closes))
    assert times.call_at == utc(call)


@pytest.mark.parametrize(
    ("after", "last_on", "expected"),
    [
        ("2026-12-30 19:59", None, "2026-12-30"),
        ("2026-12-30 20:00", None, "2027-01-06"),
        ("2026-12-30 19:59", "2026-12-28", "2027-01-06"),  # that week has had its call
        ("2027-01-01 12:00", "2026-12-27", "2027-01-06"),
        ("2028-02-23 20:00", None, "2028-03-01"),
        ("2027-03-10 20:00", "2027-03-10", "2027-03-17"),
        ("2027-03-17 18:59", None, "2027-03-17"),  # an hour earlier in summer
        ("2027-03-17 19:00", None, "2027-03-24"),
    ],
)
def test_the_next_call_is_found_over_a_year_s_end_a_leap_day_and_a_clock_change(
    after: str, last_on: str | None, expected: str
) -> None:
    last = date.fromisoformat(last_on) if last_on else None

    assert next_call_on(DOCUMENT, utc(after), last) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("Europe/Berlin", "2027-03-26 16:59", "2027-03-26 16:59"),
        ("Europe/Berlin", "2027-03-26 17:00", "2027-03-29 07:00"),  # a weekend of 47 hours
        ("Europe/Berlin", "2027-10-29 15:59", "2027-10-29 15:59"),
        ("Europe/Berlin", "2027-10-29 16:00", "2027-11-01 08:00"),
        ("Asia/Kathmandu", "2026-11-23 03:14", "2026-11-23 03:15"),
        ("Asia/Kathmandu", "2026-11-23 12:14", "2026-11-23 12:14"),
        ("Asia/Kathmandu", "2026-11-23 12:15", "2026-11-24 03:15"),
        ("Pacific/Chatham", "2026-11-22 19:14", "2026-11-22 19:15"),  # Monday, 09:00
        ("Pacific/Chatham", "2027-04-02 04:15", "2027-04-04 20:15"),  # Friday evening
        ("Pacific/Apia", "2026-12-31 05:00", "2026-12-31 20:00"),  # into the new year
        ("Europe/Berlin", "2028-02-28 17:00", "2028-02-29 08:00"),
    ],
)
def test_complaint_6_working_hours_are_those_of_the_reader_s_clock(
    zone: str, now: str, expected: str
) -> None:
    assert next_working_moment(DOCUMENT, utc(now), ZoneInfo(zone)) == utc(expected)


def test_a_working_day_that_has_begun_is_not_over_when_the_clock_is_set_back() -> None:
    document = read_policy(
        a_policy(working_days=["sunday"], working_hours={"start": "02:30", "end": "18:00"})
    )
    second_ten_past_two = utc("2027-10-31 01:10")

    found = next_working_moment(document, second_ten_past_two, ZoneInfo("Europe/Berlin"))

    assert found == second_ten_past_two
