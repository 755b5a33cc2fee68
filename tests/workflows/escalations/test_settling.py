"""Resolve, agree, withdraw: what was decided, and who hears what became of it."""

import pytest

from storage.models import Act, EscalationState, Level
from tests.factories import settle_in
from tests.fakes import FakeClock
from tests.workflows.escalations.conftest import COE, COE_TOO, TOPIC
from tests.workflows.escalations.doing import (
    CONFLICT,
    Open,
    acts,
    at,
    decided,
    do,
    faults,
    lines,
    one,
    owed,
    steps,
    told,
)
from workflows.escalations.errors import (
    EscalationInvalidError,
    MovedOnError,
    NotAllowedError,
)
from workflows.services import Services

OPEN = EscalationState.OPEN


# Resolve, agree.


@pytest.mark.parametrize(
    ("user_id", "level", "hours"),
    [
        ("U_DEPUTY", Level.OPERATIONAL, 5),
        (COE, Level.TACTICAL, 30),
        ("U_LEAD", Level.TACTICAL, 30),  # a blocker is its lead's to resolve, too
    ],
)
def test_a_decision_is_logged_with_its_level_and_how_long_it_waited(
    company: Services,
    opened: Open,
    clock: FakeClock,
    user_id: str,
    level: Level,
    hours: int,
) -> None:
    opened()
    if level is not Level.OPERATIONAL:
        do(company, Act.ESCALATE, "U_HEAD")
    clock.advance(hours=hours, seconds=7)

    found = do(company, Act.RESOLVE, user_id, words="  Access is granted  ")

    (decision,) = decided(company)
    assert found.state is EscalationState.RESOLVED
    assert found.settled_at == clock()
    assert (decision.number, decision.escalation, decision.initiative_key) == (1, 1, "FIN-01")
    assert (decision.what, decision.decided_by) == ("Access is granted", user_id)
    assert (decision.level, decision.decided_at) == (level, clock())
    assert decision.waited_seconds == hours * 3600 + 7
    assert owed(company) == []


@pytest.mark.parametrize("words", ["", "   \n"])
def test_nothing_is_resolved_without_saying_what_was_decided(
    company: Services, opened: Open, words: str
) -> None:
    opened()

    with pytest.raises(EscalationInvalidError) as refused:
        do(company, Act.RESOLVE, "U_LEAD", words=words)

    assert list(faults(refused)) == ["words"]
    assert decided(company) == []


def test_decisions_are_numbered_one_after_the_other(company: Services, opened: Open) -> None:
    for number in (1, 2, 3):
        opened()
        do(company, Act.RESOLVE, "U_LEAD", number, words=f"Decision {number}")

    assert [(each.number, each.escalation) for each in decided(company)] == [(3, 3), (2, 2), (1, 1)]


def test_only_the_other_party_is_asked_for_its_yes(company: Services, opened: Open) -> None:
    opened("U_HEAD", **CONFLICT)

    do(company, Act.AGREE, "U_HEAD", words="Operations first")

    assert told(company, "escalated")[1:] == [("escalated", "U_OPS")]
    assert one(company).terms == "Operations first"
    with pytest.raises(MovedOnError, match="agreed to this already"):
        do(company, Act.AGREE, "U_HEAD")


def test_nothing_is_agreed_to_before_there_are_terms(company: Services, opened: Open) -> None:
    opened("U_HEAD", **CONFLICT)

    with pytest.raises(EscalationInvalidError) as refused:
        do(company, Act.AGREE, "U_OPS", words=" ")

    assert list(faults(refused)) == ["words"]


def test_a_yes_to_terms_that_were_edited_meanwhile_is_none(company: Services, opened: Open) -> None:
    opened("U_HEAD", **CONFLICT)
    seen = do(company, Act.AGREE, "U_HEAD", words="Operations first").turned_on_step
    do(company, Act.AGREE, "U_HEAD", words="Finance first")

    with pytest.raises(MovedOnError, match="given other terms by Head"):
        do(company, Act.AGREE, "U_OPS", seen_step=seen)

    assert one(company).state is EscalationState.ACKNOWLEDGED


def test_who_leads_both_departments_decides_alone(company: Services, opened: Open) -> None:
    settle_in(company, department_leads={"Operations": ["U_HEAD"]})
    opened("U_HEAD", **CONFLICT)

    found = do(company, Act.AGREE, "U_HEAD", words="Half each")

    assert found.state is EscalationState.RESOLVED
    assert [each.what for each in decided(company)] == ["Half each"]


def test_who_leads_both_departments_resolves_it_alone(company: Services, opened: Open) -> None:
    settle_in(company, department_leads={"Operations": ["U_HEAD"]})
    opened("U_HEAD", **CONFLICT)

    found = do(company, Act.RESOLVE, "U_HEAD", words="Half each")

    assert found.state is EscalationState.RESOLVED


def test_one_of_several_who_lead_a_department_agrees_for_it(
    company: Services, opened: Open
) -> None:
    settle_in(company, department_leads={"Operations": ["U_OPS", "U_OLA"]})
    opened("U_HEAD", **CONFLICT)
    do(company, Act.AGREE, "U_HEAD", words="Half each")

    found = do(company, Act.AGREE, "U_OLA")

    assert found.state is EscalationState.RESOLVED
    assert acts(company) == [Act.OPEN, Act.AGREE, Act.AGREE]


def test_a_department_that_nobody_leads_agrees_to_nothing_and_nobody_is_written_to_for_it(
    company: Services, opened: Open
) -> None:
    settle_in(company, department_leads={"Operations": []})
    opened("U_HEAD", **CONFLICT)

    found = do(company, Act.AGREE, "U_HEAD", words="Half each")

    assert found.state is EscalationState.ACKNOWLEDGED
    assert told(company, "escalated", "escalated_now") == []


def test_the_parties_still_agree_when_it_has_come_to_the_committee(
    company: Services, opened: Open
) -> None:
    opened("U_HEAD", **CONFLICT)
    do(company, Act.ESCALATE, "U_HEAD")
    do(company, Act.AGREE, "U_HEAD", words="Half each")

    found = do(company, Act.AGREE, "U_OPS")

    assert found.state is EscalationState.RESOLVED


# Withdraw.


@pytest.mark.parametrize("is_escalated", [False, True])
def test_the_opener_withdraws_it_while_no_higher_level_has_acknowledged(
    company: Services, opened: Open, is_escalated: bool
) -> None:
    opened("U0ANY")
    do(company, Act.ACKNOWLEDGE, "U_LEAD")
    if is_escalated:
        do(company, Act.ESCALATE, "U_LEAD")

    found = do(company, Act.WITHDRAW, "U0ANY", words="It works again")

    assert found.state is EscalationState.WITHDRAWN
    assert owed(company) == []
    assert decided(company) == []


def test_what_a_higher_level_has_acknowledged_is_not_withdrawn(
    company: Services, opened: Open
) -> None:
    opened("U0ANY")
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.ACKNOWLEDGE, COE)

    with pytest.raises(NotAllowedError):
        do(company, Act.WITHDRAW, "U0ANY")


def test_nor_when_it_was_handed_on_there(company: Services, opened: Open) -> None:
    opened("U0ANY")
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.ACKNOWLEDGE, COE)
    do(company, Act.HAND_OVER, COE, person_id=COE_TOO)

    with pytest.raises(NotAllowedError):
        do(company, Act.WITHDRAW, "U0ANY")


# Who hears what became of it.


def test_the_opener_and_all_who_were_asked_are_told_the_outcome_but_for_who_settled_it(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U0ANY")
    for hours in (24, 28, 32, 51):
        at(clock, company, hours=hours)

    do(company, Act.RESOLVE, COE, words="Granted")

    asked = {"U0ANY", "U_LEAD", COE_TOO, "U0FALLBACK", "U0MANAGER"}
    outcome = [user_id for _, user_id in told(company, "escalation_over")]
    assert (set(outcome), len(outcome)) == (asked, len(asked))


def test_an_owner_who_took_it_over_unasked_is_told_the_outcome(
    company: Services, opened: Open
) -> None:
    opened("U0ANY")
    do(company, Act.TAKE_OVER, "U_HEAD")

    do(company, Act.RESOLVE, "U_DEPUTY", words="Granted")

    assert ("escalation_over", "U_HEAD") in told(company, "escalation_over")


def test_each_outcome_is_told_once_more_when_it_was_reopened(
    company: Services, opened: Open
) -> None:
    opened("U0ANY")
    for words in ("Granted", "Granted for good"):
        do(company, Act.RESOLVE, "U_LEAD", words=words)
        if words == "Granted":
            do(company, Act.REOPEN, "U0ANY")

    assert told(company, "escalation_over") == [("escalation_over", "U0ANY")] * 2


def test_there_is_one_card_and_one_line_for_each_further_step(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U0ANY")
    do(company, Act.ACKNOWLEDGE, "U_DEPUTY")
    do(company, Act.HAND_OVER, "U_DEPUTY", person_id="U_LEAD")
    at(clock, company, days=1)
    do(company, Act.RESOLVE, COE, words="Granted")

    assert told(company, "escalation") == [("escalation", TOPIC)]
    assert lines(company) == [f"escalation:E-1:1:line:{step:05}" for step in range(2, 6)]
    assert [step.step for step in steps(company)] == [1, 2, 3, 4, 5]
