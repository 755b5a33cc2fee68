"""Promises the daily audit, and the end of the one before it."""

from datetime import date, datetime

from sqlmodel import Session

from storage import promises
from storage.models import Promise, PromiseState, SubjectKind
from workflows.alerts.kinds import AUDIT_DUTY
from workflows.calendar import DAY, at_wall_time
from workflows.policies import Policy
from workflows.policy_document import PolicyDocument

_DONE = (PromiseState.KEPT, PromiseState.LATE, PromiseState.FAILED)


def plan_audit(session: Session, workspace_id: str, policy: Policy, now: datetime) -> None:
    """Promise the next daily audit at the policy's time, and no other.

    The day's own may be done already, where the clock was set back; or cancelled, where the
    policy was changed to and fro.
    """
    day = next_audit_on(policy.document, now)
    while (made := promises.to_change(session, workspace_id, _key(day))) and made.state in _DONE:
        day += DAY
    due_at = at_wall_time(day, policy.document.audit.time, policy.document.call.zone)
    if made is None:
        promises.make(session, _audit(workspace_id, policy, day, due_at))
    else:
        made.due_at = made.owed_at = due_at
        made.state, made.settled_at, made.reason = PromiseState.PENDING, None, ""
    for other in promises.pending_to_change(session, workspace_id, AUDIT_DUTY):
        if other.key != _key(day) and other.due_at > now:
            promises.settle(other, PromiseState.CANCELLED, now, "the policy has changed")


def _audit(workspace_id: str, policy: Policy, day: date, due_at: datetime) -> Promise:
    return Promise(
        workspace_id=workspace_id,
        key=_key(day),
        kind=AUDIT_DUTY,
        subject_kind=SubjectKind.WORKSPACE,
        subject_key=workspace_id,
        period_on=day,
        recipient_id=policy.document.people.programme_manager,
        due_at=due_at,
        owed_at=due_at,
        clause="audit.time",
        policy_version=policy.version,
    )


def _key(day: date) -> str:
    return f"audit:{day}"


def next_audit_on(document: PolicyDocument, now: datetime) -> date:
    """Return the day of the first audit after an instant, in the call's timezone."""
    zone = document.call.zone
    day = now.astimezone(zone).date()
    return day if at_wall_time(day, document.audit.time, zone) > now else day + DAY
