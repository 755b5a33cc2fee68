"""Undoing the last import: what it entered goes, what it changed is as before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from storage import entries, entry_versions, imports, initiatives, locks
from storage.models import EntryVersion, Import
from workflows import audit
from workflows.changes import changed
from workflows.errors import NothingToUndoError
from workflows.owing import What
from workflows.registry.facts import Facts
from workflows.registry.recording import Author, Next, read_all, record
from workflows.services import Actor, Services

_BATCH_KEYS = 500


@dataclass
class Undone:
    """What became of an import, by initiative key."""

    file_name: str
    removed: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # somebody has worked on them since

    @property
    def words(self) -> str:
        """What became of it, as people are told."""
        restored = f", {len(self.restored):,} put back as they were" if self.restored else ""
        return f"{len(self.removed):,} removed{restored}."


def undo_import(services: Services, actor: Actor) -> Undone:
    """Undo the newest import, in one transaction; what people changed since stays.

    Raises:
        NothingToUndoError: there is none.
    """
    with services.transaction() as session:
        return undo_within(session, actor, services.now())


def undo_within(
    session: Session, actor: Actor, now: datetime, import_id: str | None = None
) -> Undone:
    """Undo, as `undo_import` does, in a transaction that others share.

    Raises:
        NothingToUndoError: there is none, or the newest is not the one that was named.
    """
    locks.hold_registry(session, actor.workspace_id)
    last = imports.last_to_change(session, actor.workspace_id)
    if last is None or import_id not in (None, last.id):
        raise NothingToUndoError()
    undone = Undone(last.file_name)
    by = Author(actor.user_id, now)
    keys = entry_versions.of_import(session, actor.workspace_id, last.id)
    for start in range(0, len(keys), _BATCH_KEYS):
        batch = keys[start : start + _BATCH_KEYS]
        _undo(session, actor.workspace_id, batch, undone, last, by)
    last.undone_at = now
    counts = f"{len(undone.removed)} removed, {len(undone.restored)} restored"
    audit.record(session, now, actor, "undo_import", counts)
    changed(session, actor.workspace_id, What.REGISTRY, now, keys)
    return undone


def _undo(
    session: Session,
    workspace_id: str,
    keys: Sequence[str],
    undone: Undone,
    import_: Import,
    by: Author,
) -> None:
    found = initiatives.among(session, workspace_id, keys)
    known = {one.initiative.key: one for one in read_all(session, workspace_id, found)}
    in_use = initiatives.in_use(session, workspace_id, keys)
    removed: list[str] = []
    restored: dict[str | None, list[Next]] = defaultdict(list)  # by the import that it came with
    for key, versions in entry_versions.newest_of(session, workspace_id, keys).items():
        before = _before(versions, import_.id)
        if versions[0].import_id != import_.id or (before is None and key in in_use):
            undone.kept.append(key)
        elif before is None:
            removed.append(key)
        else:
            facts = Facts.model_validate(before.facts)
            restored[before.import_id].append(Next(key, facts, known[key]))
            undone.restored.append(key)
    for import_id, versions_again in restored.items():
        record(session, workspace_id, versions_again, Author(by.user_id, by.now, import_id))
    entries.remove_all(session, workspace_id, removed)
    undone.removed += sorted(removed)


def _before(versions: Sequence[EntryVersion], import_id: str) -> EntryVersion | None:
    """Return the version that an import found; None if it entered the initiative.

    Version 0 is how an entry stood before anybody wrote, whoever wrote then.
    """
    own = [one.version for one in versions if one.import_id == import_id and one.version > 0]
    return next((one for one in versions if one.version < min(own)), None)
