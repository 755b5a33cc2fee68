"""The outbox: messages that wait to be sent, claimed by whoever sends them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, select

from storage.models import Notification, NotificationState
from storage.reading import LIMIT, Read, Reader, given, with_facts
from storage.several import one_of

_UNSETTLED = (NotificationState.PENDING, NotificationState.SENDING)
_HERE = select(Notification).where(Notification.workspace_id == given("workspace_id"))
_IN_ORDER = (col(Notification.due_at), col(Notification.key))
_IS_WAITING = and_(
    col(Notification.state) == NotificationState.PENDING, col(Notification.due_at) <= given("now")
)
_IS_ABANDONED = and_(
    col(Notification.state) == NotificationState.SENDING,
    col(Notification.claimed_at) <= given("before"),
)
_WITH_DUE = Read(
    select(Notification.workspace_id).where(or_(_IS_WAITING, _IS_ABANDONED)).distinct()
)
_EARLIER = aliased(Notification)
_HAS_TO_WAIT = and_(
    col(Notification.thread_key) != "",
    exists().where(
        col(_EARLIER.workspace_id) == col(Notification.workspace_id),
        col(_EARLIER.thread_key) == col(Notification.thread_key),
        col(_EARLIER.state).in_(_UNSETTLED),
        or_(
            col(_EARLIER.due_at) < col(Notification.due_at),
            and_(
                col(_EARLIER.due_at) == col(Notification.due_at),
                col(_EARLIER.key) < col(Notification.key),
            ),
        ),
    ),
)
_DUE = Read(
    _HERE.where(
        _IS_WAITING,
        one_of(col(Notification.kind), "kinds"),
        ~one_of(col(Notification.recipient_id), "full_lanes"),
        ~_HAS_TO_WAIT,
    )
    .order_by(col(Notification.priority), *_IN_ORDER)
    .limit(LIMIT)
)
_ABANDONED = Read(
    _HERE.where(col(Notification.carrier_key) == "", _IS_ABANDONED)
    .order_by(*_IN_ORDER)
    .limit(LIMIT)
)
_GATHERABLE = Read(
    _HERE.where(
        one_of(col(Notification.recipient_id), "recipient_ids"),
        one_of(col(Notification.kind), "kinds"),
        _IS_WAITING,
    ).order_by(*_IN_ORDER)
)
_CARRIED = Read(
    _HERE.where(
        one_of(col(Notification.carrier_key), "carrier_keys"),
        Notification.state == NotificationState.SENDING,
    ).order_by(*_IN_ORDER)
)
_AMONG = Read(_HERE.where(one_of(col(Notification.key), "keys")))
# Core, and not the table's model: one trip for many rows, and no entity is looked for.
_ONE = update(Notification.__table__).where(  # type: ignore[attr-defined]
    col(Notification.workspace_id) == given("its_workspace"), col(Notification.key) == given("its")
)
_CLAIM = _ONE.values(
    state=NotificationState.SENDING,
    claimed_at=given("now"),
    attempts=col(Notification.attempts) + 1,
    carrier_key=given("carrier"),
)
_NOTE_SENT = _ONE.values(
    state=NotificationState.SENT,
    sent_at=given("now"),
    error="",
    channel_id=given("channel"),
    ts=given("name"),
)


@dataclass(frozen=True)
class Posted:
    """What Slack has under a name: a post that one message began, and others went with."""

    keys: Sequence[str]
    channel_id: str
    ts: str


def with_due(reader: Reader, now: datetime, abandoned_before: datetime) -> Sequence[str]:
    """Return the ids of workspaces where a message waits to be sent, or was abandoned."""
    return _WITH_DUE.all(reader, now=now, before=abandoned_before)


def due(
    reader: Reader,
    workspace_id: str,
    now: datetime,
    full_lanes: Collection[str],
    kinds: Collection[str],
    limit: int,
) -> Sequence[Notification]:
    """Return messages of these kinds that wait and are due: urgent first, then oldest first.

    Left out are those to `full_lanes`, and those that have to let another of their thread pass.
    """
    return _DUE.all(
        reader,
        workspace_id=workspace_id,
        now=now,
        full_lanes=full_lanes,
        kinds=kinds,
        limit=limit,
    )


def abandoned(
    reader: Reader, workspace_id: str, before: datetime, limit: int
) -> Sequence[Notification]:
    """Return what has been `sending` since before an instant: whoever took it has died.

    Whether it was sent is to be found out.
    """
    return _ABANDONED.all(reader, workspace_id=workspace_id, before=before, limit=limit)


def gatherable(
    reader: Reader,
    workspace_id: str,
    recipient_ids: Collection[str],
    until: datetime,
    kinds: Collection[str],
) -> Sequence[Notification]:
    """Return what waits for these people and is due until an instant, earliest first."""
    return _GATHERABLE.all(
        reader, workspace_id=workspace_id, recipient_ids=recipient_ids, now=until, kinds=kinds
    )


def carried_by(
    reader: Reader, workspace_id: str, carrier_keys: Collection[str]
) -> Sequence[Notification]:
    """Return the messages whose words these carry, earliest first."""
    return _CARRIED.all(reader, workspace_id=workspace_id, carrier_keys=carrier_keys)


def to_change(
    session: Session, workspace_id: str, keys: Collection[str]
) -> dict[str, Notification]:
    """Return messages to be changed, by their keys."""
    found = _AMONG.to_change(session, workspace_id=workspace_id, keys=keys) if keys else []
    return {row.key: row for row in found}


def claim(session: Session, workspace_id: str, now: datetime, carriers: Mapping[str, str]) -> None:
    """Mark messages as being sent, by their keys: each by itself, or with the words of another."""
    rows = [
        {"its_workspace": workspace_id, "its": key, "now": now, "carrier": carrier_key}
        for key, carrier_key in sorted(carriers.items())
    ]
    if rows:
        session.connection().execute(_CLAIM, rows)


def as_claimed(waiting: Notification, now: datetime, carrier_key: str = "") -> Notification:
    """Return a message as it is once it is claimed."""
    return with_facts(
        waiting,
        state=NotificationState.SENDING,
        claimed_at=now,
        attempts=waiting.attempts + 1,
        carrier_key=carrier_key,
    )


def note_sent(session: Session, workspace_id: str, now: datetime, posts: Sequence[Posted]) -> None:
    """Record that Slack has these posts."""
    rows = [
        {
            "its_workspace": workspace_id,
            "its": key,
            "now": now,
            "channel": post.channel_id,
            "name": post.ts,
        }
        for post in posts
        for key in post.keys
    ]
    if rows:
        session.connection().execute(_NOTE_SENT, sorted(rows, key=lambda row: str(row["its"])))
