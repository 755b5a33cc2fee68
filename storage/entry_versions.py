"""The versions of the registry's entries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func
from sqlalchemy import select as select_many
from sqlmodel import Session, col, select

from storage.insert import insert_all
from storage.models import EntryVersion, Import
from storage.reading import LIMIT, Read, Reader, given
from storage.several import one_of

Mark = tuple[int, datetime | None, int]

_VERSIONS = select(EntryVersion).where(EntryVersion.workspace_id == given("workspace_id"))
_VERSIONS_OF_ONE = _VERSIONS.where(EntryVersion.initiative_key == given("key"))
_VERSION = Read(_VERSIONS_OF_ONE.where(EntryVersion.version == given("version")))
_NEWEST = Read(_VERSIONS_OF_ONE.order_by(col(EntryVersion.version).desc()).limit(LIMIT))
_NEWEST_OF = Read(
    _VERSIONS.where(one_of(col(EntryVersion.initiative_key), "keys")).order_by(
        col(EntryVersion.version).desc()
    )
)
_AUTHORS = Read(
    select(EntryVersion.initiative_key, EntryVersion.author_id, EntryVersion.facts)
    .where(
        col(EntryVersion.workspace_id) == given("workspace_id"),
        one_of(col(EntryVersion.initiative_key), "keys"),
    )
    .order_by(col(EntryVersion.version))
)
_IMPORTS_IN_FORCE = select(Import.id).where(
    Import.workspace_id == given("workspace_id"), col(Import.undone_at).is_(None)
)
_UNDONE = (
    select(func.count())
    .select_from(Import)
    .where(col(Import.workspace_id) == given("workspace_id"), col(Import.undone_at).is_not(None))
)
_MARK = Read(
    select(func.count(), func.max(EntryVersion.changed_at), _UNDONE.scalar_subquery()).where(
        col(EntryVersion.workspace_id) == given("workspace_id")
    )
)
_IMPORTED = Read(
    select(EntryVersion.initiative_key, EntryVersion.facts)
    .where(
        col(EntryVersion.workspace_id) == given("workspace_id"),
        one_of(col(EntryVersion.initiative_key), "keys"),
        col(EntryVersion.import_id).in_(_IMPORTS_IN_FORCE),
        EntryVersion.version > 0,
    )
    .order_by(col(EntryVersion.version))
)
_OWN = case(
    (
        and_(col(EntryVersion.import_id) == given("import_id"), col(EntryVersion.version) > 0),
        col(EntryVersion.version),
    )
)
_OF_IMPORT = select(EntryVersion.initiative_key).where(
    EntryVersion.workspace_id == given("workspace_id"),
    EntryVersion.import_id == given("import_id"),
)
_TOUCHED = Read(
    select_many(
        col(EntryVersion.initiative_key),
        func.min(EntryVersion.version) == func.min(_OWN),
        func.max(EntryVersion.version) != func.max(_OWN),
    )
    .where(
        col(EntryVersion.workspace_id) == given("workspace_id"),
        col(EntryVersion.initiative_key).in_(_OF_IMPORT),
    )
    .group_by(col(EntryVersion.initiative_key))
    .order_by(col(EntryVersion.initiative_key))
)


class Touched(NamedTuple):
    """An entry that an import made or changed."""

    key: str
    is_entered: bool  # it was not there before
    is_edited: bool  # there is a later version


def add_all(session: Session, rows: Sequence[EntryVersion]) -> None:
    """Store versions of entries."""
    insert_all(session, rows)


def mark(reader: Reader, workspace_id: str) -> Mark:
    """Return a mark that every change of the registry alters: a version, an import undone."""
    return _MARK.one(reader, workspace_id=workspace_id)


def get(reader: Reader, workspace_id: str, key: str, version: int) -> EntryVersion | None:
    """Return an entry as it was in one version."""
    return _VERSION.first(reader, workspace_id=workspace_id, key=key, version=version)


def newest(reader: Reader, workspace_id: str, key: str, limit: int) -> Sequence[EntryVersion]:
    """Return the newest versions of an entry, newest first."""
    return _NEWEST.all(reader, workspace_id=workspace_id, key=key, limit=limit)


def who_named(
    reader: Reader, workspace_id: str, named: Collection[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Return who made people lead, by user id and initiative key, where its versions tell."""
    authors: dict[tuple[str, str], str] = {}
    leads: dict[str, str] = {}
    keys = {key for _, key in named}
    for key, author_id, facts in _AUTHORS.all(reader, workspace_id=workspace_id, keys=keys):
        lead_id = facts.get("lead_id") or ""
        if lead_id != leads.get(key, "") and (lead_id, key) in named:
            authors[lead_id, key] = author_id
        leads[key] = lead_id
    return authors


def last_imported(
    reader: Reader, workspace_id: str, keys: Collection[str]
) -> dict[str, dict[str, Any]]:
    """Return the facts of initiatives as a file last gave them, by the initiative's key.

    An import that was undone has given nothing.
    """
    rows = _IMPORTED.all(reader, workspace_id=workspace_id, keys=keys)
    return {key: dict(facts) for key, facts in rows}


def touched_by(reader: Reader, workspace_id: str, import_id: str) -> list[Touched]:
    """Return the entries that an import made or changed, in the order of their keys."""
    rows = _TOUCHED.all(reader, workspace_id=workspace_id, import_id=import_id)
    return [Touched(key, bool(is_entered), bool(is_edited)) for key, is_entered, is_edited in rows]


def newest_of(
    reader: Reader, workspace_id: str, keys: Collection[str]
) -> dict[str, list[EntryVersion]]:
    """Return all versions of these entries, newest first, by the initiative's key."""
    found: dict[str, list[EntryVersion]] = defaultdict(list)
    for row in _NEWEST_OF.all(reader, workspace_id=workspace_id, keys=keys):
        found[row.initiative_key].append(row)
    return found
