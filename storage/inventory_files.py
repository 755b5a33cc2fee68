"""Inventories that people send in a direct message."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.insert import insert_once
from storage.models import FileState, InventoryFile
from storage.reading import LIMIT, Read, Reader, given
from storage.several import one_of

_TO_DO = (FileState.ARRIVED, FileState.ACCEPTED, FileState.WITHDRAWN)
_WERE_STORED = (FileState.STORED, FileState.WITHDRAWN, FileState.UNDONE)
_HERE = select(InventoryFile).where(InventoryFile.workspace_id == given("workspace_id"))
_BY_ID = Read(_HERE.where(InventoryFile.file_id == given("file_id")))
_FIRST_DUE = (
    select(InventoryFile)
    .where(
        one_of(col(InventoryFile.workspace_id), "workspace_ids"),
        col(InventoryFile.state).in_(_TO_DO),
        col(InventoryFile.due_at) <= given("now"),
    )
    .order_by(col(InventoryFile.due_at), col(InventoryFile.file_id))
    .limit(1)
)
_DUE = Read(_FIRST_DUE)
_ONCE_STORED = Read(
    _HERE.where(col(InventoryFile.state).in_(_WERE_STORED))
    .order_by(col(InventoryFile.arrived_at).desc(), col(InventoryFile.file_id))
    .limit(LIMIT)
)


def keep(session: Session, file: InventoryFile) -> bool:
    """Store what somebody sent unless it is known; return whether it is new."""
    return insert_once(session, file)


def to_change(session: Session, workspace_id: str, file_id: str) -> InventoryFile | None:
    """Return a file by Slack's id to be changed, held until the transaction ends."""
    return session.get(InventoryFile, (workspace_id, file_id), with_for_update=True)


def get(reader: Reader, workspace_id: str, file_id: str) -> InventoryFile | None:
    """Return a file by Slack's id."""
    return _BY_ID.first(reader, workspace_id=workspace_id, file_id=file_id)


def is_any_due(reader: Reader, workspace_ids: Collection[str], now: datetime) -> bool:
    """Return whether there is something to do with a file of these workspaces."""
    return _DUE.first(reader, workspace_ids=workspace_ids, now=now) is not None


def take_due(
    session: Session, workspace_ids: Collection[str], now: datetime, until: datetime
) -> InventoryFile | None:
    """Return the file that has waited longest; until an instant nobody else takes it."""
    wanted = {"workspace_ids": list(workspace_ids), "now": now}
    found = session.exec(_FIRST_DUE.with_for_update(skip_locked=True), params=wanted).first()
    if found is not None:
        found.due_at = until
        found.attempts += 1
    return found


def once_stored(reader: Reader, workspace_id: str, limit: int) -> Sequence[InventoryFile]:
    """Return the files that were stored, newest first, whether or not that was undone."""
    return _ONCE_STORED.all(reader, workspace_id=workspace_id, limit=limit)
