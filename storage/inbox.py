"""The inbox: what came in, once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Update,
    and_,
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

# The names of parameters must not be those of columns: they would be set.
_NAMED = and_(
    col(InboxItem.workspace_id) == given("of_workspace"), col(InboxItem.key) == given("of_key")
)
_RECEIVE_AGAIN = (
    update(InboxItem)
    .where(_NAMED, col(InboxItem.acted).is_(False))
    .values(state=InboxState.RECEIVED, body=given("new_body"), claimed_at=given("new_claimed_at"))
)
_MARK_ACTED = update(InboxItem).where(_NAMED, col(InboxItem.acted).is_(False)).values(acted=True)
_UNMARK_ACTED = update(InboxItem).where(_NAMED).values(acted=False)
_ANSWER = given("new_answer", JSON(none_as_null=True))
_FINISH = (
    update(InboxItem)
    .where(_NAMED)
    .values(
        state=given("new_state"),
        body=None,
        answer=case((col(InboxItem.acted).is_(True), _ANSWER), else_=null()),
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
    _change(
        session,
        _RECEIVE_AGAIN,
        item.workspace_id,
        item.key,
        new_body=item.body,
        new_claimed_at=item.claimed_at,
    )


def mark_acted(session: Session, workspace_id: str, key: str) -> bool:
    """Note that what was asked for is being done; return whether nobody has done it yet.

    Somebody else who is doing it at this moment is waited for.
    """
    return _change(session, _MARK_ACTED, workspace_id, key) == 1


def unmark_acted(session: Session, workspace_id: str, key: str) -> None:
    """Note that nothing was done after all."""
    _change(session, _UNMARK_ACTED, workspace_id, key)


def finish(
    session: Session,
    workspace_id: str,
    key: str,
    state: InboxState,
    answer: dict[str, Any] | None = None,
) -> None:
    """Note that an item is dealt with, and forget its words; what was done keeps its answer."""
    _change(session, _FINISH, workspace_id, key, new_state=state, new_answer=answer)


def claim_unfinished(
    session: Session,
    workspace_ids: Collection[str],
    now: datetime,
    begun_before: datetime,
    limit: int,
) -> Sequence[InboxItem]:
    """Hold and return what began before an instant and was never finished, oldest first."""
    found = session.exec(
        select(InboxItem)
        .where(
            col(InboxItem.workspace_id).in_(workspace_ids),
            InboxItem.state == InboxState.RECEIVED,
            col(InboxItem.claimed_at) <= begun_before,
        )
        .order_by(col(InboxItem.received_at), col(InboxItem.key))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for item in found:
        item.claimed_at = now
        item.attempts += 1
    return found


def forget(session: Session, before: datetime) -> None:
    """Delete the finished items that came in before an instant."""
    session.execute(
        delete(InboxItem).where(
            col(InboxItem.state) != InboxState.RECEIVED,
            col(InboxItem.received_at) < before,
        )
    )


def _change(
    session: Session, statement: Update, workspace_id: str, key: str, **facts: object
) -> int:
    """Change an item and return how many that were; entities of it are not looked at again."""
    result = session.connection().execute(
        statement, {"of_workspace": workspace_id, "of_key": key, **facts}
    )
    return result.rowcount
