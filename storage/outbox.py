"""The outbox: messages that wait to be sent, claimed by whoever sends them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, select

from storage.models import Notification, NotificationState
from storage.reading import Read, Reader, given

_UNSETTLED = (NotificationState.PENDING, NotificationState.SENDING)
_IS_WAITING = and_(
    col(Notification.state) == NotificationState.PENDING, col(Notification.due_at) <= given("now")
)
_IS_ABANDONED = and_(
    col(Notification.state) == NotificationState.SENDING,
    col(Notification.claimed_at) <= given("before"),
)
_IS_ANY_DUE = Read(
    select(Notification.key)
    .where(Notification.workspace_id == given("workspace_id"), or_(_IS_WAITING, _IS_ABANDONED))
    .limit(1)
)


def is_any_due(
    reader: Reader, workspace_id: str, now: datetime, abandoned_before: datetime
) -> bool:
    """Return whether a message waits to be sent, or was left by whoever was sending it."""
    wanted = {"workspace_id": workspace_id, "now": now, "before": abandoned_before}
    return _IS_ANY_DUE.first(reader, **wanted) is not None


def due(
    session: Session,
    workspace_id: str,
    now: datetime,
    full_lanes: Collection[str],
    kinds: Collection[str],
    limit: int,
) -> Sequence[Notification]:
    """Return messages of these kinds that wait and are due: urgent first, then oldest first.

    Left out are those to `full_lanes`, and those that have to let another of their thread pass.
    """
    earlier = aliased(Notification)
    before = or_(
        col(earlier.due_at) < col(Notification.due_at),
        and_(
            col(earlier.due_at) == col(Notification.due_at),
            col(earlier.key) < col(Notification.key),
        ),
    )
    has_to_wait = and_(
        col(Notification.thread_key) != "",
        exists().where(
            col(earlier.workspace_id) == col(Notification.workspace_id),
            col(earlier.thread_key) == col(Notification.thread_key),
            col(earlier.state).in_(_UNSETTLED),
            before,
        ),
    )
    return session.exec(
        select(Notification)
        .where(
            Notification.workspace_id == workspace_id,
            _waiting(now),
            col(Notification.kind).in_(kinds),
            col(Notification.recipient_id).not_in(full_lanes),
            ~has_to_wait,
        )
        .order_by(col(Notification.priority), col(Notification.due_at), col(Notification.key))
        .limit(limit)
    ).all()


def abandoned(
    session: Session, workspace_id: str, before: datetime, limit: int
) -> Sequence[Notification]:
    """Return what has been `sending` since before an instant: whoever took it has died.

    Whether it was sent is to be found out.
    """
    return session.exec(
        select(Notification)
        .where(
            Notification.workspace_id == workspace_id,
            col(Notification.carrier_key) == "",
            _abandoned(before),
        )
        .order_by(col(Notification.due_at), col(Notification.key))
        .limit(limit)
    ).all()


def claim(notification: Notification, now: datetime, carrier_key: str = "") -> None:
    """Mark a message as being sent, by itself or with the words of another."""
    notification.state = NotificationState.SENDING
    notification.claimed_at = now
    notification.attempts += 1
    notification.carrier_key = carrier_key


def gatherable(
    session: Session,
    workspace_id: str,
    recipient_ids: Collection[str],
    until: datetime,
    kinds: Collection[str],
) -> Sequence[Notification]:
    """Return what waits for these people and is due until an instant, earliest first."""
    return session.exec(
        select(Notification)
        .where(
            Notification.workspace_id == workspace_id,
            col(Notification.recipient_id).in_(recipient_ids),
            col(Notification.kind).in_(kinds),
            _waiting(until),
        )
        .order_by(col(Notification.due_at), col(Notification.key))
    ).all()


def carried_by(session: Session, carrier: Notification) -> Sequence[Notification]:
    """Return the messages whose words another one carries, earliest first."""
    return session.exec(
        select(Notification)
        .where(
            Notification.workspace_id == carrier.workspace_id,
            Notification.carrier_key == carrier.key,
            Notification.state == NotificationState.SENDING,
        )
        .order_by(col(Notification.due_at), col(Notification.key))
    ).all()


def note_sent(
    session: Session, several: Sequence[Notification], channel_id: str, ts: str, now: datetime
) -> None:
    """Record that Slack has these messages, in one post under this name."""
    facts = {
        "state": NotificationState.SENT,
        "sent_at": now,
        "error": "",
        "channel_id": channel_id,
        "ts": ts,
    }
    rows = [{"workspace_id": row.workspace_id, "key": row.key, **facts} for row in several]
    session.execute(update(Notification), rows)


def _waiting(now: datetime) -> ColumnElement[bool]:
    return and_(
        col(Notification.state) == NotificationState.PENDING, col(Notification.due_at) <= now
    )


def _abandoned(before: datetime) -> ColumnElement[bool]:
    return and_(
        col(Notification.state) == NotificationState.SENDING,
        col(Notification.claimed_at) <= before,
    )
