"""The registry's entries, their parts and their versions."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_
from sqlmodel import Session, SQLModel, col, select

from storage.insert import insert_or_change_all
from storage.models import (
    Dependency,
    Deputy,
    Entry,
    EntryDraft,
    EntryVersion,
    Import,
    Initiative,
    Milestone,
    SearchText,
    Stage,
)


def get(session: Session, workspace_id: str, key: str) -> Entry | None:
    """Return what the registry says of an initiative, if anybody has written it yet."""
    return session.get(Entry, (workspace_id, key))


def among(session: Session, workspace_id: str, keys: Collection[str]) -> dict[str, Entry]:
    """Return the entries that these initiatives have, by their key."""
    found = session.exec(
        select(Entry).where(
            Entry.workspace_id == workspace_id, col(Entry.initiative_key).in_(keys)
        ),
        execution_options={"populate_existing": True},
    )
    return {entry.initiative_key: entry for entry in found}


def milestones(
    session: Session, workspace_id: str, keys: Collection[str] | None = None
) -> dict[str, list[Milestone]]:
    """Return the milestones of initiatives by date, by the initiative's key; None: of all."""
    query = select(Milestone).where(Milestone.workspace_id == workspace_id)
    if keys is not None:
        query = query.where(col(Milestone.initiative_key).in_(keys))
    found: dict[str, list[Milestone]] = defaultdict(list)
    for row in session.exec(query.order_by(col(Milestone.number))):
        found[row.initiative_key].append(row)
    return found


def dependencies(
    session: Session, workspace_id: str, keys: Collection[str] | None = None
) -> dict[str, list[Dependency]]:
    """Return the dependencies of initiatives, by the initiative's key; None: of all."""
    query = select(Dependency).where(Dependency.workspace_id == workspace_id)
    if keys is not None:
        query = query.where(col(Dependency.initiative_key).in_(keys))
    found: dict[str, list[Dependency]] = defaultdict(list)
    for row in session.exec(query.order_by(col(Dependency.number))):
        found[row.initiative_key].append(row)
    return found


def milestones_between(
    session: Session, workspace_id: str, starts_on: date, ends_on: date
) -> Sequence[Milestone]:
    """Return the milestones that are committed or expected between two days, by date."""
    within = [
        column.between(starts_on, ends_on)
        for column in (col(Milestone.committed_on), col(Milestone.forecast_on))
    ]
    return session.exec(
        select(Milestone)
        .where(Milestone.workspace_id == workspace_id, or_(*within))
        .order_by(col(Milestone.committed_on), col(Milestone.initiative_key), col(Milestone.number))
    ).all()


def save_all(session: Session, rows: Sequence[Entry]) -> None:
    """Store entries, new or changed."""
    _save(session, rows, ("workspace_id", "initiative_key"))


def save_search(session: Session, rows: Sequence[SearchText]) -> None:
    """Store the words that initiatives are found by."""
    _save(session, rows, ("workspace_id", "initiative_key"))


def add_versions(session: Session, rows: Sequence[EntryVersion]) -> None:
    """Store versions of entries."""
    session.add_all(rows)
    session.flush()


def clear_parts(session: Session, workspace_id: str, keys: Collection[str]) -> None:
    """Remove the milestones and the dependencies of initiatives."""
    if not keys:
        return
    for model in (Milestone, Dependency):
        session.execute(
            delete(model).where(
                col(model.workspace_id) == workspace_id, col(model.initiative_key).in_(keys)
            )
        )


def get_version(session: Session, workspace_id: str, key: str, version: int) -> EntryVersion | None:
    """Return an entry as it was in one version."""
    return session.get(EntryVersion, (workspace_id, key, version))


def versions(session: Session, workspace_id: str, key: str, limit: int) -> Sequence[EntryVersion]:
    """Return the newest versions of an entry, newest first."""
    return session.exec(
        select(EntryVersion)
        .where(EntryVersion.workspace_id == workspace_id, EntryVersion.initiative_key == key)
        .order_by(col(EntryVersion.version).desc())
        .limit(limit)
    ).all()


def who_named(
    session: Session, workspace_id: str, user_id: str, keys: Collection[str]
) -> dict[str, str]:
    """Return who made somebody lead, by the initiative's key, where its versions tell."""
    rows = session.execute(
        select(EntryVersion.initiative_key, EntryVersion.author_id, EntryVersion.facts)
        .where(
            col(EntryVersion.workspace_id) == workspace_id,
            col(EntryVersion.initiative_key).in_(keys),
        )
        .order_by(col(EntryVersion.version))
    )
    named: dict[str, str] = {}
    leads: dict[str, object] = {}
    for key, author_id, facts in rows:
        if facts.get("lead_id") == user_id != leads.get(key):
            named[key] = author_id
        leads[key] = facts.get("lead_id")
    return named


def _save(session: Session, rows: Sequence[SQLModel], key: Collection[str]) -> None:
    if rows:
        insert_or_change_all(session, rows, set(type(rows[0]).model_fields) - set(key))


def last_imported(
    session: Session, workspace_id: str, keys: Collection[str]
) -> dict[str, dict[str, Any]]:
    """Return the facts of initiatives as a file last gave them, by the initiative's key.

    An import that was undone has given nothing.
    """
    in_force = select(Import.id).where(
        Import.workspace_id == workspace_id, col(Import.undone_at).is_(None)
    )
    rows = session.execute(
        select(EntryVersion.initiative_key, EntryVersion.facts)
        .where(
            col(EntryVersion.workspace_id) == workspace_id,
            col(EntryVersion.initiative_key).in_(keys),
            col(EntryVersion.import_id).in_(in_force),
            EntryVersion.version > 0,
        )
        .order_by(col(EntryVersion.version))
    )
    return {row[0]: row[1] for row in rows}


def of_import(session: Session, workspace_id: str, import_id: str) -> Sequence[str]:
    """Return the keys of the initiatives that an import made or changed."""
    return session.exec(
        select(EntryVersion.initiative_key)
        .where(EntryVersion.workspace_id == workspace_id, EntryVersion.import_id == import_id)
        .distinct()
        .order_by(col(EntryVersion.initiative_key))
    ).all()


def newest_versions(
    session: Session, workspace_id: str, keys: Collection[str]
) -> dict[str, list[EntryVersion]]:
    """Return all versions of these entries, newest first, by the initiative's key."""
    found: dict[str, list[EntryVersion]] = defaultdict(list)
    rows = session.exec(
        select(EntryVersion)
        .where(
            EntryVersion.workspace_id == workspace_id, col(EntryVersion.initiative_key).in_(keys)
        )
        .order_by(col(EntryVersion.version).desc())
    )
    for row in rows:
        found[row.initiative_key].append(row)
    return found


def remove_all(session: Session, workspace_id: str, keys: Collection[str]) -> None:
    """Remove initiatives as if they had never been entered: only what an import is undone by."""
    for model in (Milestone, Dependency, SearchText, EntryVersion, Entry, Deputy):
        session.execute(
            delete(model).where(
                col(model.workspace_id) == workspace_id, col(model.initiative_key).in_(keys)
            )
        )
    session.execute(
        delete(Initiative).where(
            col(Initiative.workspace_id) == workspace_id, col(Initiative.key).in_(keys)
        )
    )


def get_draft(session: Session, workspace_id: str, user_id: str, key: str) -> EntryDraft | None:
    """Return what somebody has typed into an entry and not saved."""
    return session.get(EntryDraft, (workspace_id, user_id, key))


def save_draft(session: Session, draft: EntryDraft) -> None:
    """Keep a draft in place of an earlier one."""
    insert_or_change_all(session, [draft], ("base_version", "typed", "saved_at"))


def discard_draft(session: Session, workspace_id: str, user_id: str, key: str) -> None:
    """Forget what somebody had typed into an entry."""
    if draft := get_draft(session, workspace_id, user_id, key):
        session.delete(draft)


def settle_draft(
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


def stale_keys(session: Session, workspace_id: str, before: datetime) -> Sequence[str]:
    """Return the initiatives at work whose entry was last touched before, longest untouched first.

    One that nobody has ever written is the stalest.
    """
    return session.exec(
        select(Initiative.key)
        .join(Entry, of_initiative(), isouter=True)
        .where(
            Initiative.workspace_id == workspace_id,
            col(Initiative.stage).not_in((Stage.PAUSED, Stage.RETIRED)),
            or_(col(Entry.changed_at).is_(None), col(Entry.changed_at) <= before),
        )
        .order_by(col(Entry.changed_at).is_not(None), col(Entry.changed_at), col(Initiative.key))
    ).all()


def of_initiative() -> ColumnElement[bool]:
    """Return what joins an entry to its initiative."""
    return (col(Entry.workspace_id) == col(Initiative.workspace_id)) & (
        col(Entry.initiative_key) == col(Initiative.key)
    )
