"""What Slack will never take: somebody else gets it, and somebody is told what to do."""

from datetime import datetime

import structlog
from sqlmodel import Session

from storage import asking, notifications, promises
from storage.models import Notification, NotificationState, PromiseState, SubjectKind
from workflows import policies
from workflows.alerts.kinds import UNDELIVERED
from workflows.kinds import outgoing_of
from workflows.outbox.policy import fallback_key
from workflows.outbox.posting import Post, tell_manager
from workflows.policies import Policy
from workflows.subjects import Subject

_log = structlog.get_logger("rollcall.outbox")


def refuse(session: Session, row: Notification, code: str, now: datetime) -> None:
    """Record that Slack will never take a message, and see that it does not vanish in silence.

    The policy's fallback channel gets it, the programme manager is told once.
    """
    row.state, row.error = NotificationState.FAILED, code
    policy = policies.in_force(session, row.workspace_id)
    told = _tell_manager(session, row, code, policy, now)
    replaced = _send_to_fallback(session, row, policy, now)
    who = " and ".join([*(["the programme manager"] if told else []), *replaced]) or "nobody"
    for promise in promises.kept_to_change(session, row.workspace_id, row.key):
        promises.settle(promise, PromiseState.FAILED, now, f"Slack: {code}; told: {who}")
    _log.error(
        "message_refused",
        workspace=row.workspace_id,
        key=row.key,
        error=code,
        recipient=row.recipient_id,
        told=who,
    )


def _tell_manager(
    session: Session, row: Notification, code: str, policy: Policy, now: datetime
) -> bool:
    if policy.document.people.programme_manager == row.recipient_id:
        return False
    week = row.period_on or now.date()
    about = Subject(SubjectKind.NOTIFICATION, row.key)
    key = f"undelivered:{week}:{row.recipient_id}:{code}"
    return tell_manager(session, row.workspace_id, Post(UNDELIVERED, key, about), now)


def _send_to_fallback(
    session: Session, row: Notification, policy: Policy, now: datetime
) -> list[str]:
    fallback_id = policy.document.channels.fallback
    if fallback_id is None or not outgoing_of(row.kind).is_replaceable:
        return []
    if row.instead_of_id or row.recipient_id == fallback_id:
        return []  # the fallback is refused, too
    facts = row.model_dump(exclude={"error", "state", "attempts", "claimed_at", "carrier_key"})
    facts |= {
        "key": fallback_key(row.key),
        "recipient_id": fallback_id,
        "instead_of_id": row.recipient_id,
        "due_at": now,
    }
    if row.thread_key == row.key:  # answers go where it goes
        facts["thread_key"] = facts["key"]
    asked = asking.initiatives_of(session, row.workspace_id, [row.key])[row.key]
    notifications.enqueue(session, Notification(**facts), asked)
    return ["the fallback channel"]
