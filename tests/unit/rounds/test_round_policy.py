from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.models import Person
from tests.factories import CALL_AT, CALL_ON, CLOSES_AT, a_person, a_policy, a_round
from workflows.policy_document import read_policy
from workflows.rounds.kinds import Reason
from workflows.rounds.policy import (
    Cancel,
    Clocks,
    Postpone,
    Send,
    ask_at,
    asked_person,
    coming_rounds,
    due_ask,
    expected_person,
    first_ask_at,
    next_call_on,
    owes_in,
    round_times,
)

DOCUMENT = read_policy(a_policy())
SECOND = timedelta(seconds=1)
PROMPT_AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # Monday, 09:00 in New York
REMINDER_AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (CALL_AT - SECOND, CALL_ON),
        (CALL_AT, CALL_ON + timedelta(days=7)),
        (CALL_AT + SECOND, CALL_ON + timedelta(days=7)),
    ],
)
def test_the_next_call_is_the_first_that_has_not_begun(after: datetime, expected: date) -> None:
    assert next_call_on(DOCUMENT, after) == expected


def test_the_coming_rounds_are_a_week_apart_the_nearest_first() -> None:
    coming = coming_rounds(DOCUMENT, CALL_AT - SECOND, 3)

    days = [CALL_ON, CALL_ON + timedelta(days=7), CALL_ON + timedelta(days=14)]
    assert [times.call_on for times in coming] == days


def test_who_will_be_asked_is_who_is_there_then() -> None:
    back = a_person("U_BACK", away_until_on=date(2026, 11, 24))  # a day after the prompt
    deputy = a_person("U_DEPUTY")
    friday = PROMPT_AT - timedelta(days=3)

    def expected(kind: str, now: datetime) -> Person | None:
        return expected_person(Clocks(DOCUMENT, a_round(), now), kind, [back, deputy])

    assert expected("prompt", friday) is deputy
    assert expected("reminder", friday) is back
    assert expected("prompt", REMINDER_AT) is back  # later than the prompt was due


def test_a_round_opens_three_working_days_before_and_closes_an_hour_before_the_call() -> None:
    times = round_times(DOCUMENT, CALL_ON)

    assert times.opens_at == utc("2026-11-20 05:00")  # Friday, midnight in New York
    assert (times.closes_at, times.call_at) == (CLOSES_AT, CALL_AT)


def test_a_round_keeps_its_wall_clock_over_a_clock_change() -> None:
    before, after = (round_times(DOCUMENT, date(2026, 3, day)) for day in (4, 11))

    assert (before.call_at, after.call_at) == (utc("2026-03-04 20:00"), utc("2026-03-11 19:00"))


@pytest.mark.parametrize(
    ("zone", "prompt", "reminder"),
    [
        ("America/New_York", "2026-11-23 14:00", "2026-11-24 14:00"),
        ("Europe/Berlin", "2026-11-23 08:00", "2026-11-24 08:00"),
        ("Asia/Tokyo", "2026-11-24 00:00", "2026-11-25 00:00"),  # the call is on Thursday there
        ("Asia/Kathmandu", "2026-11-24 03:15", "2026-11-25 03:15"),
    ],
)
def test_people_are_asked_at_nine_on_their_own_clock(zone: str, prompt: str, reminder: str) -> None:
    asked = [ask_at(DOCUMENT, kind, CALL_AT, ZoneInfo(zone)) for kind in ("prompt", "reminder")]

    assert asked == [utc(prompt), utc(reminder)]


def test_the_deputy_is_asked_while_the_lead_is_away_and_not_on_the_day_they_are_back() -> None:
    lead = a_person("U_LEAD", away_until_on=date(2026, 11, 24))
    deputy = a_person("U_DEPUTY")
    monday_night, tuesday = utc("2026-11-24 04:59"), utc("2026-11-24 05:00")

    asked = [asked_person([lead, deputy], now) for now in (monday_night, tuesday)]

    assert asked == [deputy, lead]


@pytest.mark.parametrize("person", [a_person(deactivated=True), a_person(guest=True)])
def test_nobody_is_asked_who_can_not_answer(person: Person) -> None:
    assert asked_person([person], PROMPT_AT) is None


@pytest.mark.parametrize(
    ("kind", "now", "expected"),
    [
        ("prompt", PROMPT_AT - SECOND, Postpone("U_LEAD", PROMPT_AT, PROMPT_AT)),
        ("prompt", PROMPT_AT, Send("U_LEAD", PROMPT_AT)),
        ("prompt", PROMPT_AT + timedelta(hours=3), Send("U_LEAD", PROMPT_AT)),
        (
            "prompt",  # found only in the evening: by the morning the reminder is due
            PROMPT_AT + timedelta(hours=9),
            Cancel(Reason.REMINDED_INSTEAD),
        ),
        ("prompt", REMINDER_AT, Cancel(Reason.REMINDED_INSTEAD)),
        ("reminder", REMINDER_AT - SECOND, Postpone("U_LEAD", REMINDER_AT, REMINDER_AT)),
        ("reminder", REMINDER_AT, Send("U_LEAD", REMINDER_AT)),
        (
            "reminder",
            REMINDER_AT + timedelta(hours=10),
            Postpone("U_LEAD", REMINDER_AT, utc("2026-11-25 14:00")),
        ),
        ("reminder", CLOSES_AT - SECOND, Send("U_LEAD", REMINDER_AT)),
        ("reminder", CLOSES_AT, Cancel(Reason.CLOSES_BEFORE)),
    ],
)
def test_asks_once_in_working_hours_and_never_after_the_closing(
    kind: str, now: datetime, expected: Send | Postpone | Cancel
) -> None:
    assert due_ask(Clocks(DOCUMENT, a_round(), now), kind, [a_person()]) == expected


def test_a_deputy_elsewhere_is_asked_at_nine_on_their_clock() -> None:
    away = a_person(away_until_on=date(2026, 12, 1))
    in_los_angeles = a_person("U_DEPUTY", timezone="America/Los_Angeles")

    decision = due_ask(Clocks(DOCUMENT, a_round(), PROMPT_AT), "prompt", [away, in_los_angeles])

    nine_there = PROMPT_AT + timedelta(hours=3)
    assert decision == Postpone("U_DEPUTY", nine_there, nine_there)


@pytest.mark.parametrize("answerable", [[], [a_person(deactivated=True)]])
def test_says_that_nobody_is_there(answerable: list[Person]) -> None:
    decision = due_ask(Clocks(DOCUMENT, a_round(), PROMPT_AT), "prompt", answerable)

    assert decision == Cancel(Reason.NOBODY_THERE)


WEDNESDAY_9AM = REMINDER_AT + timedelta(days=1)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("since_at", "first"),
    [
        (None, PROMPT_AT),
        (PROMPT_AT, PROMPT_AT),
        (PROMPT_AT + SECOND, REMINDER_AT),
        (utc("2026-11-24 04:59"), REMINDER_AT),  # a minute before midnight in New York
        (utc("2026-11-24 05:00"), WEDNESDAY_9AM),
    ],
)
def test_what_came_after_the_prompt_is_first_asked_for_on_the_next_morning(
    since_at: datetime | None, first: datetime
) -> None:
    assert first_ask_at(DOCUMENT, CALL_AT, since_at, NEW_YORK) == first


def test_the_next_morning_is_a_working_one() -> None:
    document = read_policy(a_policy(call=MONDAY_CALL))
    call_at = utc("2026-11-30 20:00")

    first = first_ask_at(document, call_at, utc("2026-11-27 17:00"), NEW_YORK)  # on a Friday

    assert first == utc("2026-11-30 14:00")


MONDAY_CALL = {"weekday": "monday", "time": "15:00", "timezone": "America/New_York"}


@pytest.mark.parametrize(
    ("closes_at", "owes"), [(WEDNESDAY_9AM, False), (WEDNESDAY_9AM + SECOND, True)]
)
def test_an_update_is_owed_if_it_can_be_asked_for_before_the_closing(
    closes_at: datetime, owes: bool
) -> None:
    round_ = a_round(closes_at=closes_at)

    assert owes_in(DOCUMENT, round_, REMINDER_AT + SECOND, NEW_YORK) is owes


@pytest.mark.parametrize(
    ("kind", "now", "expected"),
    [
        (
            "prompt",
            REMINDER_AT + SECOND,
            Postpone("U_LEAD", WEDNESDAY_9AM, WEDNESDAY_9AM),
        ),
        ("prompt", WEDNESDAY_9AM, Send("U_LEAD", WEDNESDAY_9AM)),
        (
            "reminder",
            REMINDER_AT + SECOND,
            Cancel(Reason.PROMPTED_LATE),
        ),
        ("prompt", CLOSES_AT, Cancel(Reason.CLOSES_BEFORE)),
    ],
)
def test_what_came_after_the_prompt_is_prompted_for_and_not_reminded_of(
    kind: str, now: datetime, expected: Send | Postpone | Cancel
) -> None:
    since_at = REMINDER_AT + SECOND

    assert due_ask(Clocks(DOCUMENT, a_round(), now), kind, [a_person()], since_at) == expected
