"""The chain of seals over the audit log: its links, its salts, and what is still to be sealed."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import and_, delete, func, or_
from sqlalchemy.exc import DataError
from sqlmodel import Session, col, select

from storage.insert import insert_all
from storage.models import AuditEntry, AuditLink, AuditSalt, AuditUnsealed
from storage.reading import LIMIT, Read, Reader, connection_of, given
from storage.several import one_of

UNREADABLE = (ValueError, DataError)  # raised by a value that is none of its column's type
_HERE = col(AuditUnsealed.workspace_id) == given("workspace_id")
_LINKED_HERE = col(AuditLink.workspace_id) == given("workspace_id")
_WRITTEN_HERE = col(AuditEntry.workspace_id) == given("workspace_id")
_OF_QUEUED = and_(
    col(AuditEntry.workspace_id) == col(AuditUnsealed.workspace_id),
    col(AuditEntry.id) == col(AuditUnsealed.entry_id),
    col(AuditEntry.at) == col(AuditUnsealed.at),
)
_LINK_OF_ENTRY = and_(
    col(AuditLink.workspace_id) == col(AuditEntry.workspace_id),
    col(AuditLink.entry_id) == col(AuditEntry.id),
)
_IN_ORDER = (col(AuditEntry.at), col(AuditEntry.id))


def _workspaces_of(model: Any) -> Read[str]:
    """Return what reads the workspaces of a table from one to the next, however many rows it has.

    Each step is one look into the index of the primary key.
    """
    first = select(func.min(model.workspace_id).label("id"))
    found = first.cte("found", recursive=True)
    following = (
        select(func.min(model.workspace_id))
        .where(model.workspace_id > found.c.id)
        .scalar_subquery()
    )
    found = found.union_all(select(following).where(found.c.id.is_not(None)))
    return Read(select(found.c.id).where(found.c.id.is_not(None)))


_WAITING = _workspaces_of(AuditUnsealed)
_KNOWN = [_workspaces_of(model) for model in (AuditEntry, AuditUnsealed, AuditLink)]
_LAST_LINK = Read(
    select(AuditLink).where(_LINKED_HERE).order_by(col(AuditLink.position).desc()).limit(1)
)
_WAIT_ORDER = (col(AuditUnsealed.at), col(AuditUnsealed.entry_id))
_QUEUED = select(AuditUnsealed).where(_HERE).order_by(*_WAIT_ORDER).limit(LIMIT)
_QUEUED_FIRST = Read(_QUEUED)
_QUEUED_AFTER = Read(
    _QUEUED.where(
        col(AuditUnsealed.at) >= given("at"),
        or_(col(AuditUnsealed.at) > given("at"), col(AuditUnsealed.entry_id) > given("id")),
    )
)
_ENTRIES = Read(select(AuditEntry).where(_WRITTEN_HERE, one_of(col(AuditEntry.id), "ids")))
_LINKED = Read(
    select(AuditLink.entry_id).where(_LINKED_HERE, one_of(col(AuditLink.entry_id), "ids"))
)
_FORGET = delete(AuditUnsealed).where(
    _HERE,
    col(AuditUnsealed.at).between(given("first_at"), given("last_at")),  # found by the index
    one_of(col(AuditUnsealed.entry_id), "entry_ids"),
)
_LINKS = Read(
    select(AuditLink, AuditEntry)
    .outerjoin(AuditEntry, _LINK_OF_ENTRY)
    .where(_LINKED_HERE, col(AuditLink.position) > given("after"))
    .order_by(col(AuditLink.position))
    .limit(LIMIT)
)
_LINK_ALONE = Read(
    select(AuditLink)
    .where(_LINKED_HERE, col(AuditLink.position) > given("after"))
    .order_by(col(AuditLink.position))
    .limit(LIMIT)
)
_ENTRY = Read(select(AuditEntry).where(_WRITTEN_HERE, AuditEntry.id == given("id")))
_UNLINKED = (
    select(AuditEntry)
    .outerjoin(AuditLink, _LINK_OF_ENTRY)
    .where(_WRITTEN_HERE, col(AuditLink.position).is_(None))
    .order_by(*_IN_ORDER)
    .limit(LIMIT)
)
_UNLINKED_FIRST = Read(_UNLINKED)
_UNLINKED_AFTER = Read(
    _UNLINKED.where(
        col(AuditEntry.at) >= given("at"),
        or_(col(AuditEntry.at) > given("at"), col(AuditEntry.id) > given("id")),
    )
)
_ADDED = (
    select(AuditEntry.id)
    .outerjoin(AuditLink, _LINK_OF_ENTRY)
    .outerjoin(AuditUnsealed, _OF_QUEUED)
    .where(_WRITTEN_HERE, col(AuditLink.position).is_(None), col(AuditUnsealed.at).is_(None))
)
_ADDED_IDS = Read(_ADDED.order_by(col(AuditEntry.id)).limit(LIMIT))
_ADDED_COUNT = Read(select(func.count()).select_from(_ADDED.subquery()))
_LOST = Read(
    select(AuditUnsealed.entry_id)
    .outerjoin(AuditEntry, _OF_QUEUED)
    .where(_HERE, col(AuditEntry.id).is_(None))
    .order_by(col(AuditUnsealed.entry_id))
    .limit(LIMIT)
)
_UNSEALED = (
    select(AuditEntry.id)
    .select_from(AuditUnsealed)
    .join(AuditEntry, _OF_QUEUED)
    .outerjoin(AuditLink, _LINK_OF_ENTRY)
    .where(_HERE, col(AuditLink.position).is_(None))
)
_UNSEALED_IDS = Read(_UNSEALED.order_by(*_WAIT_ORDER).limit(LIMIT))
_UNSEALED_COUNT = Read(select(func.count()).select_from(_UNSEALED.subquery()))
_SALTS = Read(
    select(AuditSalt).where(
        AuditSalt.workspace_id == given("workspace_id"), one_of(col(AuditSalt.user_id), "user_ids")
    )
)


def waiting_workspaces(reader: Reader) -> list[str]:
    """Return the workspaces in which something is not sealed yet."""
    return _WAITING.all(reader)


def known_workspaces(reader: Reader) -> list[str]:
    """Return the workspaces of which the log or the chain says anything."""
    return sorted({workspace_id for one in _KNOWN for workspace_id in one.all(reader)})


def last_link(reader: Reader, workspace_id: str) -> AuditLink | None:
    """Return the end of the chain."""
    return _LAST_LINK.first(reader, workspace_id=workspace_id)


def queued(reader: Reader, workspace_id: str, limit: int) -> list[AuditEntry]:
    """Return what waits to be sealed, oldest first.

    The queue is read by itself, and its entries by their ids: a join of both would be planned by
    what the database believes of a table that is empty one second and full the next.
    """
    waiting = _QUEUED_FIRST.all(reader, workspace_id=workspace_id, limit=limit)
    while waiting:
        wanted = {"workspace_id": workspace_id, "ids": [one.entry_id for one in waiting]}
        by_id = {entry.id: entry for entry in _ENTRIES.all(reader, **wanted)}
        found = [(one.at, by_id[one.entry_id]) for one in waiting if one.entry_id in by_id]
        # What has another time by now was changed, and is left for `lost` to name.
        if there := [entry for at, entry in found if entry.at == at]:
            return there
        last = waiting[-1]  # none of these is there: somebody has removed them
        place = {"workspace_id": workspace_id, "at": last.at, "id": last.entry_id}
        waiting = _QUEUED_AFTER.all(reader, **place, limit=limit)
    return []


def linked_among(reader: Reader, entries: Sequence[AuditEntry]) -> set[str]:
    """Return the ids of those of these entries that are in the chain."""
    wanted = {"workspace_id": entries[0].workspace_id, "ids": [entry.id for entry in entries]}
    return set(_LINKED.all(reader, **wanted))


def unsealed(reader: Reader, workspace_id: str, limit: int) -> tuple[list[str], int]:
    """Return the ids of the first entries that are not sealed yet, and how many they are."""
    ids = _UNSEALED_IDS.all(reader, workspace_id=workspace_id, limit=limit)
    return ids, _UNSEALED_COUNT.one(reader, workspace_id=workspace_id) if ids else 0


def add_links(session: Session, links: Sequence[AuditLink]) -> None:
    """Lengthen the chain.

    Raises:
        IntegrityError: there is another link in the place, or of the entry.
    """
    insert_all(session, links)


def forget_queued(session: Session, entries: Sequence[AuditEntry]) -> None:
    """Note that entries, in their order, wait to be sealed no more."""
    wanted = {
        "workspace_id": entries[0].workspace_id,
        "first_at": entries[0].at,
        "last_at": entries[-1].at,
        "entry_ids": [entry.id for entry in entries],
    }
    connection_of(session).execute(_FORGET, wanted)


def links_after(
    reader: Reader, workspace_id: str, position: int, limit: int
) -> Sequence[tuple[AuditLink, AuditEntry | None]]:
    """Return the links after a position in their order, each with its entry if that is there.

    Raises:
        UNREADABLE: somebody has put into an entry what none can hold.
    """
    return _LINKS.all(reader, workspace_id=workspace_id, after=position, limit=limit)


def link_after(reader: Reader, workspace_id: str, position: int) -> AuditLink | None:
    """Return the next link after a position, without its entry."""
    return _LINK_ALONE.first(reader, workspace_id=workspace_id, after=position, limit=1)


def entry_of(reader: Reader, link: AuditLink) -> AuditEntry | None:
    """Return the entry of a link, if it is there.

    Raises:
        UNREADABLE: it holds what none can hold.
    """
    return _ENTRY.first(reader, workspace_id=link.workspace_id, id=link.entry_id)


def unlinked_after(
    reader: Reader, workspace_id: str, last: AuditEntry | None, limit: int
) -> list[AuditEntry]:
    """Return the entries after one that no link is of, in their order."""
    if last is None:
        return _UNLINKED_FIRST.all(reader, workspace_id=workspace_id, limit=limit)
    wanted = {"workspace_id": workspace_id, "at": last.at, "id": last.id, "limit": limit}
    return _UNLINKED_AFTER.all(reader, **wanted)


def added(reader: Reader, workspace_id: str, limit: int) -> tuple[list[str], int]:
    """Return the ids of entries that are neither sealed nor wait for it, and how many they are."""
    ids = _ADDED_IDS.all(reader, workspace_id=workspace_id, limit=limit)
    return ids, _ADDED_COUNT.one(reader, workspace_id=workspace_id) if ids else 0


def lost(reader: Reader, workspace_id: str, limit: int) -> list[str]:
    """Return the ids of entries that wait to be sealed and are not there."""
    return _LOST.all(reader, workspace_id=workspace_id, limit=limit)


def salts(reader: Reader, workspace_id: str, user_ids: Collection[str]) -> dict[str, str]:
    """Return the salts of those of these people who have one, by their user id."""
    found = _SALTS.all(reader, workspace_id=workspace_id, user_ids=user_ids) if user_ids else []
    return {one.user_id: one.salt for one in found}


def add_salts(session: Session, workspace_id: str, salts: dict[str, str]) -> None:
    """Keep the salts of people who had none."""
    rows = [
        AuditSalt(workspace_id=workspace_id, user_id=user_id, salt=salt)
        for user_id, salt in salts.items()
    ]
    insert_all(session, rows)


def delete_salt(session: Session, workspace_id: str, user_id: str) -> None:
    """Delete somebody's salt: what was hashed with it is nobody's any more."""
    connection_of(session).execute(
        delete(AuditSalt).where(
            col(AuditSalt.workspace_id) == workspace_id, col(AuditSalt.user_id) == user_id
        )
    )
