"""User groups of Slack's, as they were read last."""

from collections.abc import Sequence

from sqlmodel import Session, select

from storage.insert import insert_or_change
from storage.models import UserGroup
from storage.reading import Read, Reader, given

_HERE = select(UserGroup).where(UserGroup.workspace_id == given("workspace_id"))
_EVERY = Read(_HERE)


def every(reader: Reader, workspace_id: str) -> Sequence[UserGroup]:
    """Return every group that was read, or tried to."""
    return _EVERY.all(reader, workspace_id=workspace_id)


def save(session: Session, group: UserGroup) -> None:
    """Store a group, new or changed."""
    insert_or_change(session, group, ("user_ids", "asked_at", "unreadable_since_at", "is_changed"))


def to_change(session: Session, workspace_id: str, group_id: str) -> UserGroup | None:
    """Return a group to be changed, if it is known."""
    return session.get(UserGroup, (workspace_id, group_id))
