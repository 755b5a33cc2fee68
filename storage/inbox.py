"""The inbox: what came in, once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from storage.insert import insert_once
from storage.models import InboxItem, InboxState


def keep(session: Session, item: InboxItem) -> bool:
    """Store what came in unless it came before; return whether it is new."""
    return insert_once(session, item)


def get(session: Session, workspace_id: str, key: str) -> InboxItem | None:
    """Return what came in under a key."""
    return session.get(InboxItem, (workspace_id, key))


def settle(session: Session, workspace_id: str, key: str, state: InboxState) -> None:
    """Note that an item is dealt with, and forget its words."""
    session.execute(
        update(InboxItem)
        .where(col(InboxItem.workspace_id) == workspace_id, col(InboxItem.key) == key)
        .values(state=state, body=None)
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
