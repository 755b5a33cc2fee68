"""Promises that are due: held, decided on, and what became of them recorded, all in one trip."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter

from sqlmodel import Session, and_, col, select

from storage.batch import change_all
from storage.models import Promise, PromiseState, SubjectKind
from storage.reading import LIMIT, Read, connection_of, given
from storage.several import one_of

_IS_PENDING = col(Promise.state) == PromiseState.PENDING
_IS_DUE = and_(_IS_PENDING, col(Promise.due_at) <= given("now"))


@dataclass
class Due:
    """A promise that is held to be settled: what becomes of it is noted here, then recorded."""

    workspace_id: str
    key: str
    kind: str
    subject_kind: SubjectKind
    subject_key: str
    period_on: date | None
    clause: str
    policy_version: int
    recipient_id: str | None
    due_at: datetime
    owed_at: datetime
    state: PromiseState
    settled_at: datetime | None
    reason: str
    late_by_seconds: int
    attempts: int
    notification_key: str | None


_KEYS = ("workspace_id", "key")
_NOTED = (  # what can become of it
    *("recipient_id", "due_at", "owed_at", "state", "settled_at", "reason"),
    *("late_by_seconds", "attempts", "notification_key"),
)
_noted = attrgetter(*_KEYS, *_NOTED)
_DUE = (
    select(*(col(getattr(Promise, one.name)) for one in fields(Due)))
    .order_by(col(Promise.due_at), col(Promise.workspace_id), col(Promise.key))
    .with_for_update(skip_locked=True)
)
_CLAIM = _DUE.where(one_of(col(Promise.workspace_id), "workspace_ids"), _IS_DUE).limit(LIMIT)
_CLAIM_ONE = _DUE.where(
    Promise.workspace_id == given("workspace_id"), Promise.key == given("key"), _IS_PENDING
)
_STILL_PENDING = Read(
    select(Promise.workspace_id, Promise.key).where(
        one_of(col(Promise.workspace_id), "workspace_ids"), _IS_DUE
    )
)


def claim_due(
    session: Session, now: datetime, workspace_ids: Collection[str], limit: int = 5000
) -> list[Due]:
    """Hold and return pending promises of these workspaces that are due, oldest first.

    The rows stay held until the transaction ends: on PostgreSQL other replicas skip them,
    on SQLite the transaction holds the whole file.
    """
    wanted = {"workspace_ids": list(workspace_ids), "now": now, "limit": limit}
    return [Due(*row) for row in connection_of(session).execute(_CLAIM, wanted).all()]


def claim_one(session: Session, workspace_id: str, key: str) -> Due | None:
    """Hold and return one promise, if it is pending."""
    wanted = {"workspace_id": workspace_id, "key": key}
    row = connection_of(session).execute(_CLAIM_ONE, wanted).first()
    return None if row is None else Due(*row)


def still_due(
    session: Session, now: datetime, workspace_ids: Collection[str]
) -> set[tuple[str, str]]:
    """Return workspace id and key of what is pending and due in these workspaces."""
    return set(_STILL_PENDING.all(session, workspace_ids=workspace_ids, now=now))


def record(session: Session, settled: Sequence[Due]) -> None:
    """Record what became of promises that are held."""
    names = (*_KEYS, *_NOTED)
    change_all(session, Promise, _KEYS, names, [_noted(due) for due in settled])
