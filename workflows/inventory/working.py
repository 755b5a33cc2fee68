"""The work on inventories that people sent: checked, stored, undone, each in one transaction.

Whoever is free takes the next one for two minutes. If they die at it, somebody else does it again:
what is stored and that it is stored are one transaction.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from storage import inventory_files
from storage.models import FileState, InventoryFile
from workflows.errors import (
    ImportRefusedError,
    MappingInvalidError,
    NothingToUndoError,
    TableUnreadableError,
)
from workflows.inventory.findings import Findings, find_columns, outcome_of
from workflows.inventory.mapping import ImportMap, rate_sheet, references_of
from workflows.inventory.run import (
    Prepared,
    Source,
    check_inventory,
    prepare_inventory,
    take_within,
)
from workflows.inventory.sent_files import findings_of, refusal_to_take, tell
from workflows.inventory.undoing import undo_within
from workflows.services import Actor, Services
from workflows.tables.table import Table

_TAKEN_FOR = timedelta(minutes=2)  # far longer than any file takes
_AGAIN_AFTER = timedelta(seconds=30)
_MOST_ATTEMPTS = 5
_MOST_ROWS = 3000  # storing more would keep clicks waiting on SQLite for longer than Slack does
_MOST_REFERENCES = 40  # that Slack is asked about; it takes 50 a minute
_EARLIER = 20  # files whose columns may be the same
_GIVEN_UP = (
    "I tried five times, and failed. Nothing was stored. Please tell whoever runs me: "
    "my log says more."
)

FindPeople = Callable[[Sequence[str]], Mapping[str, str]]  # user ids by email or id


def take_up(services: Services, workspace_ids: Collection[str]) -> InventoryFile | None:
    """Return the next file that there is something to do with, and keep others from it."""
    now = services.now()
    with services.reading() as reader:
        if not inventory_files.is_any_due(reader, workspace_ids, now):
            return None
    with services.transaction() as session:
        file = inventory_files.take_due(session, workspace_ids, now, now + _TAKEN_FOR)
        if file is not None and file.attempts > _MOST_ATTEMPTS:
            _enter(session, file, FileState.REFUSED, now, _GIVEN_UP)
            return None
        return file


def put_off(services: Services, file: InventoryFile) -> None:
    """Let a file be tried again a little later."""
    now = services.now()
    with services.transaction() as session:
        if (held := _held(session, file)) is not None:
            held.due_at = now + _AGAIN_AFTER


def refuse(services: Services, file: InventoryFile, reason: str) -> None:
    """Tell the sender why a file can't be taken; `reason` is in words for people."""
    now = services.now()
    with services.transaction() as session:
        if (held := _held(session, file)) is not None:
            _enter(session, held, FileState.REFUSED, now, reason)


def check_file(
    services: Services, file: InventoryFile, path: Path, find_people: FindPeople
) -> None:
    """Find out what a file would do, and tell its sender."""
    try:
        findings = _found(services, file, path, find_people)
    except (TableUnreadableError, ImportRefusedError) as error:
        refuse(services, file, str(error))
        return
    now = services.now()
    with services.transaction() as session:
        if (held := _held(session, file)) is not None:
            held.findings = findings.model_dump(mode="json")
            held.digest = _digest(path)
            _enter(session, held, FileState.CHECKED, now, held.reason)


def store_file(
    services: Services, file: InventoryFile, path: Path, find_people: FindPeople
) -> None:
    """Store what was checked; a file that changed since is checked again instead."""
    now = services.now()
    actor = Actor(file.workspace_id, file.user_id)
    try:
        digest, prepared = _digest(path), _prepared(services, file, path, find_people)
        with services.transaction() as session:
            held = _held(session, file)
            if held is None:
                return
            if refusal := refusal_to_take(session, actor):  # they may have left since
                _enter(session, held, FileState.REFUSED, now, f"Nothing was stored. {refusal}")
                return
            if held.digest != digest or prepared is None:
                said = "The file changed after I checked it, so I checked it again."
                _enter(session, held, FileState.ARRIVED, now, said)
                return
            report = take_within(session, actor, prepared, file.name, now)
            fresh = findings_of(held).model_copy(update={"outcome": outcome_of(report)})
            held.findings, held.import_id = fresh.model_dump(mode="json"), report.import_id or None
            _enter(session, held, FileState.STORED, now)
    except (TableUnreadableError, ImportRefusedError, MappingInvalidError) as error:
        refuse(services, file, f"Nothing was stored: {error}")


def undo_file(services: Services, file: InventoryFile) -> None:
    """Undo what was stored of a file, unless another import has followed it."""
    now = services.now()
    actor = Actor(file.workspace_id, file.user_id)
    with services.transaction() as session:
        held = _held(session, file)
        if held is None:
            return
        if refusal := refusal_to_take(session, actor):
            _enter(session, held, FileState.STORED, now, f"Nothing was undone. {refusal}")
            return
        try:
            undone = undo_within(session, actor, now, held.import_id)
        except NothingToUndoError:
            said = "It can't be undone any more: another import came after it, or undid it."
            _enter(session, held, FileState.STORED, now, said)
            return
        said = f"{undone.words} {undone.kept_words}".strip()
        _enter(session, held, FileState.UNDONE, now, said)


def _found(
    services: Services, file: InventoryFile, path: Path, find_people: FindPeople
) -> Findings:
    said = ImportMap.model_validate(file.columns) if file.columns else None
    table = _open(path, said.sheet if said else "")
    findings = find_columns(table, said, _earlier(services, file.workspace_id))
    if findings.is_asked:
        return findings
    source = _source(file, table, findings.map, find_people)
    report = check_inventory(services, Actor(file.workspace_id, file.user_id), source)
    return findings.model_copy(update={"outcome": outcome_of(report)})


def _prepared(
    services: Services, file: InventoryFile, path: Path, find_people: FindPeople
) -> Prepared | None:
    """Return what a checked file changes; None if it has other columns by now."""
    map_ = findings_of(file).map
    table = _open(path, map_.sheet)
    source = _source(file, table, map_, find_people)
    try:
        return prepare_inventory(services, file.workspace_id, source)
    except MappingInvalidError:
        return None


def _source(file: InventoryFile, table: Table, map_: ImportMap, find_people: FindPeople) -> Source:
    people = find_people(references_of(table, map_)[:_MOST_REFERENCES])
    return Source(table, map_, map_.date_order, file.name, people)


def _earlier(services: Services, workspace_id: str) -> list[tuple[str, Findings]]:
    """Return what was found in the files that were stored, newest first."""
    with services.reading() as reader:
        stored = inventory_files.once_stored(reader, workspace_id, _EARLIER)
        return [(file.name, findings_of(file)) for file in stored]


def _open(path: Path, sheet: str) -> Table:
    """Open a table of a bounded size.

    Raises:
        TableUnreadableError: it is none, or too long.
    """
    from workflows.tables.reading import open_table  # slow, and few processes read one

    held = open_table(path, sheet, rate_sheet).held(_MOST_ROWS)
    if held is None:
        raise TableUnreadableError(
            f"This table has more than {_MOST_ROWS:,} rows, the most I can take here. "
            "Whoever runs me can import larger ones: rollcall import inventory FILE"
        )
    return held


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _held(session: Session, file: InventoryFile) -> InventoryFile | None:
    """Return the file as it is now, held; None if somebody has dealt with it meanwhile."""
    held = inventory_files.to_change(session, file.workspace_id, file.file_id)
    return held if held and held.state is file.state and held.changes == file.changes else None


def _enter(
    session: Session, file: InventoryFile, state: FileState, now: datetime, reason: str = ""
) -> None:
    file.state, file.reason, file.due_at, file.attempts = state, reason, now, 0
    file.changes += 1
    tell(session, file, now)
