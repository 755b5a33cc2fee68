"""What people have typed and not yet submitted."""

from sqlmodel import Session

from storage.insert import insert_or_change
from storage.models import Draft


def get(session: Session, workspace_id: str, user_id: str, key: str) -> Draft | None:
    """Return somebody's draft for an initiative, if there is one."""
    return session.get(Draft, (workspace_id, user_id, key))


def save(session: Session, draft: Draft) -> None:
    """Keep a draft in place of an earlier one."""
    insert_or_change(session, draft, ("call_on", "answers", "saved_at"))


def discard(session: Session, workspace_id: str, user_id: str, key: str) -> None:
    """Forget somebody's draft for an initiative."""
    if draft := get(session, workspace_id, user_id, key):
        session.delete(draft)
