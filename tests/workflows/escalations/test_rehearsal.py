"""Other policies rehearsed over what happened; the one in force does again what it did."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from bot.cli.policy_rehearsing import lines_of
from storage import escalations
from storage.models import (
    Act,
    Escalation,
    EscalationKind,
    EscalationState,
    EscalationStep,
    Level,
)
from tests.factories import MONDAY_9AM, TEAM, a_policy, actor
from tests.fakes import FakeClock
from tests.workflows.escalations.conftest import (
    CHAIR,
    COE,
    COE_TOO,
    FALLBACK,
    MANAGER,
    SECTIONS,
    STEERING,
)
from workflows import policies
from workflows.errors import UserError
from workflows.escalations.acting import act_on
from workflows.escalations.clocks import calendar_for
from workflows.escalations.deeds import DEEDS, Deed
from workflows.escalations.rehearsal import BY_CLOCK, Recorded, rehearse
from workflows.escalations.rehearsing import Rehearsed, rehearse_weeks
from workflows.escalations.replay import Telling, World
from workflows.escalations.rights import Standing
from workflows.policy_document import PolicyDocument, read_policy
from workflows.services import Services
from workflows.sweep import sweep

Open = Callable[..., int]
Fired = tuple[int, Act, datetime]
HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
ACTS = list(DEEDS)
CONFLICT = {"kind": EscalationKind.RESOURCE_CONFLICT, "pool": "GPUs", "other": "OPS-01"}


def policy(**sections: object) -> PolicyDocument:
    return read_policy(a_policy(**(SECTIONS | sections)))


def rehearsed(services: Services, document: PolicyDocument) -> list[Rehearsed]:
    return list(rehearse_weeks(services, TEAM, document, 13).several)


def by_clock(tellings: Sequence[Telling]) -> list[Fired]:
    return [(one.number, one.act, one.at) for one in tellings if one.act in BY_CLOCK]


def fired(services: Services) -> list[Fired]:
    """Return what the rules did, as it is recorded."""
    with services.reading() as reader:
        steps = escalations.steps_since(reader, TEAM, MONDAY_9AM)
    return [(one.number, one.act, one.at) for one in steps if one.act in BY_CLOCK]


def replayed(services: Services, document: PolicyDocument) -> list[Fired]:
    return [each for one in rehearsed(services, document) for each in by_clock(one.would_have)]


def do(services: Services, act: Act, user_id: str, number: int = 1, **facts: object) -> None:
    with services.reading() as reader:
        one = escalations.get(reader, TEAM, number)
    assert one is not None
    act_on(services, actor(user_id), Deed(act, number, one.turned_on_step, **facts))  # type: ignore[arg-type]


def go_to(clock: FakeClock, services: Services, instant: datetime) -> None:
    clock.move_to(instant)
    sweep(services)


def each_hour(clock: FakeClock, services: Services, days: int) -> None:
    until = clock() + days * A_DAY
    while clock() < until:
        go_to(clock, services, clock() + HOUR)


def test_the_policy_in_force_does_again_what_nobody_stopped(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    opened("U_OPS", **CONFLICT)
    each_hour(clock, company, 21)

    found = replayed(company, policy())

    assert {act for _, act, _ in found} == {Act.RAISE, Act.CHASE, Act.CHECK}
    assert sorted(found) == sorted(fired(company))


def test_what_people_did_is_taken_as_it_happened(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U0ANY")
    each_hour(clock, company, 1)
    clock.advance(minutes=20)
    do(company, Act.ACKNOWLEDGE, COE)
    each_hour(clock, company, 7)  # of silence
    do(company, Act.CONFIRM, COE)
    do(company, Act.SNOOZE, COE, until_on=(clock() + 3 * A_DAY).date(), words="Waiting")
    each_hour(clock, company, 8)
    do(company, Act.HAND_OVER, COE, person_id=COE_TOO)
    each_hour(clock, company, 3)
    do(company, Act.RESOLVE, COE_TOO, words="Solved")
    each_hour(clock, company, 2)
    do(company, Act.REOPEN, "U_LEAD")
    each_hour(clock, company, 4)

    found = replayed(company, policy())

    assert {act for _, act, _ in found} == set(BY_CLOCK)
    assert sorted(found) == sorted(fired(company))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_people_do_and_however_late_the_sweep_is_it_does_again_what_it_did(
    company: Services, opened: Open, clock: FakeClock, seed: int
) -> None:
    random = Random(seed)
    opened()
    opened("U0ANY", cannot_wait=True)
    opened("U_OPS", **CONFLICT)
    for _ in range(60):
        go_to(clock, company, clock() + timedelta(minutes=random.randint(1, 60 * 30)))
        clock.advance(minutes=random.randint(1, 300))  # and the bot is down meanwhile
        if random.random() < 0.4:
            anything(company, random, clock())
    sweep(company)

    found = replayed(company, policy())

    assert found
    assert sorted(found) == sorted(fired(company))


def anything(services: Services, random: Random, now: datetime) -> None:
    """Let somebody do something that they may, if they find it in a few attempts."""
    people = ["U_LEAD", "U0ANY", COE, COE_TOO, CHAIR, "U_HEAD", "U_OPS"]
    for _ in range(8):
        facts = {
            "until_on": (now + 3 * A_DAY).date(),
            "person_id": random.choice([COE, COE_TOO, "U_DEPUTY"]),
            "words": random.choice(["So it is", "Half of it each", ""]),
        }
        try:
            do(services, random.choice(ACTS), random.choice(people), random.randint(1, 3), **facts)
        except (UserError, AssertionError):
            continue  # they may not, or it can't be done now
        return


def test_a_longer_clock_reaches_the_coe_later_and_tells_them_less_often(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    each_hour(clock, company, 2)

    (one,) = rehearsed(company, policy(escalations={"blocker": {"coe_after_hours": 48}}))

    raised = [telling for telling in one.would_have if telling.act is Act.RAISE]
    assert raised == [Telling(1, MONDAY_9AM + 48 * HOUR, Act.RAISE, Level.TACTICAL, (COE, COE_TOO))]
    assert (times(one.happened, COE), times(one.would_have, COE)) == (2, 1)


def test_what_was_resolved_before_a_longer_clock_ran_out_tells_the_coe_nothing(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    each_hour(clock, company, 1)
    go_to(clock, company, clock() + HOUR)
    do(company, Act.RESOLVE, "U_LEAD", words="Solved")
    each_hour(clock, company, 5)

    (one,) = rehearsed(company, policy(escalations={"blocker": {"coe_after_hours": 48}}))

    assert times(one.happened, COE) == 1
    assert times(one.would_have, COE) == 0


def test_whom_the_other_policy_names_would_have_been_told(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U_OPS", **CONFLICT)
    each_hour(clock, company, 8)
    levels = {"steering": {"chair": CHAIR, "channel": STEERING}}

    (one,) = rehearsed(company, policy(levels=levels))

    (raised,) = [telling for telling in one.would_have if telling.act is Act.RAISE]
    assert raised.told == (STEERING,)


def test_each_step_of_the_chain_is_told_to_whom_it_was_told(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    each_hour(clock, company, 4)

    (one,) = rehearsed(company, policy())

    chain = [telling.told for telling in one.would_have if telling.act is Act.CHASE]
    assert chain[:3] == [(COE, COE_TOO), (FALLBACK,), (MANAGER,)]
    assert list(one.would_have) == list(one.happened)


def test_a_rehearsal_changes_nothing(company: Services, opened: Open, clock: FakeClock) -> None:
    opened()
    each_hour(clock, company, 2)
    before = fired(company)

    rehearsed(company, policy(escalations={"blocker": {"coe_after_hours": 1}}))

    assert fired(company) == before
    with company.reading() as reader:
        (one,) = escalations.unsettled(reader, TEAM)
        assert policies.in_force(reader, TEAM).document == policy()
    assert (one.state, one.level) == (EscalationState.OPEN, Level.TACTICAL)


def test_what_was_opened_before_is_left_out(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    clock.advance(days=14)
    later = opened("U0ANY")

    found = rehearse_weeks(company, TEAM, policy(), 1)

    assert [one.escalation.number for one in found.several] == [later]


def test_the_command_says_what_was_and_what_would_be_and_how_often_each_is_told(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    each_hour(clock, company, 2)
    longer = policy(escalations={"blocker": {"coe_after_hours": 48}})

    said = list(lines_of(rehearse_weeks(company, TEAM, longer, 13), longer.call.zone))

    assert said[0] == (
        "Since Wed 26 Aug 2026: 1 escalation. Nothing is sent, and nothing is stored."
    )
    assert said[2:6] == [
        "E-1, technical blocker of FIN-01, opened Mon 23 Nov 2026 09:00",
        "  as it was Mon 23 Nov 09:00  opened: tells nobody",
        "  was       Tue 24 Nov 09:00  goes to the CoE: tells U0Coe, U0Coe2",
        "  was       Tue 24 Nov 13:00  nobody has acknowledged it: tells U0Coe, U0Coe2",
    ]
    assert "  would be  Wed 25 Nov 09:00  goes to the CoE: tells U0Coe, U0Coe2" in said
    assert "  U0Coe: 1 time, was 2" in said


def test_what_another_threshold_would_not_have_opened_is_said_to_be_so(
    company: Services, clock: FakeClock
) -> None:
    overrun = an_escalation(EscalationKind.BUDGET_OVERRUN, forecast=Decimal(115))
    opened_at = EscalationStep(
        workspace_id=TEAM, number=1, step=1, at=clock(), act=Act.OPEN, level=Level.STRATEGIC
    )
    began = policy().escalations
    recorded = Recorded(overrun, [opened_at], began, approved=Decimal(100))
    lenient = policy(escalations={"overrun": {"steering_over_percent": 15}})

    assert rehearse(recorded, a_world(lenient, clock())) == []
    assert len(rehearse(recorded, a_world(policy(), clock()))) == 1


def test_a_policy_without_escalations_would_have_told_nobody(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    each_hour(clock, company, 2)

    (one,) = rehearsed(company, policy(features=[]))

    assert one.happened
    assert one.would_have == []


def an_escalation(kind: EscalationKind, **facts: Any) -> Escalation:
    usual: dict[str, Any] = {
        "workspace_id": TEAM,
        "number": 1,
        "state": EscalationState.OPEN,
        "level": Level.STRATEGIC,
        "initiative_key": "FIN-01",
        "opener_id": "U_LEAD",
        "what": "Too dear",
        "opened_at": MONDAY_9AM,
        "level_since_at": MONDAY_9AM,
        "active_at": MONDAY_9AM,
        "policy_version": 1,
    }
    return Escalation(kind=kind, **(usual | facts))


def a_world(document: PolicyDocument, until: datetime) -> World:
    calendar = calendar_for(document, None)
    return World(document, lambda *_: Standing(chair_id=CHAIR), lambda _: calendar, until)


def times(tellings: Sequence[Telling], user_id: str) -> int:
    return sum(user_id in one.told for one in tellings)
