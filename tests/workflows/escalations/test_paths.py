"""Each kind of escalation on its path, on the clock: from the opening to the last level."""

from storage.models import Act, EscalationState, Level
from tests.factories import COORDINATION, MONDAY_9AM
from tests.fakes import FakeClock
from tests.workflows.escalations.conftest import CHAIR, COE, COE_TOO, FALLBACK, MANAGER, TOPIC
from tests.workflows.escalations.doing import (
    A_DAY,
    CONFLICT,
    Open,
    acts,
    at,
    decided,
    do,
    leave,
    one,
    pending,
    told,
)
from workflows.promises.run import audit_promises
from workflows.services import Services
from workflows.sweep import sweep


def test_a_blocker_is_posted_in_its_topic_and_owned_by_the_lead_who_opened_it(
    company: Services, opened: Open
) -> None:
    number = opened()

    found = one(company, number)
    assert (found.state, found.level) == (EscalationState.ACKNOWLEDGED, Level.OPERATIONAL)
    assert found.owner_id == "U_LEAD"
    assert found.moves_at == MONDAY_9AM + A_DAY
    assert told(company, "escalation", "escalated") == [("escalation", TOPIC)]


def test_a_blocker_without_a_topic_is_posted_in_the_coordination_channel(
    company: Services, opened: Open
) -> None:
    opened(topic="")

    assert told(company, "escalation") == [("escalation", COORDINATION)]


def test_a_blocker_open_for_24_hours_goes_to_the_coe_and_a_second_earlier_does_not(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()

    at(clock, company, hours=24, seconds=-1)
    before = one(company).level
    at(clock, company, hours=24)

    assert (before, one(company).level) == (Level.OPERATIONAL, Level.TACTICAL)
    assert one(company).state is EscalationState.OPEN
    assert one(company).owner_id is None
    assert told(company, "escalated") == [("escalated", COE), ("escalated", COE_TOO)]
    assert acts(company) == [Act.OPEN, Act.RAISE]


def test_a_deadline_fires_once_however_often_it_is_swept(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    at(clock, company, hours=24)
    for _ in range(3):
        sweep(company)

    assert acts(company) == [Act.OPEN, Act.RAISE]


def test_what_is_acknowledged_by_its_lead_still_goes_to_the_coe(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U0ANY")
    do(company, Act.ACKNOWLEDGE, "U_LEAD")

    at(clock, company, hours=24)

    assert one(company).level is Level.TACTICAL


def test_a_resolved_blocker_goes_nowhere_and_its_decision_is_logged(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U0ANY")
    do(company, Act.RESOLVE, "U_LEAD", words="Access is granted")

    at(clock, company, days=30)

    assert one(company).state is EscalationState.RESOLVED
    assert pending(company) == []
    (decision,) = decided(company)
    assert (decision.what, decision.decided_by) == ("Access is granted", "U_LEAD")
    assert decision.level is Level.OPERATIONAL
    assert told(company, "escalation_over") == [("escalation_over", "U0ANY")]


def test_the_coe_is_reminded_after_four_working_hours_then_the_fallback_then_the_manager(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    at(clock, company, hours=24)  # Tuesday, 09:00 in New York

    seen = []
    for hours in (28, 32, 51):  # a working day has nine hours: 13:00, 17:00, and 12:00 on Wednesday
        at(clock, company, hours=hours, seconds=-1)
        before = len(told(company, "unacknowledged"))
        at(clock, company, hours=hours)
        seen.append((before, [who for _, who in told(company, "unacknowledged")][before:]))

    assert seen == [(0, [COE, COE_TOO]), (2, [FALLBACK]), (3, [MANAGER])]


def test_an_open_escalation_always_has_a_next_step_and_the_audit_is_content(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U0ANY")

    for day in range(1, 30):
        at(clock, company, days=day)
        assert pending(company), day

    assert [finding for finding in audit_promises(company) if finding.subject == "E-1"] == []


def test_a_conflict_brings_both_department_leads_together_and_goes_to_steering_after_a_week(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U_HEAD", **CONFLICT)
    assert told(company, "escalated") == [("escalated", "U_OPS")]

    at(clock, company, days=7, seconds=-1)
    before = one(company).level
    at(clock, company, days=7)

    assert (before, one(company).level) == (Level.OPERATIONAL, Level.STRATEGIC)
    assert ("escalated", CHAIR) in told(company, "escalated")


def test_both_parties_agree_and_that_settles_it(company: Services, opened: Open) -> None:
    opened("U_HEAD", **CONFLICT)
    do(company, Act.AGREE, "U_HEAD", words="Operations first, Finance from May")
    meanwhile = one(company).state

    do(company, Act.AGREE, "U_OPS")

    assert meanwhile is EscalationState.ACKNOWLEDGED
    assert one(company).state is EscalationState.RESOLVED
    assert [each.what for each in decided(company)] == ["Operations first, Finance from May"]


def test_an_edit_of_the_terms_clears_what_was_agreed_before(
    company: Services, opened: Open
) -> None:
    opened("U_HEAD", **CONFLICT)
    do(company, Act.AGREE, "U_HEAD", words="Operations first")

    do(company, Act.AGREE, "U_OPS", words="Half each")

    assert one(company).state is EscalationState.ACKNOWLEDGED
    do(company, Act.AGREE, "U_HEAD")
    assert one(company).state is EscalationState.RESOLVED


def test_a_step_that_nobody_holds_does_not_wait_out_its_delay(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    leave(company, COE, COE_TOO)
    opened()

    at(clock, company, hours=24)

    assert told(company, "unacknowledged")[0] == ("unacknowledged", FALLBACK)
