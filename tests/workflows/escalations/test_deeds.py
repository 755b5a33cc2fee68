"""Acknowledge, take over, hand over, escalate: who owns it then, and what is owed."""

from datetime import date

import pytest

from storage.models import Act, DependencyKind, EscalationState, Level
from tests.factories import MONDAY_9AM, actor, settle_in
from tests.fakes import FakeClock
from tests.workflows.escalations.conftest import COE, COE_TOO
from tests.workflows.escalations.doing import (
    A_DAY,
    RISK,
    Open,
    acts,
    do,
    faults,
    lines,
    one,
    owed,
    stands,
    steps,
    told,
)
from workflows.escalations.errors import (
    EscalationInvalidError,
    MovedOnError,
    NotAllowedError,
)
from workflows.registry.linking import DependencyWanted, save_dependency
from workflows.services import Services

OPEN, ACKNOWLEDGED = EscalationState.OPEN, EscalationState.ACKNOWLEDGED
RAISE, CHASE, CHECK = "raise_escalation", "chase_level", "check_back"


# Acknowledge, take over, hand over.


def test_whoever_acknowledges_owns_it_and_is_asked_later_how_it_goes(
    company: Services, opened: Open
) -> None:
    opened("U0ANY")
    before = owed(company)

    found = do(company, Act.ACKNOWLEDGE, "U_DEPUTY")

    assert stands(found) == (ACKNOWLEDGED, Level.OPERATIONAL, "U_DEPUTY")
    assert found.acknowledged_at == MONDAY_9AM
    assert (before, owed(company)) == ([CHASE, RAISE], [CHECK, RAISE])
    assert one(company).moves_at == MONDAY_9AM + A_DAY
    assert lines(company) == ["escalation:E-1:1:line:00002"]


def test_the_coe_acknowledges_and_no_clock_runs_any_more(company: Services, opened: Open) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")

    found = do(company, Act.ACKNOWLEDGE, COE_TOO)

    assert stands(found) == (ACKNOWLEDGED, Level.TACTICAL, COE_TOO)
    assert owed(company) == [CHECK]


def test_somebody_of_the_level_takes_over_what_another_owns(
    company: Services, opened: Open
) -> None:
    opened()

    found = do(company, Act.TAKE_OVER, "U_HEAD")

    assert stands(found) == (ACKNOWLEDGED, Level.OPERATIONAL, "U_HEAD")
    assert acts(company) == [Act.OPEN, Act.TAKE_OVER]
    assert owed(company) == [CHECK, RAISE]


def test_nobody_takes_over_what_is_theirs(company: Services, opened: Open) -> None:
    opened()

    with pytest.raises(MovedOnError, match="yours already"):
        do(company, Act.TAKE_OVER, "U_LEAD")

    assert acts(company) == [Act.OPEN]


@pytest.mark.parametrize(("cannot_wait", "kind"), [(False, "escalated"), (True, "escalated_now")])
def test_who_is_handed_it_has_to_acknowledge_and_hears_as_soon_as_the_opener_asked(
    company: Services, opened: Open, cannot_wait: bool, kind: str
) -> None:
    opened(cannot_wait=cannot_wait)

    found = do(company, Act.HAND_OVER, "U_LEAD", person_id="U_DEPUTY", words="I'm away")

    assert stands(found) == (OPEN, Level.OPERATIONAL, "U_DEPUTY")
    assert owed(company) == [CHASE, RAISE]
    assert found.moves_at == MONDAY_9AM + A_DAY  # its clock goes on
    assert told(company, "escalated", "escalated_now") == [(kind, "U_DEPUTY")]
    assert (steps(company)[-1].person_id, steps(company)[-1].words) == ("U_DEPUTY", "I'm away")


@pytest.mark.parametrize("person_id", ["U0ANY", COE, "U_LEAD", ""])
def test_it_is_handed_to_somebody_else_of_the_level_alone(
    company: Services, opened: Open, person_id: str
) -> None:
    opened()

    with pytest.raises(EscalationInvalidError) as refused:
        do(company, Act.HAND_OVER, "U_LEAD", person_id=person_id)

    assert faults(refused) == {"person_id": "Please pick somebody of the same level: Deputy, Head."}
    assert acts(company) == [Act.OPEN]


def test_where_nobody_else_holds_the_level_it_is_to_be_escalated(
    company: Services, opened: Open
) -> None:
    settle_in(company, department_leads={"Finance": [], "Operations": []})
    opened("U_OLA", key="OPS-01")

    with pytest.raises(EscalationInvalidError) as refused:
        do(company, Act.HAND_OVER, "U_OLA", person_id="U_LEAD")

    assert faults(refused) == {"person_id": "Nobody else holds this level. Escalate it instead."}


# Escalate now.


@pytest.mark.parametrize("user_id", ["U_LEAD", "U_DEPUTY", "U_HEAD", "U0ANY"])
def test_it_is_escalated_without_waiting_for_its_clock(
    company: Services, opened: Open, clock: FakeClock, user_id: str
) -> None:
    opened("U0ANY")
    clock.advance(minutes=5)

    found = do(company, Act.ESCALATE, user_id)

    assert stands(found) == (OPEN, Level.TACTICAL, None)
    assert (found.level_since_at, found.moves_at) == (clock(), None)
    assert owed(company) == [CHASE]
    assert told(company, "escalated")[1:] == [("escalated", COE), ("escalated", COE_TOO)]


def test_who_escalates_to_themselves_is_not_told_of_it(company: Services, opened: Open) -> None:
    opened(COE)

    do(company, Act.ESCALATE, COE)

    assert told(company, "escalated") == [("escalated", "U_LEAD"), ("escalated", COE_TOO)]


def test_it_never_goes_past_the_last_level_of_its_kind(company: Services, opened: Open) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")

    with pytest.raises(MovedOnError, match="last level already"):
        do(company, Act.ESCALATE, "U_LEAD")

    assert one(company).level is Level.TACTICAL


def test_dependents_escalate_once_a_commitment_has_slipped(planned: Services, opened: Open) -> None:
    needs = DependencyWanted(kind=DependencyKind.MILESTONE, thing="FIN-01/M1")
    save_dependency(planned, actor("U_OLA"), "OPS-01", needs)
    opened()
    with pytest.raises(NotAllowedError):
        do(planned, Act.ESCALATE, "U_OLA")
    opened(**RISK | {"forecast_on": date(2027, 4, 1)})

    do(planned, Act.ESCALATE, "U_OLA")

    assert one(planned).level is Level.TACTICAL
