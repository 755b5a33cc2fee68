"""The audit log."""

from uuid import uuid4

from sqlmodel import Session

from storage.insert import insert
from storage.models import AuditEntry


def add(session: Session, entry: AuditEntry) -> None:
    """Append an entry; it is never changed."""
    insert(session, entry)


def new_id() -> str:
    """Return an id that no other entry has."""
    return uuid4().hex
