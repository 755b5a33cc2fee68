"""The inbox: what came in, once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    CursorResult,
    and_,
    bindparam,
    case,
    delete,
    null,
    update,
)
from sqlmodel import Session, col, select

from storage.insert import insert_once
from storage.models import InboxItem, InboxState
from storage.reading import Read, Reader, given

_BY_KEY = Read(
    select(InboxItem).where(
        InboxItem.workspace_id == given("workspace_id"), InboxItem.key == given("key")
    )
)


def keep(session: Session, item: InboxItem) -> bool:
    """Store what came in unless it came before; return whether it is new."""
    return insert_once(session, item)


def get(reader: Reader, workspace_id: str, key: str) -> InboxItem | None:
    """Return what came in under a key."""
    return _BY_KEY.first(reader, workspace_id=workspace_id, key=key)


def receive_again(session: Session, item: InboxItem) -> None:
    """Keep the body of what came before and was refused then, to be worked on once more."""
    session.execute(
        update(InboxItem)
        .where(_named(item.workspace_id, item.key), col(InboxItem.acted).is_(False))
        .values(state=InboxState.RECEIVED, body=item.body, claimed_at=item.claimed_at)
    )


def mark_acted(session: Session, workspace_id: str, key: str) -> bool:
    """Note that what was asked for is being done; return whether nobody has done it yet.

    Somebody else who is doing it at this moment is waited for.
    """
    result = session.execute(
        update(InboxItem)
        .where(_named(workspace_id, key), col(InboxItem.acted).is_(False))
        .values(acted=True),
        execution_options={"synchronize_session": False},
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def unmark_acted(session: Session, workspace_id: str, key: str) -> None:
    """Note that nothing was done after all."""
    session.execute(
        update(InboxItem).where(_named(workspace_id, key)).values(acted=False),
        execution_options={"synchronize_session": False},
    )


def settle(
    session: Session,
    workspace_id: str,
    key: str,
    state: InboxState,
    answer: dict[str, Any] | None = None,
) -> None:
    """Note that an item is dealt with, and forget its words; what was done keeps its answer."""
    kept = bindparam("kept", answer, type_=JSON(none_as_null=True))
    session.execute(
        update(InboxItem)
        .where(_named(workspace_id, key))
        .values(
            state=state,
            body=None,
            answer=case((col(InboxItem.acted).is_(True), kept), else_=null()),
        ),
        execution_options={"synchronize_session": False},
    )


def claim_left(
    session: Session, workspace_id: str, now: datetime, left_before: datetime, limit: int
) -> Sequence[InboxItem]:
    """Hold and return what somebody began before an instant and never settled, oldest first."""
    left = session.exec(
        select(InboxItem)
        .where(
            InboxItem.workspace_id == workspace_id,
            InboxItem.state == InboxState.RECEIVED,
            col(InboxItem.claimed_at) <= left_before,
        )
        .order_by(col(InboxItem.received_at), col(InboxItem.key))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for item in left:
        item.claimed_at = now
        item.attempts += 1
    return left


def forget(session: Session, workspace_id: str, before: datetime) -> None:
    """Delete the settled items that came in before an instant."""
    session.execute(
        delete(InboxItem).where(
            col(InboxItem.workspace_id) == workspace_id,
            col(InboxItem.state) != InboxState.RECEIVED,
            col(InboxItem.received_at) < before,
        )
    )


def _named(workspace_id: str, key: str) -> ColumnElement[bool]:
    return and_(col(InboxItem.workspace_id) == workspace_id, col(InboxItem.key) == key)
