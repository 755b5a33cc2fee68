"""Several at the same moment, on several replicas: one outcome, and one line for each step."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from storage.models import Act, EscalationState, Level
from tests.factories import MONDAY_9AM
from tests.fakes import FakeClock
from tests.workflows.escalations.conftest import COE, COE_TOO, SECTIONS
from tests.workflows.escalations.doing import (
    A_DAY,
    CONFLICT,
    Open,
    acts,
    decided,
    do,
    lines,
    one,
    owed,
    steps,
    told,
)
from workflows.escalations.errors import MovedOnError, NotAllowedError
from workflows.services import Services
from workflows.sweep import sweep

PATIENCE_SECONDS = 60.0  # a guard against what never ends
ROUNDS = 5
Refused = type[Exception] | None


def at_once(*several: Callable[[], object]) -> list[Refused]:
    """Do all of it at the same moment; return how each was refused, or None."""
    start = threading.Barrier(len(several))

    def run(work: Callable[[], object]) -> Refused:
        start.wait(PATIENCE_SECONDS)
        try:
            work()
        except (MovedOnError, NotAllowedError) as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(len(several)) as pool:
        return [done.result(PATIENCE_SECONDS) for done in [pool.submit(run, w) for w in several]]


def check_history(services: Services, number: int) -> None:
    """Each step has its number and its line, and the escalation is as the last one left it."""
    known = steps(services, number)
    assert [step.step for step in known] == list(range(1, one(services, number).step + 1))
    assert len(lines(services, number)) == len(known) - 1
    assert known[-1].level is one(services, number).level


def test_acknowledge_and_escalate_now_pressed_at_the_same_moment_on_three_replicas(
    company: Services, opened: Open
) -> None:
    for number in range(1, ROUNDS + 1):
        opened("U0ANY")

        refused = at_once(
            partial(do, company, Act.ACKNOWLEDGE, "U_LEAD", number, 1),
            partial(do, company, Act.ESCALATE, "U_HEAD", number, 1),
            partial(sweep, company),
        )

        assert refused.count(None) == 2  # the sweep, and one of the two
        assert refused[2] is None
        assert len(acts(company, number)) == 2
        is_seen = refused[0] is None
        assert acts(company, number)[1] is (Act.ACKNOWLEDGE if is_seen else Act.ESCALATE)
        assert one(company, number).level is (Level.OPERATIONAL if is_seen else Level.TACTICAL)
        check_history(company, number)


def test_of_four_who_acknowledge_at_the_same_moment_one_owns_it(
    company: Services, opened: Open
) -> None:
    for number in range(1, ROUNDS + 1):
        opened("U0ANY")
        people = ("U_LEAD", "U_DEPUTY", "U_HEAD", "U_LEAD")

        refused = at_once(
            *(partial(do, company, Act.ACKNOWLEDGE, user_id, number, 1) for user_id in people)
        )

        assert sorted(str(each) for each in refused).count("None") == 1
        assert one(company, number).owner_id == people[refused.index(None)]
        assert owed(company, number) == ["check_back", "raise_escalation"]
        check_history(company, number)


def test_two_who_resolve_at_the_same_moment_decide_once(company: Services, opened: Open) -> None:
    for number in range(1, ROUNDS + 1):
        opened("U0ANY")

        refused = at_once(
            *(
                partial(do, company, Act.RESOLVE, user_id, number, 1, words=f"By {user_id}")
                for user_id in ("U_LEAD", "U_HEAD")
            )
        )

        assert refused.count(None) == 1
        assert len(decided(company)) == number
        assert owed(company, number) == []
        check_history(company, number)


def test_decisions_and_escalations_of_the_same_moment_have_numbers_of_their_own(
    company: Services, opened: Open
) -> None:
    at_once(*(partial(opened, "U0ANY") for _ in range(4)))
    at_once(
        *(
            partial(do, company, Act.RESOLVE, "U_LEAD", number, 1, words="Done")
            for number in (1, 2, 3, 4)
        )
    )

    assert sorted(each.number for each in decided(company)) == [1, 2, 3, 4]
    assert sorted(each.escalation or 0 for each in decided(company)) == [1, 2, 3, 4]


def test_both_parties_say_yes_at_the_same_moment_and_it_is_settled_once(
    company: Services, opened: Open
) -> None:
    for number in range(1, ROUNDS + 1):
        opened("U_HEAD", **CONFLICT)
        seen = do(company, Act.AGREE, "U_HEAD", number, words="Half each").turned_on_step

        refused = at_once(
            partial(do, company, Act.AGREE, "U_OPS", number, seen),
            partial(do, company, Act.AGREE, "U_OPS", number, seen),
        )

        assert refused.count(None) == 1
        assert one(company, number).state is EscalationState.RESOLVED
        assert len(decided(company)) == number
        check_history(company, number)


def test_agreed_at_seven_days_to_the_second_against_another_replicas_sweep(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    """The first commit wins: it is settled by its parties, or the committee's, and never both."""
    for number in range(1, ROUNDS + 1):
        clock.move_to(MONDAY_9AM)
        opened("U_HEAD", **CONFLICT)
        seen = do(company, Act.AGREE, "U_HEAD", number, words="Half each").turned_on_step
        clock.move_to(MONDAY_9AM + 7 * A_DAY)

        agreed, *_ = at_once(
            partial(do, company, Act.AGREE, "U_OPS", number, seen),
            partial(sweep, company),
            partial(sweep, company),
        )
        clock.advance(seconds=2)  # a replica that met the other's hold tries again
        sweep(company)

        found, known = one(company, number), acts(company, number)
        if agreed is None:
            assert found.state is EscalationState.RESOLVED
            assert Act.RAISE not in known
            assert owed(company, number) == []
        else:
            assert agreed is MovedOnError
            assert found.state is EscalationState.OPEN
            assert found.level is Level.STRATEGIC
            assert known.count(Act.RAISE) == 1
            assert owed(company, number) == ["chase_level"]
        check_history(company, number)
    assert len(decided(company)) <= ROUNDS


def test_a_blocker_that_several_replicas_find_due_goes_on_once(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    for _ in range(3):
        opened()
    clock.move_to(MONDAY_9AM + A_DAY)

    at_once(*(partial(sweep, company) for _ in range(3)))

    for number in (1, 2, 3):
        assert acts(company, number) == [Act.OPEN, Act.RAISE]
        check_history(company, number)
    assert told(company, "escalated") == [
        ("escalated", user_id) for _ in range(3) for user_id in (COE, COE_TOO)
    ]


def test_complaint_7_a_shorter_clock_moves_no_open_escalation_and_bursts_nothing(
    company: Services, opened: Open, clock: FakeClock, adopt: Callable[..., None]
) -> None:
    several = range(1, 301)
    for _ in several:
        opened()
    clock.move_to(MONDAY_9AM + timedelta(hours=5))

    adopt(**SECTIONS | {"escalations": {"blocker": {"coe_after_hours": 4}}})
    sweep(company)
    moved = [number for number in several if one(company, number).level is not Level.OPERATIONAL]
    later = opened()

    assert moved == []
    assert told(company, "escalated") == []
    assert one(company, 300).moves_at == MONDAY_9AM + A_DAY
    assert one(company, later).moves_at == clock() + timedelta(hours=4)
    clock.move_to(MONDAY_9AM + A_DAY)
    sweep(company)
    assert {one(company, number).level for number in several} == {Level.TACTICAL}
    assert all(len(acts(company, number)) == 2 for number in (1, 150, 300))
