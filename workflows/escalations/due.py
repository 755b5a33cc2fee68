"""What the clock does to escalations: read, decide, record."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from storage import escalations, promises
from storage.due_promises import Due
from storage.models import Act, Escalation, EscalationState, PromiseState
from workflows import policies
from workflows.escalations.clocking import begin_clocks, plan_chase, plan_check, quiet_until
from workflows.escalations.kinds import ASKED, CHASED
from workflows.escalations.policy import (
    AGAIN,
    Chase,
    WorkingSpan,
    clock_clause,
    is_seen,
    is_settled,
    is_snoozed,
    next_level,
)
from workflows.escalations.standing import standings_of
from workflows.escalations.telling import announce, tell
from workflows.escalations.told import chased
from workflows.escalations.turn import Turn
from workflows.escalations.turning import note, reach
from workflows.subjects import escalation_of

_AT_ONCE = 200  # in one transaction: SQLite has one writer, and others wait for it
_BUSY = timedelta(seconds=1)
_MOVED_ON = "it has moved on"

Settle = Callable[[Turn, Due], None]


def raise_levels(session: Session, due: Sequence[Due], now: datetime) -> None:
    """Take escalations whose clocks have run out one level on."""
    _settle_each(session, due, now, _raise)


def chase_levels(session: Session, due: Sequence[Due], now: datetime) -> None:
    """Remind those who haven't acknowledged, or tell who stands in for them."""
    _settle_each(session, due, now, _chase)


def check_back(session: Session, due: Sequence[Due], now: datetime) -> None:
    """Ask owners of whom nothing was heard how it goes."""
    _settle_each(session, due, now, _check)


def _settle_each(session: Session, due: Sequence[Due], now: datetime, settle: Settle) -> None:
    """Settle what is due; what is more than a transaction should hold stays due, and comes next."""
    of_workspace: dict[str, list[Due]] = defaultdict(list)
    for one in due[:_AT_ONCE]:
        of_workspace[one.workspace_id].append(one)
    for workspace_id, several in of_workspace.items():
        held = {one.key: _held(session, one, now) for one in several}
        found = [one for one in held.values() if one is not None]
        policy = policies.in_force(session, workspace_id)
        standings = standings_of(session, policy, found, now)
        for one in several:
            escalation = held[one.key]
            if escalation is not None:
                began = policies.of_version(session, workspace_id, escalation.policy_version)
                turn = Turn(session, now, began, escalation, standings[escalation.number])
                settle(turn, one)


def _held(session: Session, one: Due, now: datetime) -> Escalation | None:
    """Return the escalation that something is owed about; None if it has to wait, or is moot."""
    found = escalations.hold_where_free(session, one.workspace_id, escalation_of(one))
    if found is None:
        one.due_at = now + _BUSY  # somebody acts on it at this moment
        return None
    if is_settled(found):
        promises.settle(one, PromiseState.CANCELLED, now, "it is settled")
        return None
    return found


def _raise(turn: Turn, due: Due) -> None:
    one = turn.escalation
    level = next_level(one.kind, one.level)
    if level is None or one.moves_at is None or one.moves_at > turn.now:
        promises.settle(due, PromiseState.CANCELLED, turn.now, _MOVED_ON)
        return
    reach(turn, level)
    note(turn, Act.RAISE)
    begin_clocks(turn)
    announce(turn, clock_clause(one.kind))
    promises.settle(due, PromiseState.KEPT, turn.now)


def _chase(turn: Turn, due: Due) -> None:
    one = turn.escalation
    last = int(due.key.rpartition(":")[2])
    if is_seen(one):
        promises.settle(due, PromiseState.CANCELLED, turn.now, "somebody sees to it")
        if one.state is EscalationState.ACKNOWLEDGED:
            plan_check(turn)
        return
    if is_snoozed(one, turn.now):
        assert one.snoozed_until_at is not None
        due.due_at = due.owed_at = one.snoozed_until_at
        return
    step, told = chased(one, turn.standing, last)
    note(turn, Act.CHASE, person_id=told[0] if told else "", turns=False)
    tell(turn, CHASED, told)
    plan_chase(turn, step, told, AGAIN if step is Chase.MANAGER else None)
    promises.settle(due, PromiseState.KEPT, turn.now)


def _check(turn: Turn, due: Due) -> None:
    one = turn.escalation
    if one.state is not EscalationState.ACKNOWLEDGED or one.owner_id is None:
        promises.settle(due, PromiseState.CANCELLED, turn.now, _MOVED_ON)
        return
    if (expected := quiet_until(turn)) > turn.now:  # something was heard since
        due.due_at = due.owed_at = expected
        return
    one.asked_at = turn.now
    note(turn, Act.CHECK, person_id=one.owner_id, turns=False)
    tell(turn, ASKED, [one.owner_id])
    quiet = turn.policy.document.escalations.acknowledge.quiet_working_days
    # Without an answer it counts as unseen: who stands in is told.
    plan_chase(turn, Chase.LEVEL, [one.owner_id], WorkingSpan(days=quiet))
    promises.settle(due, PromiseState.KEPT, turn.now)
