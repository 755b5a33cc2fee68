"""Inventories that people send in a direct message."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.insert import insert_once
from storage.models import FileState, InventoryFile

_TO_DO = (FileState.ARRIVED, FileState.ACCEPTED, FileState.WITHDRAWN)
_WERE_STORED = (FileState.STORED, FileState.WITHDRAWN, FileState.UNDONE)


def keep(session: Session, file: InventoryFile) -> bool:
    """Store what somebody sent unless it is known; return whether it is new."""
    return insert_once(session, file)


def get(session: Session, workspace_id: str, file_id: str) -> InventoryFile | None:
    """Return a file by Slack's id, held until the transaction ends."""
    return session.get(InventoryFile, (workspace_id, file_id), with_for_update=True)


def read(session: Session, workspace_id: str, file_id: str) -> InventoryFile | None:
    """Return a file by Slack's id."""
    return session.get(InventoryFile, (workspace_id, file_id))


def is_any_due(session: Session, workspace_id: str, now: datetime) -> bool:
    """Return whether there is something to do with a file."""
    return session.exec(_due(workspace_id, now)).first() is not None


def take_due(
    session: Session, workspace_id: str, now: datetime, until: datetime
) -> InventoryFile | None:
    """Return the file that has waited longest; until an instant nobody else takes it."""
    found = session.exec(_due(workspace_id, now).with_for_update(skip_locked=True)).first()
    if found is not None:
        found.due_at = until
        found.attempts += 1
    return found


def once_stored(session: Session, workspace_id: str, limit: int) -> Sequence[InventoryFile]:
    """Return the files that were stored, newest first, whether or not that was undone."""
    return session.exec(
        select(InventoryFile)
        .where(
            InventoryFile.workspace_id == workspace_id,
            col(InventoryFile.state).in_(_WERE_STORED),
        )
        .order_by(col(InventoryFile.arrived_at).desc(), col(InventoryFile.file_id))
        .limit(limit)
    ).all()


def _due(workspace_id: str, now: datetime) -> SelectOfScalar[InventoryFile]:
    return (
        select(InventoryFile)
        .where(
            InventoryFile.workspace_id == workspace_id,
            col(InventoryFile.state).in_(_TO_DO),
            col(InventoryFile.due_at) <= now,
        )
        .order_by(col(InventoryFile.due_at), col(InventoryFile.file_id))
        .limit(1)
    )
