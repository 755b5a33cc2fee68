"""What is promised about an escalation: that its clock takes it on, and that nobody forgets it."""

from collections.abc import Sequence
from datetime import datetime

from storage import promises
from storage.models import EscalationState, Promise, PromiseState, SubjectKind
from workflows.escalations.clocks import chase_at, quiet_at
from workflows.escalations.kinds import EscalationDuty
from workflows.escalations.policy import WorkingSpan, chase_after, clock_clause
from workflows.escalations.rights import whom_to_tell
from workflows.escalations.turn import Turn, calendar_of_one
from workflows.subjects import of_escalation


def begin_clocks(turn: Turn) -> None:
    """Promise what has to happen at the present level, in place of what was promised before."""
    cancel_clocks(turn, "it has moved on")
    one = turn.escalation
    if one.moves_at is not None:
        promise(turn, EscalationDuty.RAISE, one.moves_at, clock_clause(one.kind))
    if one.state is EscalationState.OPEN:
        plan_chase(turn, 0, whom_to_tell(one, turn.standing))
    else:
        plan_check(turn)


def plan_chase(turn: Turn, last: int, told: Sequence[str], span: WorkingSpan | None = None) -> None:
    """Promise to look again whether the level has acknowledged; `last` is who was told by then."""
    rules = turn.policy.document.escalations.acknowledge
    span = span or chase_after(turn.escalation.level, rules)
    calendar = calendar_of_one(turn, told[0] if told else None)
    due_at = chase_at(calendar, turn.now, span, last, told)
    promise(turn, EscalationDuty.CHASE, due_at, "escalations.acknowledge", f"{int(last)}")


def plan_check(turn: Turn) -> None:
    """Promise to ask the owner how it goes, should nothing be heard of it."""
    due_at = quiet_until(turn)
    clause = "escalations.acknowledge.quiet_working_days"
    promise(turn, EscalationDuty.CHECK, due_at, clause, f"{int(due_at.timestamp())}")


def quiet_until(turn: Turn) -> datetime:
    """Return until when an owner may be silent, seen from when something was last heard."""
    rules = turn.policy.document.escalations.acknowledge
    return quiet_at(turn.escalation, rules, calendar_of_one(turn, turn.escalation.owner_id))


def promise(turn: Turn, duty: str, due_at: datetime, clause: str, which: str = "") -> None:
    """Promise something about an escalation, once for each step that asks for it."""
    one = turn.escalation
    parts = [duty, f"E-{one.number}", f"{one.step}", *([which] if which else [])]
    made = Promise(
        workspace_id=one.workspace_id,
        key=":".join(parts),
        kind=duty,
        subject_kind=SubjectKind.ESCALATION,
        subject_key=f"E-{one.number}",
        recipient_id=one.owner_id,
        due_at=due_at,
        owed_at=due_at,
        clause=clause,
        policy_version=turn.policy.version,
    )
    promises.make(turn.session, made)


def cancel_clocks(turn: Turn, reason: str) -> None:
    """Cancel all that is still owed about an escalation."""
    subject = of_escalation(turn.escalation.number)
    pending = promises.pending_about(turn.session, turn.workspace_id, subject.kind, subject.key)
    for one in pending:
        promises.settle(one, PromiseState.CANCELLED, turn.now, reason)
    turn.session.flush()
