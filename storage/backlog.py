"""Counting what waits."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.models import (
    InboxItem,
    InboxState,
    Notification,
    NotificationState,
    Promise,
    PromiseState,
)


def due_promises(session: Session, workspace_id: str, now: datetime) -> tuple[int, datetime | None]:
    """Return how many promises are due, and since when the oldest is."""
    return session.exec(
        select(func.count(), func.min(Promise.due_at)).where(
            Promise.workspace_id == workspace_id,
            Promise.state == PromiseState.PENDING,
            col(Promise.due_at) <= now,
        )
    ).one()


def due_messages(session: Session, workspace_id: str, now: datetime) -> tuple[int, datetime | None]:
    """Return how many messages are due and not sent, and since when the oldest is."""
    return session.exec(
        select(func.count(), func.min(Notification.due_at)).where(
            Notification.workspace_id == workspace_id,
            col(Notification.state).in_((NotificationState.PENDING, NotificationState.SENDING)),
            col(Notification.due_at) <= now,
        )
    ).one()


def open_items(session: Session, workspace_id: str) -> int:
    """Return how much has come in and is not dealt with."""
    return session.exec(
        select(func.count()).where(
            InboxItem.workspace_id == workspace_id, InboxItem.state == InboxState.RECEIVED
        )
    ).one()
