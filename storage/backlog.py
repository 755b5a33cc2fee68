"""Counting what waits, in all workspaces."""

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
        Promise.state == PromiseState.PENDING,
        col(Promise.due_at) <= given("now"),
    )
)
_MESSAGES = Read(
    select(func.count(), func.min(Notification.due_at)).where(
        col(Notification.state).in_((NotificationState.PENDING, NotificationState.SENDING)),
        col(Notification.due_at) <= given("now"),
    )
)
_ITEMS = Read(
    select(func.count()).select_from(InboxItem).where(InboxItem.state == InboxState.RECEIVED)
)


def due_promises(reader: Reader, now: datetime) -> tuple[int, datetime | None]:
    """Return how many promises are due, and since when the oldest is."""
    return _PROMISES.one(reader, now=now)


def due_messages(reader: Reader, now: datetime) -> tuple[int, datetime | None]:
    """Return how many messages are due and not sent, and since when the oldest is."""
    return _MESSAGES.one(reader, now=now)


def open_items(reader: Reader) -> int:
    """Return how much has come in and is not dealt with."""
    return _ITEMS.one(reader)
