"""What people have typed and not yet submitted."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, delete, select

from storage.insert import insert_or_change
from storage.models import Draft
from storage.reading import Read, Reader, connection_of, given

_MINE = select(Draft).where(
    Draft.workspace_id == given("workspace_id"), Draft.user_id == given("user_id")
)
_ONE = Read(_MINE.where(Draft.initiative_key == given("key")))
_KEYS = Read(
    select(Draft.initiative_key).where(
        Draft.workspace_id == given("workspace_id"),
        Draft.user_id == given("user_id"),
        col(Draft.call_on).is_not_distinct_from(given("call_on")),
    )
)
_DISCARD = delete(Draft).where(
    col(Draft.workspace_id) == given("workspace_id"),
    col(Draft.user_id) == given("user_id"),
    col(Draft.initiative_key) == given("key"),
)


def get(reader: Reader, workspace_id: str, user_id: str, key: str) -> Draft | None:
    """Return somebody's draft for an initiative, if there is one."""
    return _ONE.first(reader, workspace_id=workspace_id, user_id=user_id, key=key)


def keys_of(reader: Reader, workspace_id: str, user_id: str, call_on: date | None) -> Sequence[str]:
    """Return the initiatives that somebody has drafts for in a round."""
    return _KEYS.all(reader, workspace_id=workspace_id, user_id=user_id, call_on=call_on)


def hold(session: Session, workspace_id: str, user_id: str, key: str) -> Draft | None:
    """Return somebody's draft, held until the transaction ends, to add to what it says."""
    return session.get(Draft, (workspace_id, user_id, key), with_for_update=True)


def save(session: Session, draft: Draft) -> None:
    """Keep a draft in place of an earlier one."""
    insert_or_change(session, draft, ("call_on", "answers", "saved_at"))


def discard(session: Session, workspace_id: str, user_id: str, key: str) -> None:
    """Forget somebody's draft for an initiative."""
    mine = {"workspace_id": workspace_id, "user_id": user_id, "key": key}
    connection_of(session).execute(_DISCARD, mine)
