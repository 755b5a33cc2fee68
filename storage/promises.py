"""Promises: what the bot owes, and when."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, update
from sqlmodel import Session, col, select

from storage.batch import insert_like
from storage.due_promises import Due
from storage.insert import insert_once
from storage.models import Promise, PromiseState, SubjectKind
from storage.reading import LIMIT, Read, Reader, given
from storage.several import one_of

_HERE = select(Promise).where(Promise.workspace_id == given("workspace_id"))
_IS_OF_INITIATIVE = col(Promise.subject_kind) == SubjectKind.INITIATIVE
_IS_PENDING = col(Promise.state) == PromiseState.PENDING
_IS_DUE = and_(_IS_PENDING, col(Promise.due_at) <= given("now"))
_BY_KEY = Read(_HERE.where(Promise.key == given("key")))
_DUE_WORKSPACES = Read(select(Promise.workspace_id).where(_IS_DUE).distinct())
_ALL_PENDING = Read(_HERE.where(_IS_PENDING).order_by(col(Promise.due_at), col(Promise.key)))
_PENDING_OF_KIND = Read(_HERE.where(Promise.kind == given("kind"), _IS_PENDING))
_IN_ROUND = _HERE.where(Promise.period_on == given("call_on"), one_of(col(Promise.kind), "kinds"))
_ALL_OF_ROUND = Read(_IN_ROUND)
_OF_ROUND = Read(_IN_ROUND.where(_IS_OF_INITIATIVE, one_of(col(Promise.subject_key), "keys")))
_ASKED_BY = Read(
    select(Promise.notification_key)
    .where(
        Promise.workspace_id == given("workspace_id"),
        Promise.period_on == given("call_on"),
        _IS_OF_INITIATIVE,
        Promise.subject_key == given("key"),
        col(Promise.notification_key).is_not(None),
    )
    .distinct()
)
_KEPT_BY = Read(_HERE.where(Promise.notification_key == given("notification_key")))
_PENDING_ABOUT = Read(
    _HERE.where(
        Promise.subject_kind == given("subject_kind"),
        Promise.subject_key == given("subject_key"),
        _IS_PENDING,
    )
    .order_by(col(Promise.key))
    .with_for_update()
)
_ABOUT_SEVERAL = Read(
    _HERE.where(
        Promise.subject_kind == given("subject_kind"), one_of(col(Promise.subject_key), "keys")
    ).order_by(col(Promise.key))
)
_SUBJECTS_PENDING = Read(
    select(Promise.subject_key)
    .where(
        Promise.workspace_id == given("workspace_id"),
        Promise.subject_kind == given("subject_kind"),
        _IS_PENDING,
    )
    .distinct()
)
# The names of parameters must not be those of columns: they would be set.
_HELD = (
    select(Promise.key)
    .where(
        col(Promise.workspace_id) == given("of_workspace"),
        col(Promise.period_on) == given("of_call"),
        _IS_OF_INITIATIVE,  # what else is owed in a round stays
        _IS_PENDING,
    )
    # Taken in the order of their keys, as by everybody, so that no two wait for each other.
    .order_by(col(Promise.key))
    .with_for_update()
)
_CANCEL = (
    update(Promise)
    .where(col(Promise.workspace_id) == given("of_workspace"))
    .values(
        state=PromiseState.CANCELLED, settled_at=given("new_settled_at"), reason=given("new_reason")
    )
)
_CANCEL_ALL = _CANCEL.where(col(Promise.key).in_(_HELD))
_CANCEL_ONE = _CANCEL.where(
    col(Promise.key).in_(_HELD.where(col(Promise.subject_key) == given("of_key")))
)
_NEXT_DUE_AT = Read(select(func.min(Promise.due_at)).where(_IS_PENDING))
_DUE_AT = Read(
    select(Promise).where(_IS_PENDING, Promise.due_at == given("due_at")).order_by(col(Promise.key))
)
_COMING = Read(
    select(Promise.kind, Promise.due_at, func.count())
    .where(
        Promise.workspace_id == given("workspace_id"),
        _IS_PENDING,
        col(Promise.due_at) < given("before"),
    )
    .group_by(col(Promise.kind), col(Promise.due_at))
    .order_by(col(Promise.due_at), col(Promise.kind))
    .limit(LIMIT)
)
_DUE_KEYS = Read(
    select(Promise.workspace_id, Promise.key)
    .where(_IS_DUE)
    .order_by(col(Promise.due_at), col(Promise.key))
    .limit(LIMIT)
)


def make(session: Session, promise: Promise) -> bool:
    """Store a promise unless it was made before; return whether it is new."""
    return insert_once(session, promise)


def make_like(session: Session, promise: Promise, several: Sequence[dict[str, Any]]) -> None:
    """Store promises that differ from one in these facts, but for those made before."""
    insert_like(session, promise, several)


def get(reader: Reader, workspace_id: str, key: str) -> Promise | None:
    """Return one promise, whatever became of it."""
    return _BY_KEY.first(reader, workspace_id=workspace_id, key=key)


def to_change(session: Session, workspace_id: str, key: str) -> Promise | None:
    """Return one promise to be changed, whatever became of it."""
    return session.get(Promise, (workspace_id, key))


def due_workspaces(reader: Reader, now: datetime) -> Sequence[str]:
    """Return the ids of the workspaces in which something is due."""
    return _DUE_WORKSPACES.all(reader, now=now)


def find(
    reader: Reader,
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
    return Read(query.where(col(Promise.key).contains(containing, autoescape=True))).all(reader)


def pending(reader: Reader, workspace_id: str) -> Sequence[Promise]:
    """Return every pending promise of a workspace, earliest first."""
    return _ALL_PENDING.all(reader, workspace_id=workspace_id)


def pending_of_kind(reader: Reader, workspace_id: str, kind: str) -> Sequence[Promise]:
    """Return the pending promises of one kind."""
    return _PENDING_OF_KIND.all(reader, workspace_id=workspace_id, kind=kind)


def coming(
    reader: Reader, workspace_id: str, before: datetime, limit: int
) -> list[tuple[str, datetime, int]]:
    """Return kind, instant and number of what is due before an instant, earliest first."""
    return _COMING.all(reader, workspace_id=workspace_id, before=before, limit=limit)


def pending_to_change(session: Session, workspace_id: str, kind: str) -> Sequence[Promise]:
    """Return the pending promises of one kind, to be changed."""
    return _PENDING_OF_KIND.to_change(session, workspace_id=workspace_id, kind=kind)


def of_round_to_change(
    session: Session,
    workspace_id: str,
    call_on: date,
    kinds: Collection[str],
    initiative_keys: Collection[str] | None = None,
) -> dict[str, Promise]:
    """Return promises of these kinds in a round by their key, to be changed, whatever their state.

    `initiative_keys` are the only initiatives wanted; None: all of them.
    """
    wanted = {"workspace_id": workspace_id, "call_on": call_on, "kinds": kinds}
    if initiative_keys is None:
        found = _ALL_OF_ROUND.to_change(session, **wanted)
    else:
        found = _OF_ROUND.to_change(session, **wanted, keys=initiative_keys)
    return {promise.key: promise for promise in found}


def pending_of_subjects(reader: Reader, workspace_id: str, kind: SubjectKind) -> set[str]:
    """Return the keys of the subjects of a kind about which something is owed."""
    return set(_SUBJECTS_PENDING.all(reader, workspace_id=workspace_id, subject_kind=kind))


def pending_about(
    session: Session, workspace_id: str, subject_kind: SubjectKind, subject_key: str
) -> Sequence[Promise]:
    """Return the pending promises about one subject, held to be changed."""
    return _PENDING_ABOUT.to_change(
        session, workspace_id=workspace_id, subject_kind=subject_kind, subject_key=subject_key
    )


def about_several(
    reader: Reader, workspace_id: str, subject_kind: SubjectKind, keys: Collection[str]
) -> Sequence[Promise]:
    """Return all that is or was owed about some subjects of a kind."""
    return _ABOUT_SEVERAL.all(
        reader, workspace_id=workspace_id, subject_kind=subject_kind, keys=keys
    )


def asked_by(
    reader: Reader, workspace_id: str, call_on: date, initiative_key: str
) -> Sequence[str]:
    """Return the keys of the messages that asked for an initiative's update in a round."""
    found = _ASKED_BY.all(reader, workspace_id=workspace_id, call_on=call_on, key=initiative_key)
    return sorted(key for key in found if key)


def settle(promise: Promise | Due, state: PromiseState, now: datetime, reason: str = "") -> None:
    """Record what became of a promise."""
    promise.state, promise.settled_at, promise.reason = state, now, reason


def kept_by(reader: Reader, workspace_id: str, notification_key: str) -> Sequence[Promise]:
    """Return the promises that a message keeps."""
    return _KEPT_BY.all(reader, workspace_id=workspace_id, notification_key=notification_key)


def kept_to_change(session: Session, workspace_id: str, notification_key: str) -> Sequence[Promise]:
    """Return the promises that a message keeps, to be changed."""
    return _KEPT_BY.to_change(session, workspace_id=workspace_id, notification_key=notification_key)


def cancel_asks(
    session: Session,
    workspace_id: str,
    call_on: date,
    now: datetime,
    reason: str,
    initiative_key: str | None = None,
) -> None:
    """Cancel what would still be asked in a round, of one initiative or of all."""
    given = {
        "of_workspace": workspace_id,
        "of_call": call_on,
        "new_settled_at": now,
        "new_reason": reason,
    }
    if initiative_key is None:
        session.execute(_CANCEL_ALL, given)
    else:
        session.execute(_CANCEL_ONE, given | {"of_key": initiative_key})


def next_due_at(reader: Reader) -> datetime | None:
    """Return the instant of the earliest pending promise."""
    return _NEXT_DUE_AT.one(reader)


def next_due(reader: Reader) -> list[Promise]:
    """Return the pending promises that are due at the earliest instant, all of one kind."""
    due_at = next_due_at(reader)
    found = _DUE_AT.all(reader, due_at=due_at) if due_at else []
    return [promise for promise in found if promise.kind == found[0].kind]


def due_keys(reader: Reader, now: datetime, limit: int = 5000) -> list[tuple[str, str]]:
    """Return workspace id and key of the promises that are due, oldest first."""
    return _DUE_KEYS.all(reader, now=now, limit=limit)
