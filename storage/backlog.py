"""Counting what waits."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from storage.models import (
    InboxItem,
    InboxState,
    Notification,
    NotificationState,
    Promise,
    PromiseState,
)
from storage.reading import Read, Reader, given

_PROMISES = Read(
    select(func.count(), func.min(Promise.due_at)).where(
        Promise.workspace_id == given("workspace_id"),
        Promise.state == PromiseState.PENDING,
        col(Promise.due_at) <= given("now"),
    )
)
_MESSAGES = Read(
    select(func.count(), func.min(Notification.due_at)).where(
        Notification.workspace_id == given("workspace_id"),
        col(Notification.state).in_((NotificationState.PENDING, NotificationState.SENDING)),
        col(Notification.due_at) <= given("now"),
    )
)
_ITEMS = Read(
    select(func.count()).where(
        col(InboxItem.workspace_id) == given("workspace_id"),
        InboxItem.state == InboxState.RECEIVED,
    )
)


def due_promises(reader: Reader, workspace_id: str, now: datetime) -> tuple[int, datetime | None]:
    """Return how many promises are due, and since when the oldest is."""
    return _PROMISES.one(reader, workspace_id=workspace_id, now=now)


def due_messages(reader: Reader, workspace_id: str, now: datetime) -> tuple[int, datetime | None]:
    """Return how many messages are due and not sent, and since when the oldest is."""
    return _MESSAGES.one(reader, workspace_id=workspace_id, now=now)


def open_items(reader: Reader, workspace_id: str) -> int:
    """Return how much has come in and is not dealt with."""
    return _ITEMS.one(reader, workspace_id=workspace_id)
