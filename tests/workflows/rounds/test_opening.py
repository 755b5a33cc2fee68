"""A round that opens for thousands: its asks are promised some at a time."""

from datetime import timedelta

import pytest
from sqlmodel import select

from storage.models import Promise, PromiseState
from tests.factories import CALL_ON, MONDAY_9AM, TEAM, a_filing, actor, an_initiative, settle_in
from tests.fakes import FakeClock
from workflows.changes import changed
from workflows.owing import What
from workflows.promises.run import audit_promises
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services
from workflows.sweep import sweep, sweep_batch
from workflows.updates.filing import file_update

MANY = 2001  # one more than are planned at once
KEYS = [f"FIN-{number:04}" for number in range(MANY)]
LAST = KEYS[-1]


@pytest.fixture
def opening(services: Services, clock: FakeClock) -> Services:
    """Thousands of initiatives, and a round that is due to open."""
    settle_in(services, *(an_initiative(key) for key in KEYS))
    clock.move_to(MONDAY_9AM - timedelta(days=4))
    ensure_next_round(services, TEAM)
    clock.move_to(MONDAY_9AM - timedelta(days=3, hours=9))  # Friday, as it begins
    return services


def states(services: Services, kind: str) -> list[PromiseState]:
    with services.transaction() as session:
        found = session.exec(select(Promise).where(Promise.period_on == CALL_ON))
        return [promise.state for promise in found if promise.kind == kind]


def test_somebody_can_file_before_all_are_planned_and_is_not_asked(opening: Services) -> None:
    sweep_batch(opening)
    begun = states(opening, "open_round"), len(states(opening, "prompt"))

    file_update(opening, actor(), a_filing(LAST))
    sweep(opening)

    assert begun == ([PromiseState.PENDING], MANY - 1)
    assert states(opening, "open_round") == [PromiseState.KEPT]
    assert states(opening, "prompt") == [PromiseState.PENDING] * (MANY - 1)


def test_a_change_of_more_initiatives_than_a_statement_takes_is_planned_for(
    opening: Services,
) -> None:
    sweep(opening)
    settle_in(opening, an_initiative("OPS-1"))

    with opening.transaction() as session:
        keys = ["OPS-1", *(f"X-{number}" for number in range(70_000))]
        changed(session, TEAM, What.REGISTRY, opening.now(), keys)

    assert len(states(opening, "prompt")) == MANY + 1


def test_what_a_kill_leaves_half_planned_is_planned_by_the_next_sweep_and_no_fault(
    opening: Services,
) -> None:
    sweep_batch(opening)

    between = audit_promises(opening)
    sweep(opening)

    assert between == audit_promises(opening) == []
    for kind in ("prompt", "reminder"):
        assert states(opening, kind) == [PromiseState.PENDING] * MANY
    assert states(opening, "close_round") == [PromiseState.PENDING]
