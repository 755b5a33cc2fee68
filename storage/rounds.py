"""Rounds: one week's collection each."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from storage.models import Round


def get(session: Session, workspace_id: str, call_on: date) -> Round | None:
    """Return the round of one call, if it was opened."""
    return session.get(Round, (workspace_id, call_on))


def latest(session: Session, workspace_id: str) -> Round | None:
    """Return the round that was opened last, open or closed."""
    return session.exec(
        select(Round)
        .where(Round.workspace_id == workspace_id)
        .order_by(col(Round.call_on).desc())
        .limit(1)
    ).one_or_none()


def still_open(session: Session, workspace_id: str) -> Sequence[Round]:
    """Return the rounds that are not closed yet, earliest first."""
    return session.exec(
        select(Round)
        .where(Round.workspace_id == workspace_id, col(Round.closed_at).is_(None))
        .order_by(col(Round.call_on))
    ).all()
