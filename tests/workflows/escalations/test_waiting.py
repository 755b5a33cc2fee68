"""Snooze, still on it, reopen: to the day, and to the second."""

from datetime import date, timedelta

import pytest

from storage.models import Act, EscalationState, Level
from tests.factories import MONDAY_9AM
from tests.fakes import FakeClock
from tests.workflows.escalations.conftest import COE
from tests.workflows.escalations.doing import (
    A_DAY,
    A_SECOND,
    CONFLICT,
    Open,
    acts,
    at,
    decided,
    do,
    faults,
    one,
    owed,
    stands,
    told,
)
from workflows.escalations.errors import (
    EscalationInvalidError,
    MovedOnError,
)
from workflows.services import Services

OPEN = EscalationState.OPEN
CHASE, CHECK = "chase_level", "check_back"


# Snooze.


@pytest.mark.parametrize(
    ("until_on", "is_taken"),
    [
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), False),  # today
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), True),  # in five days
        (date(2026, 11, 29), False),
        (None, False),
    ],
)
def test_reminders_are_silenced_for_one_to_five_days(
    company: Services, opened: Open, until_on: date | None, is_taken: bool
) -> None:
    opened()
    if is_taken:
        do(company, Act.SNOOZE, "U_LEAD", until_on=until_on, words="Waiting for Legal")
        found = one(company)
        assert found.snoozed_until_at is not None
        # In New York, at nine: when the owner's day begins.
        assert f"{found.snoozed_until_at:%Y-%m-%d %H:%M}" == f"{until_on} 14:00"
        return

    with pytest.raises(EscalationInvalidError) as refused:
        do(company, Act.SNOOZE, "U_LEAD", until_on=until_on, words="Waiting for Legal")

    assert list(faults(refused)) == ["until_on"]
    assert one(company).snoozed_until_at is None


def test_it_is_snoozed_twice_at_most_and_with_a_reason(company: Services, opened: Open) -> None:
    opened()
    tomorrow = date(2026, 11, 24)
    with pytest.raises(EscalationInvalidError) as without_reason:
        do(company, Act.SNOOZE, "U_LEAD", until_on=tomorrow)
    for _ in range(2):
        do(company, Act.SNOOZE, "U_LEAD", until_on=tomorrow, words="Waiting for Legal")

    with pytest.raises(EscalationInvalidError, match="snoozed 2 times already"):
        do(company, Act.SNOOZE, "U_LEAD", until_on=tomorrow, words="Waiting for Legal")

    assert faults(without_reason) == {"words": "Please say why."}
    assert acts(company) == [Act.OPEN, Act.SNOOZE, Act.SNOOZE]


def test_a_snooze_silences_the_question_to_its_owner_until_it_is_over(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.ACKNOWLEDGE, COE)
    do(company, Act.SNOOZE, COE, until_on=date(2026, 11, 27), words="Waiting for Legal")

    # Silenced until Friday, and then quiet for two working days.
    at(clock, company, days=8, seconds=-1)
    before = told(company, "still_on_it")
    at(clock, company, days=8)

    assert (before, told(company, "still_on_it")) == ([], [("still_on_it", COE)])


def test_a_snooze_silences_reminders_to_acknowledge_and_never_the_clock(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U_HEAD", **CONFLICT)
    do(company, Act.TAKE_OVER, "U_OPS")
    do(company, Act.HAND_OVER, "U_OPS", person_id="U_HEAD")
    do(company, Act.SNOOZE, "U_HEAD", until_on=date(2026, 11, 28), words="Let me see")

    for day in range(1, 5):
        at(clock, company, days=day)
    silent = told(company, "unacknowledged")
    at(clock, company, days=7)

    assert silent == []
    assert (one(company).level, one(company).snoozed_until_at) == (Level.STRATEGIC, None)
    assert one(company).level_since_at == MONDAY_9AM + 7 * A_DAY


# Still on it.


def test_a_silent_owner_is_asked_answers_and_is_asked_again_later(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.ACKNOWLEDGE, COE)
    at(clock, company, days=2, seconds=-1)
    early = told(company, "still_on_it")
    at(clock, company, days=2)
    clock.advance(hours=1)

    do(company, Act.CONFIRM, COE)

    assert (early, told(company, "still_on_it")) == ([], [("still_on_it", COE)])
    assert owed(company) == [CHECK]
    with pytest.raises(MovedOnError, match="I know already"):
        do(company, Act.CONFIRM, COE)
    at(clock, company, days=7)
    assert told(company, "still_on_it") == [("still_on_it", COE)] * 2


def test_without_an_answer_the_fallback_is_told_and_then_the_manager(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.ACKNOWLEDGE, COE)

    for days in range(15):
        at(clock, company, days=days)

    assert told(company, "still_on_it", "unacknowledged")[:3] == [
        ("still_on_it", COE),
        ("unacknowledged", "U0FALLBACK"),
        ("unacknowledged", "U0MANAGER"),
    ]


def test_nobody_answers_what_was_not_asked(company: Services, opened: Open) -> None:
    opened()

    with pytest.raises(MovedOnError):
        do(company, Act.CONFIRM, "U_LEAD")

    assert acts(company) == [Act.OPEN]


# Reopen.


@pytest.mark.parametrize(
    ("after", "is_reopened"),
    [
        (timedelta(), True),
        (14 * A_DAY - A_SECOND, True),
        (14 * A_DAY, True),
        (14 * A_DAY + A_SECOND, False),
    ],
)
def test_it_is_reopened_within_14_days_at_the_level_it_had(
    company: Services, opened: Open, clock: FakeClock, after: timedelta, is_reopened: bool
) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.RESOLVE, COE, words="Granted")
    clock.move_to(MONDAY_9AM + after)

    if not is_reopened:
        with pytest.raises(EscalationInvalidError, match="more than 14 days ago"):
            do(company, Act.REOPEN, "U0ANY", words="It's back")
        assert one(company).state is EscalationState.RESOLVED
        return
    found = do(company, Act.REOPEN, "U0ANY", words="It's back")

    assert stands(found) == (OPEN, Level.TACTICAL, None)
    assert (found.settled_at, found.level_since_at) == (None, clock())
    assert owed(company) == [CHASE]


def test_a_blocker_that_is_reopened_is_its_leads_and_its_clock_begins_anew(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U0ANY")
    do(company, Act.RESOLVE, "U_LEAD", words="Granted")
    clock.advance(days=3)

    found = do(company, Act.REOPEN, "U0ANY")

    assert stands(found) == (OPEN, Level.OPERATIONAL, "U_LEAD")
    assert found.moves_at == clock() + A_DAY
    assert told(company, "escalated") == [("escalated", "U_LEAD")] * 2


def test_what_is_open_is_not_reopened(company: Services, opened: Open) -> None:
    opened()

    with pytest.raises(MovedOnError):
        do(company, Act.REOPEN, "U_LEAD")


def test_what_was_agreed_counts_no_more_once_it_is_reopened(
    company: Services, opened: Open
) -> None:
    opened("U_HEAD", **CONFLICT)
    do(company, Act.AGREE, "U_HEAD", words="Half each")
    do(company, Act.AGREE, "U_OPS")
    do(company, Act.REOPEN, "U_OPS", words="It doesn't work")

    first = do(company, Act.AGREE, "U_OPS", words="Half each")
    waiting = first.state
    second = do(company, Act.AGREE, "U_HEAD")

    assert waiting is EscalationState.ACKNOWLEDGED
    assert second.state is EscalationState.RESOLVED
    assert len(decided(company)) == 2
