"""What people have typed and not yet submitted."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, select

from storage.insert import insert_or_change
from storage.models import Draft


def get(session: Session, workspace_id: str, user_id: str, key: str) -> Draft | None:
    """Return somebody's draft for an initiative, if there is one."""
    return session.get(Draft, (workspace_id, user_id, key))


def keys_of(
    session: Session, workspace_id: str, user_id: str, call_on: date | None
) -> Sequence[str]:
    """Return the initiatives that somebody has drafts for in a round."""
    return session.exec(
        select(Draft.initiative_key).where(
            Draft.workspace_id == workspace_id, Draft.user_id == user_id, Draft.call_on == call_on
        )
    ).all()


def hold(session: Session, workspace_id: str, user_id: str, key: str) -> Draft | None:
    """Return somebody's draft, held until the transaction ends, to add to what it says."""
    return session.get(Draft, (workspace_id, user_id, key), with_for_update=True)


def save(session: Session, draft: Draft) -> None:
    """Keep a draft in place of an earlier one."""
    insert_or_change(session, draft, ("call_on", "answers", "saved_at"))


def discard(session: Session, workspace_id: str, user_id: str, key: str) -> None:
    """Forget somebody's draft for an initiative."""
    if draft := get(session, workspace_id, user_id, key):
        session.delete(draft)
