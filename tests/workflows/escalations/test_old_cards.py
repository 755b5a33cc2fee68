"""What was pressed on an old card does nothing, and says what happened meanwhile."""

from datetime import date
from typing import Any

import pytest

from storage.models import Act, EscalationState
from tests.fakes import FakeClock
from tests.workflows.escalations.doing import (
    CONFLICT,
    Open,
    acts,
    at,
    do,
)
from workflows.escalations.errors import (
    MovedOnError,
)
from workflows.services import Services

# What was pressed on an old card.


@pytest.mark.parametrize(
    ("deeds", "act", "user_id", "says"),
    [
        ([(Act.ACKNOWLEDGE, "U_DEPUTY")], Act.ACKNOWLEDGE, "U_LEAD",
         "E-1 was acknowledged by Deputy at 09:00."),
        ([(Act.TAKE_OVER, "U_DEPUTY")], Act.ACKNOWLEDGE, "U_LEAD",
         "E-1 was taken over by Deputy at 09:00."),
        ([(Act.ESCALATE, "U_HEAD")], Act.RESOLVE, "U_LEAD",
         "E-1 was escalated by Head at 09:00."),
        ([(Act.RESOLVE, "U_HEAD")], Act.ESCALATE, "U_LEAD",
         "E-1 was resolved by Head at 09:00."),
        ([(Act.RESOLVE, "U_LEAD")], Act.RESOLVE, "U_LEAD",
         "E-1 was resolved by you at 09:00."),
        ([(Act.WITHDRAW, "U0ANY")], Act.RESOLVE, "U_LEAD",
         "E-1 was withdrawn by U0Any at 09:00."),
        ([(Act.WITHDRAW, "U0ANY"), (Act.REOPEN, "U0ANY")], Act.RESOLVE, "U_LEAD",
         "E-1 was reopened by U0Any at 09:00."),
        ([(Act.HAND_OVER, "U_LEAD")], Act.RESOLVE, "U_LEAD",
         "E-1 was handed over by you at 09:00."),
    ],
)  # fmt: skip
def test_an_old_card_says_what_happened_meanwhile_and_does_nothing(
    company: Services,
    opened: Open,
    deeds: list[tuple[Act, str]],
    act: Act,
    user_id: str,
    says: str,
) -> None:
    opened("U0ANY")
    more: dict[str, Any] = {"words": "So be it", "person_id": "U_DEPUTY"}
    for done, by in deeds:
        do(company, done, by, **more)
    before = acts(company)

    with pytest.raises(MovedOnError) as refused:
        do(company, act, user_id, seen_step=1, **more)

    assert str(refused.value) == f"Nothing was done: {says}"
    assert acts(company) == before


def test_an_old_card_says_what_the_clock_did_and_on_which_day(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U0ANY")
    at(clock, company, days=1)
    clock.advance(days=1)

    with pytest.raises(MovedOnError) as refused:
        do(company, Act.RESOLVE, "U_LEAD", seen_step=1, words="Granted")

    said = "Nothing was done: E-1 went one level up on Tuesday 24 November at 09:00."
    assert str(refused.value) == said


def test_an_old_card_says_that_all_had_agreed(company: Services, opened: Open) -> None:
    opened("U_HEAD", **CONFLICT)
    do(company, Act.AGREE, "U_HEAD", words="Half each")
    do(company, Act.AGREE, "U_OPS")

    with pytest.raises(MovedOnError, match="E-1 was settled by agreement at 09:00"):
        do(company, Act.ESCALATE, "U_HEAD", seen_step=1)


def test_a_line_that_turns_nothing_leaves_older_cards_as_good_as_before(
    company: Services, opened: Open
) -> None:
    opened()
    do(company, Act.SNOOZE, "U_LEAD", until_on=date(2026, 11, 24), words="Waiting")

    found = do(company, Act.RESOLVE, "U_LEAD", seen_step=1, words="Granted")

    assert found.state is EscalationState.RESOLVED
