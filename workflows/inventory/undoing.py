"""Undoing the last import: what it entered goes, what it changed is as before."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from storage import dependencies, entries, entry_versions, imports, initiatives, locks
from storage.entry_versions import Touched
from storage.models import EntryVersion, Fact, Import
from workflows import audit
from workflows.changes import changed
from workflows.errors import NothingToUndoError
from workflows.owing import What
from workflows.registry.cascade import key_of
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
    kept: list[str] = field(default_factory=list)  # worked on since, or needed by what stays

    @property
    def words(self) -> str:
        """What became of it, as people are told."""
        restored = f", {len(self.restored):,} put back as they were" if self.restored else ""
        return f"{len(self.removed):,} removed{restored}."

    @property
    def kept_words(self) -> str:
        """What stays, and why; "" where nothing does."""
        if not self.kept:
            return ""
        stay = "1 stays" if len(self.kept) == 1 else f"{len(self.kept):,} stay"
        return f"{stay}: somebody has worked on them since, or something that stays needs them."


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
    touched = entry_versions.touched_by(session, actor.workspace_id, last.id)
    going = _going(session, actor.workspace_id, touched)
    undone.kept = [one.key for one in touched if _stays(one, going)]
    undone.removed = sorted(going)
    undone.restored = [one.key for one in touched if _is_put_back(one)]
    for start in range(0, len(undone.restored), _BATCH_KEYS):
        batch = undone.restored[start : start + _BATCH_KEYS]
        _put_back(session, actor.workspace_id, batch, last, by)
    entries.remove_all(session, actor.workspace_id, undone.removed)
    last.undone_at = now
    counts = f"{len(undone.removed)} removed, {len(undone.restored)} restored"
    facts: dict[str, Fact] = {
        "import_id": last.id,
        "removed": len(undone.removed),
        "restored": len(undone.restored),
        "kept": len(undone.kept),
    }
    audit.record(session, now, actor, "undo_import", counts, facts=facts)
    changed(session, actor.workspace_id, What.REGISTRY, now, [one.key for one in touched])
    return undone


def _is_put_back(touched: Touched) -> bool:
    return not (touched.is_edited or touched.is_entered)


def _stays(touched: Touched, going: Collection[str]) -> bool:
    return touched.key not in going and not _is_put_back(touched)


def _going(session: Session, workspace_id: str, touched: Sequence[Touched]) -> set[str]:
    """Return what the import entered, but for what has updates and what anything staying needs."""
    entered = {one.key for one in touched if one.is_entered and not one.is_edited}
    going = entered - initiatives.with_updates(session, workspace_id, entered)
    put_back = {one.key for one in touched if _is_put_back(one)}  # to needs that were there before
    needs: dict[str, list[str]] = defaultdict(list)
    for key, _, thing, _ in dependencies.all_needs(session, workspace_id):
        if key not in put_back:
            needs[key].append(key_of(thing))
    staying = [key for key in needs if key not in going]
    while staying:
        for needed in needs.get(staying.pop(), ()):
            if needed in going:
                going.remove(needed)
                staying.append(needed)
    return going


def _put_back(
    session: Session, workspace_id: str, keys: Sequence[str], import_: Import, by: Author
) -> None:
    """Record entries as they were before the import, as their next versions."""
    found = initiatives.among(session, workspace_id, keys)
    known = {one.initiative.key: one for one in read_all(session, workspace_id, found)}
    again: dict[str | None, list[Next]] = defaultdict(list)  # by the import that it came with
    for key, versions in entry_versions.newest_of(session, workspace_id, keys).items():
        before = _before(versions, import_.id)
        again[before.import_id].append(Next(key, Facts.model_validate(before.facts), known[key]))
    for import_id, versions_again in again.items():
        record(session, workspace_id, versions_again, Author(by.user_id, by.now, import_id))


def _before(versions: Sequence[EntryVersion], import_id: str) -> EntryVersion:
    """Return the version that an import found.

    Version 0 is how an entry stood before anybody wrote, whoever wrote then.
    """
    own = [one.version for one in versions if one.import_id == import_id and one.version > 0]
    return next(one for one in versions if one.version < min(own))
