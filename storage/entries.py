"""The registry's entries and their parts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Delete, delete, or_
from sqlmodel import Session, SQLModel, col, select

from storage.insert import insert_all, insert_or_change_all
from storage.models import (
    Dependency,
    Deputy,
    Entry,
    EntryDraft,
    EntryVersion,
    Initiative,
    Milestone,
    SearchText,
    Stage,
)
from storage.reading import Read, Reader, connection_of, given
from storage.several import one_of

_HERE = select(Entry).where(Entry.workspace_id == given("workspace_id"))
_OF_ONE = Read(_HERE.where(Entry.initiative_key == given("key")))
_AMONG = Read(_HERE.where(one_of(col(Entry.initiative_key), "keys")))
_MILESTONES = (
    select(Milestone)
    .where(Milestone.workspace_id == given("workspace_id"))
    .order_by(col(Milestone.number))
)
_ALL_MILESTONES = Read(_MILESTONES)
_MILESTONES_OF = Read(_MILESTONES.where(one_of(col(Milestone.initiative_key), "keys")))
_DEPENDENCIES = (
    select(Dependency)
    .where(Dependency.workspace_id == given("workspace_id"))
    .order_by(col(Dependency.number))
)
_ALL_DEPENDENCIES = Read(_DEPENDENCIES)
_DEPENDENCIES_OF = Read(_DEPENDENCIES.where(one_of(col(Dependency.initiative_key), "keys")))
_BETWEEN = Read(
    select(Milestone)
    .where(
        Milestone.workspace_id == given("workspace_id"),
        or_(
            col(Milestone.committed_on).between(given("starts_on"), given("ends_on")),
            col(Milestone.forecast_on).between(given("starts_on"), given("ends_on")),
        ),
    )
    .order_by(col(Milestone.committed_on), col(Milestone.initiative_key), col(Milestone.number))
)
_DRAFT = Read(
    select(EntryDraft).where(
        EntryDraft.workspace_id == given("workspace_id"),
        EntryDraft.user_id == given("user_id"),
        EntryDraft.initiative_key == given("key"),
    )
)
_DISCARD_DRAFT = delete(EntryDraft).where(
    col(EntryDraft.workspace_id) == given("workspace_id"),
    col(EntryDraft.user_id) == given("user_id"),
    col(EntryDraft.initiative_key) == given("key"),
)


def _delete_of(model: Any, key: str = "initiative_key") -> Delete:
    here = model.workspace_id == given("workspace_id")
    return delete(model).where(here, one_of(getattr(model, key), "keys"))


_CLEAR_PARTS = [_delete_of(model) for model in (Milestone, Dependency)]
_REMOVE_ALL = [
    *_CLEAR_PARTS,
    *(_delete_of(model) for model in (SearchText, EntryVersion, Entry, Deputy)),
    _delete_of(Initiative, "key"),
]


def of_initiative() -> ColumnElement[bool]:
    """Return what joins an entry to its initiative."""
    return (col(Entry.workspace_id) == col(Initiative.workspace_id)) & (
        col(Entry.initiative_key) == col(Initiative.key)
    )


_STALE = Read(
    select(Initiative.key)
    .join(Entry, of_initiative(), isouter=True)
    .where(
        Initiative.workspace_id == given("workspace_id"),
        one_of(col(Initiative.stage), "stages"),
        or_(col(Entry.changed_at).is_(None), col(Entry.changed_at) <= given("before")),
    )
    .order_by(col(Entry.changed_at).is_not(None), col(Entry.changed_at), col(Initiative.key))
)


def get(reader: Reader, workspace_id: str, key: str) -> Entry | None:
    """Return what the registry says of an initiative, if anybody has written it yet."""
    return _OF_ONE.first(reader, workspace_id=workspace_id, key=key)


def among(reader: Reader, workspace_id: str, keys: Collection[str]) -> dict[str, Entry]:
    """Return the entries that these initiatives have, by their key."""
    found = _AMONG.all(reader, workspace_id=workspace_id, keys=keys) if keys else []
    return {entry.initiative_key: entry for entry in found}


def milestones(
    reader: Reader, workspace_id: str, keys: Collection[str] | None = None
) -> dict[str, list[Milestone]]:
    """Return the milestones of initiatives by date, by the initiative's key; None: of all."""
    found: dict[str, list[Milestone]] = defaultdict(list)
    if keys is None:
        rows = _ALL_MILESTONES.all(reader, workspace_id=workspace_id)
    else:
        rows = _MILESTONES_OF.all(reader, workspace_id=workspace_id, keys=keys)
    for row in rows:
        found[row.initiative_key].append(row)
    return found


def dependencies(
    reader: Reader, workspace_id: str, keys: Collection[str] | None = None
) -> dict[str, list[Dependency]]:
    """Return the dependencies of initiatives, by the initiative's key; None: of all."""
    found: dict[str, list[Dependency]] = defaultdict(list)
    if keys is None:
        rows = _ALL_DEPENDENCIES.all(reader, workspace_id=workspace_id)
    else:
        rows = _DEPENDENCIES_OF.all(reader, workspace_id=workspace_id, keys=keys)
    for row in rows:
        found[row.initiative_key].append(row)
    return found


def milestones_between(
    reader: Reader, workspace_id: str, starts_on: date, ends_on: date
) -> Sequence[Milestone]:
    """Return the milestones that are committed or expected between two days, by date."""
    return _BETWEEN.all(reader, workspace_id=workspace_id, starts_on=starts_on, ends_on=ends_on)


def save_all(session: Session, rows: Sequence[Entry]) -> None:
    """Store entries, new or changed."""
    _save(session, rows, ("workspace_id", "initiative_key"))


def save_search(session: Session, rows: Sequence[SearchText]) -> None:
    """Store the words that initiatives are found by."""
    _save(session, rows, ("workspace_id", "initiative_key"))


def clear_parts(session: Session, workspace_id: str, keys: Collection[str]) -> None:
    """Remove the milestones and the dependencies of initiatives."""
    _delete(session, _CLEAR_PARTS, workspace_id, keys)


def add_parts(
    session: Session, milestones: Sequence[Milestone], dependencies: Sequence[Dependency]
) -> None:
    """Store milestones and dependencies of initiatives that have none."""
    insert_all(session, milestones)
    insert_all(session, dependencies)


def _delete(
    session: Session, statements: Iterable[Delete], workspace_id: str, keys: Collection[str]
) -> None:
    """Delete rows of many initiatives; entities of them are not looked at again."""
    for statement in statements:
        wanted = {"workspace_id": workspace_id, "keys": list(keys)}
        connection_of(session).execute(statement, wanted)


def _save(session: Session, rows: Sequence[SQLModel], key: Collection[str]) -> None:
    if rows:
        insert_or_change_all(session, rows, set(type(rows[0]).model_fields) - set(key))


def remove_all(session: Session, workspace_id: str, keys: Collection[str]) -> None:
    """Remove initiatives as if they had never been entered: only what an import is undone by."""
    _delete(session, _REMOVE_ALL, workspace_id, keys)


def get_draft(reader: Reader, workspace_id: str, user_id: str, key: str) -> EntryDraft | None:
    """Return what somebody has typed into an entry and not saved."""
    return _DRAFT.first(reader, workspace_id=workspace_id, user_id=user_id, key=key)


def save_draft(session: Session, draft: EntryDraft) -> None:
    """Keep a draft in place of an earlier one."""
    insert_or_change_all(session, [draft], ("base_version", "typed", "saved_at"))


def discard_draft(session: Session, workspace_id: str, user_id: str, key: str) -> None:
    """Forget what somebody had typed into an entry."""
    session.execute(_DISCARD_DRAFT, {"workspace_id": workspace_id, "user_id": user_id, "key": key})


def advance_draft(
    session: Session, workspace_id: str, user_id: str, key: str, now: datetime
) -> None:
    """Forget what somebody had typed, and let what they type next be of a later version."""
    draft = get_draft(session, workspace_id, user_id, key)
    later = EntryDraft(
        workspace_id=workspace_id,
        user_id=user_id,
        initiative_key=key,
        base_version=(draft.base_version if draft else 0) + 1,
        typed={},
        saved_at=now,
    )
    save_draft(session, later)


def stale_keys(
    reader: Reader, workspace_id: str, stages: Collection[Stage], before: datetime
) -> Sequence[str]:
    """Return those in these stages whose entry was last touched before, longest untouched first.

    One that nobody has ever written is the stalest.
    """
    return _STALE.all(reader, workspace_id=workspace_id, stages=stages, before=before)
