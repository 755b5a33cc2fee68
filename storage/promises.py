"""Promises: what the bot owes, and when."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from storage.insert import insert_once
from storage.models import Promise, PromiseState


def make(session: Session, promise: Promise) -> bool:
    """Store a promise unless it was made before; return whether it is new."""
    return insert_once(session, promise)


def get(session: Session, workspace_id: str, key: str) -> Promise | None:
    """Return one promise, whatever became of it."""
    return session.get(Promise, (workspace_id, key))


def due_workspaces(session: Session, now: datetime) -> Sequence[str]:
    """Return the ids of the workspaces in which something is due."""
    return session.exec(
        select(Promise.workspace_id)
        .where(Promise.state == PromiseState.PENDING, col(Promise.due_at) <= now)
        .distinct()
    ).all()


def claim_due(
    session: Session, now: datetime, workspace_ids: Collection[str], limit: int = 5000
) -> Sequence[Promise]:
    """Hold and return pending promises of these workspaces that are due, oldest first.

    The rows stay held until the transaction ends: on PostgreSQL other replicas skip them,
    on SQLite the transaction holds the whole file.
    """
    return session.exec(
        select(Promise)
        .where(
            col(Promise.workspace_id).in_(workspace_ids),
            Promise.state == PromiseState.PENDING,
            col(Promise.due_at) <= now,
        )
        .order_by(col(Promise.due_at), col(Promise.workspace_id), col(Promise.key))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def find(
    session: Session,
    state: PromiseState | None,
    kind: str | None,
    containing: str,
    limit: int,
) -> Sequence[Promise]:
    """Return promises of any workspace, those due last first; None and "" match everything."""
    query = select(Promise).order_by(col(Promise.due_at).desc(), col(Promise.key)).limit(limit)
    if state is not None:
        query = query.where(Promise.state == state)
    if kind is not None:
        query = query.where(Promise.kind == kind)
    return session.exec(query.where(col(Promise.key).contains(containing, autoescape=True))).all()


def pending(session: Session, workspace_id: str) -> Sequence[Promise]:
    """Return every pending promise of a workspace, earliest first."""
    return session.exec(
        select(Promise)
        .where(Promise.workspace_id == workspace_id, Promise.state == PromiseState.PENDING)
        .order_by(col(Promise.due_at), col(Promise.key))
    ).all()


def pending_of_kind(session: Session, workspace_id: str, kind: str) -> Sequence[Promise]:
    """Return the pending promises of one kind."""
    return session.exec(
        select(Promise).where(
            Promise.workspace_id == workspace_id,
            Promise.kind == kind,
            Promise.state == PromiseState.PENDING,
        )
    ).all()


def of_round(
    session: Session,
    workspace_id: str,
    call_on: date,
    kinds: Collection[str],
    initiative_keys: Collection[str] | None = None,
) -> dict[str, Promise]:
    """Return promises of these kinds in a round by their key, whatever became of them.

    `initiative_keys` are the only initiatives wanted; None: all of them.
    """
    query = select(Promise).where(
        Promise.workspace_id == workspace_id,
        Promise.call_on == call_on,
        col(Promise.kind).in_(kinds),
    )
    if initiative_keys is not None:
        query = query.where(col(Promise.initiative_key).in_(initiative_keys))
    return {promise.key: promise for promise in session.exec(query)}


def asked_by(
    session: Session, workspace_id: str, call_on: date, initiative_key: str
) -> Sequence[str]:
    """Return the keys of the messages that asked for an initiative's update in a round."""
    found = session.exec(
        select(Promise.notification_key)
        .where(
            Promise.workspace_id == workspace_id,
            Promise.call_on == call_on,
            Promise.initiative_key == initiative_key,
            col(Promise.notification_key).is_not(None),
        )
        .distinct()
    ).all()
    return sorted(key for key in found if key)


def settle(promise: Promise, state: PromiseState, now: datetime, reason: str = "") -> None:
    """Record what became of a promise."""
    promise.state, promise.settled_at, promise.reason = state, now, reason


def kept_by(session: Session, workspace_id: str, notification_key: str) -> Sequence[Promise]:
    """Return the promises that a message keeps."""
    return session.exec(
        select(Promise).where(
            Promise.workspace_id == workspace_id, Promise.notification_key == notification_key
        )
    ).all()


def cancel_asks(
    session: Session,
    workspace_id: str,
    call_on: date,
    now: datetime,
    reason: str,
    initiative_key: str | None = None,
) -> None:
    """Cancel what would still be asked in a round, of one initiative or of all."""
    asks = [
        col(Promise.workspace_id) == workspace_id,
        col(Promise.call_on) == call_on,
        # What else is owed in a round is of no initiative.
        col(Promise.initiative_key).is_not(None),
        col(Promise.state) == PromiseState.PENDING,
    ]
    if initiative_key is not None:
        asks.append(col(Promise.initiative_key) == initiative_key)
    # Taken in the order of their keys, as by everybody, so that no two wait for each other.
    held = select(Promise.key).where(*asks).order_by(col(Promise.key)).with_for_update()
    session.execute(
        update(Promise)
        .where(col(Promise.workspace_id) == workspace_id, col(Promise.key).in_(held))
        .values(state=PromiseState.CANCELLED, settled_at=now, reason=reason)
    )


def next_due_at(session: Session) -> datetime | None:
    """Return the instant of the earliest pending promise."""
    return session.exec(
        select(func.min(Promise.due_at)).where(Promise.state == PromiseState.PENDING)
    ).one()


def next_due(session: Session) -> list[Promise]:
    """Return the pending promises that are due at the earliest instant, all of one kind."""
    due_at = next_due_at(session)
    if due_at is None:
        return []
    found = session.exec(
        select(Promise)
        .where(Promise.state == PromiseState.PENDING, Promise.due_at == due_at)
        .order_by(col(Promise.key))
    ).all()
    return [promise for promise in found if promise.kind == found[0].kind]


def due_keys(session: Session, now: datetime, limit: int = 5000) -> list[tuple[str, str]]:
    """Return workspace id and key of the promises that are due, oldest first."""
    rows = session.exec(
        select(Promise.workspace_id, Promise.key)
        .where(Promise.state == PromiseState.PENDING, col(Promise.due_at) <= now)
        .order_by(col(Promise.due_at), col(Promise.key))
        .limit(limit)
    )
    return list(rows.all())
