"""The outbox: messages that were decided on and wait to be sent."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, or_
from sqlmodel import Session, and_, col, select

from storage.insert import insert_once
from storage.models import Notification, NotificationKind, NotificationState

ASKS = (NotificationKind.PROMPT, NotificationKind.REMINDER)


def enqueue(session: Session, notification: Notification) -> bool:
    """Store a message to send after the commit, unless its key asked for it before."""
    return insert_once(session, notification)


def claim_due(
    session: Session,
    workspace_id: str,
    now: datetime,
    abandoned_before: datetime,
    limit: int = 20,
) -> Sequence[Notification]:
    """Mark what is due in a workspace as being sent, and return it, oldest first.

    What has been `sending` since before `abandoned_before` is claimed again: whoever took it
    has died on the way, and whether it was sent is to be found out.
    """
    waiting = and_(
        col(Notification.state) == NotificationState.PENDING, col(Notification.due_at) <= now
    )
    abandoned = and_(
        col(Notification.state) == NotificationState.SENDING,
        col(Notification.claimed_at) <= abandoned_before,
    )
    claimed = session.exec(
        select(Notification)
        .where(Notification.workspace_id == workspace_id, or_(waiting, abandoned))
        .order_by(col(Notification.due_at), col(Notification.key))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for notification in claimed:
        notification.state = NotificationState.SENDING
        notification.claimed_at = now
        notification.attempts += 1
    return claimed


def asked_in_round(
    session: Session, workspace_id: str, call_on: date, kinds: Collection[NotificationKind] = ASKS
) -> dict[str, set[str]]:
    """Return by initiative key the ids of those who were asked for it; others have none."""
    rows = session.exec(
        select(Notification.recipient_id, Notification.initiative_keys).where(
            Notification.workspace_id == workspace_id,
            Notification.call_on == call_on,
            col(Notification.kind).in_(kinds),
        )
    ).all()
    asked: dict[str, set[str]] = defaultdict(set)
    for recipient_id, keys in rows:
        for key in keys:
            asked[key].add(recipient_id)
    return asked


def has_reminder(session: Session, prompt: Notification) -> bool:
    """Return whether the reader of a prompt has been sent the reminder, or will be next."""
    found = session.exec(
        select(Notification.key)
        .where(
            Notification.workspace_id == prompt.workspace_id,
            Notification.call_on == prompt.call_on,
            Notification.kind == NotificationKind.REMINDER,
            Notification.recipient_id == prompt.recipient_id,
        )
        .limit(1)
    ).first()
    return found is not None


def get(session: Session, workspace_id: str, key: str) -> Notification | None:
    """Return one message."""
    return session.get(Notification, (workspace_id, key))


def next_due_at(session: Session) -> datetime | None:
    """Return the instant of the earliest message that is not settled."""
    return session.exec(
        select(func.min(Notification.due_at)).where(
            col(Notification.state).in_((NotificationState.PENDING, NotificationState.SENDING))
        )
    ).one()
