"""Promises the daily audit, and the end of the one before it."""

from datetime import date, datetime

from sqlmodel import Session

from storage import promises
from storage.models import Promise, PromiseKind, PromiseState
from workflows.calendar import DAY, at_wall_time
from workflows.policies import Policy
from workflows.policy_document import PolicyDocument


def plan_audit(session: Session, workspace_id: str, policy: Policy, now: datetime) -> None:
    """Promise the next daily audit at the policy's time, and no other."""
    day = next_audit_on(policy.document, now)
    due_at = at_wall_time(day, policy.document.audit.time, policy.document.call.zone)
    promise = Promise(
        workspace_id=workspace_id,
        key=f"audit:{day}",
        kind=PromiseKind.AUDIT,
        call_on=day,
        recipient_id=policy.document.people.programme_manager,
        due_at=due_at,
        owed_at=due_at,
        clause="audit.time",
        policy_version=policy.version,
    )
    is_new = promises.make(session, promise)
    for made in promises.pending_of_kind(session, workspace_id, PromiseKind.AUDIT):
        if made.key == promise.key and not is_new:
            made.due_at = made.owed_at = due_at
        elif made.key != promise.key and made.due_at > now:
            promises.settle(made, PromiseState.CANCELLED, now, "the policy has changed")


def next_audit_on(document: PolicyDocument, now: datetime) -> date:
    """Return the day of the first audit after an instant, in the call's timezone."""
    zone = document.call.zone
    day = now.astimezone(zone).date()
    return day if at_wall_time(day, document.audit.time, zone) > now else day + DAY
