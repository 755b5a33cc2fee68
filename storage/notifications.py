"""The outbox: messages that were decided on and wait to be sent."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, select

from storage.insert import insert_like, insert_once
from storage.models import Notification, NotificationState

_UNSETTLED = (NotificationState.PENDING, NotificationState.SENDING)


@dataclass(frozen=True)
class Addressed:
    """Where one of many like messages differs from the others."""

    key: str
    recipient_id: str
    initiative_keys: list[str]
    owed_at: datetime


def enqueue(session: Session, notification: Notification) -> bool:
    """Store a message to send after the commit, unless its key asked for it before."""
    return insert_once(session, notification)


def enqueue_like(session: Session, message: Notification, several: Sequence[Addressed]) -> None:
    """Store many messages that differ only in whom they ask for what, each under its own key."""
    insert_like(session, message, [asdict(addressed) for addressed in several])


def is_any_due(
    session: Session, workspace_id: str, now: datetime, abandoned_before: datetime
) -> bool:
    """Return whether a message waits to be sent, or was left by whoever was sending it."""
    due = or_(_waiting(now), _abandoned(abandoned_before))
    found = session.exec(
        select(Notification.key).where(Notification.workspace_id == workspace_id, due).limit(1)
    ).first()
    return found is not None


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


def asked_in_round(
    session: Session, workspace_id: str, call_on: date, kinds: Collection[str]
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


def asked_before(
    session: Session, workspace_id: str, user_id: str, instant: datetime, kinds: Collection[str]
) -> set[str]:
    """Return the keys of the initiatives that somebody was asked for before an instant."""
    rows = session.exec(
        select(Notification.initiative_keys).where(
            Notification.workspace_id == workspace_id,
            Notification.recipient_id == user_id,
            col(Notification.kind).in_(kinds),
            col(Notification.due_at) < instant,
        )
    )
    return {key for keys in rows for key in keys}


def first_asked_at(
    session: Session, workspace_id: str, call_on: date, kinds: Collection[str]
) -> dict[str, datetime]:
    """Return when each initiative that was asked for in a round was so first, by its key."""
    rows = session.exec(
        select(Notification.due_at, Notification.initiative_keys)
        .where(
            Notification.workspace_id == workspace_id,
            Notification.call_on == call_on,
            col(Notification.kind).in_(kinds),
        )
        .order_by(col(Notification.due_at).desc())
    ).all()
    return {key: due_at for due_at, keys in rows for key in keys}


def about_initiative(
    session: Session, workspace_id: str, call_on: date, initiative_key: str, kind: str
) -> list[Notification]:
    """Return the messages of a kind that are about an initiative in a round."""
    found = session.exec(
        select(Notification)
        .where(
            Notification.workspace_id == workspace_id,
            Notification.call_on == call_on,
            Notification.kind == kind,
        )
        .order_by(col(Notification.key))
    ).all()
    return [one for one in found if initiative_key in one.initiative_keys]


def after(session: Session, prompt: Notification, kind: str) -> Sequence[Notification]:
    """Return the messages of a kind that a prompt's reader has been sent, or will be next."""
    return session.exec(
        select(Notification).where(
            Notification.workspace_id == prompt.workspace_id,
            Notification.call_on == prompt.call_on,
            Notification.kind == kind,
            Notification.recipient_id == prompt.recipient_id,
            # In the fallback channel there are those of several people.
            Notification.instead_of_id == prompt.instead_of_id,
            col(Notification.state).not_in((NotificationState.CANCELLED, NotificationState.FAILED)),
        )
    ).all()


def get(session: Session, workspace_id: str, key: str) -> Notification | None:
    """Return one message."""
    return session.get(Notification, (workspace_id, key))


def in_post(
    session: Session, workspace_id: str, channel_id: str, ts: str, kinds: Collection[str]
) -> Sequence[Notification]:
    """Return the messages of these kinds that one post in Slack carries, in their words' order."""
    found = session.exec(
        select(Notification).where(
            Notification.workspace_id == workspace_id,
            Notification.channel_id == channel_id,
            Notification.ts == ts,
            Notification.state == NotificationState.SENT,
            col(Notification.kind).in_(kinds),
        )
    ).all()
    return sorted(found, key=lambda row: (row.carrier_key != "", row.due_at, row.key))


def unsettled_before(
    session: Session, workspace_id: str, instant: datetime
) -> Sequence[Notification]:
    """Return the messages that were due before an instant and are not settled yet."""
    return session.exec(
        select(Notification)
        .where(
            Notification.workspace_id == workspace_id,
            col(Notification.state).in_(_UNSETTLED),
            col(Notification.due_at) < instant,
        )
        .order_by(col(Notification.due_at), col(Notification.key))
    ).all()


def next_due_at(session: Session) -> datetime | None:
    """Return the instant of the earliest message that is not settled."""
    return session.exec(
        select(func.min(Notification.due_at)).where(col(Notification.state).in_(_UNSETTLED))
    ).one()


def _waiting(now: datetime) -> ColumnElement[bool]:
    return and_(
        col(Notification.state) == NotificationState.PENDING, col(Notification.due_at) <= now
    )


def _abandoned(before: datetime) -> ColumnElement[bool]:
    return and_(
        col(Notification.state) == NotificationState.SENDING,
        col(Notification.claimed_at) <= before,
    )


def waits_about(
    session: Session, workspace_id: str, kind: str, recipient_id: str, about: str
) -> bool:
    """Tell whether a message of a kind, about a row whose key begins so, still waits to be sent."""
    query = select(Notification.key).where(
        Notification.workspace_id == workspace_id,
        Notification.recipient_id == recipient_id,
        Notification.kind == kind,
        Notification.state == NotificationState.PENDING,
        col(Notification.about_key).startswith(about, autoescape=True),
    )
    return session.exec(query.limit(1)).first() is not None
