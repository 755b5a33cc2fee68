"""The registry's entries and their versions."""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from storage.models import Entry, EntryVersion


def get(session: Session, workspace_id: str, key: str) -> Entry | None:
    """Return what the registry says of an initiative, if anybody has written it yet."""
    return session.get(Entry, (workspace_id, key))


def among(session: Session, workspace_id: str, keys: Collection[str]) -> dict[str, Entry]:
    """Return the entries that these initiatives have, by their key."""
    found = session.exec(
        select(Entry).where(Entry.workspace_id == workspace_id, col(Entry.initiative_key).in_(keys))
    )
    return {entry.initiative_key: entry for entry in found}


def save(session: Session, entry: Entry, version: EntryVersion) -> None:
    """Store an entry, new or changed, and the version that it is now."""
    session.merge(entry)
    session.add(version)
    session.flush()


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
