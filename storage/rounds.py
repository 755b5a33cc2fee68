"""Rounds: one week's collection each."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from storage.models import Round


def get(session: Session, workspace_id: str, call_on: date) -> Round | None:
    """Return the round of one call, if it was opened."""
    return session.get(Round, (workspace_id, call_on))


def current(session: Session, workspace_id: str, now: datetime) -> Round | None:
    """Return the round that an update filed now counts for.

    That is the one whose call comes next; between a call and the opening of the next round
    it is the one just past, whose updates are late.
    """
    mine = select(Round).where(Round.workspace_id == workspace_id)
    coming = mine.where(col(Round.call_at) > now).order_by(col(Round.call_on)).limit(1)
    past = mine.where(col(Round.call_at) <= now).order_by(col(Round.call_on).desc()).limit(1)
    return session.exec(coming).one_or_none() or session.exec(past).one_or_none()


def latest(session: Session, workspace_id: str) -> Round | None:
    """Return the round of the last call, open or closed."""
    mine = select(Round).where(Round.workspace_id == workspace_id)
    return session.exec(mine.order_by(col(Round.call_on).desc()).limit(1)).one_or_none()


def days_before(session: Session, workspace_id: str, call_on: date, limit: int) -> Sequence[date]:
    """Return the days of the calls before one, newest first."""
    return session.exec(
        select(col(Round.call_on))
        .where(Round.workspace_id == workspace_id, col(Round.call_on) < call_on)
        .order_by(col(Round.call_on).desc())
        .limit(limit)
    ).all()


def still_open(session: Session, workspace_id: str) -> Sequence[Round]:
    """Return the rounds that are not closed yet, earliest first."""
    return session.exec(
        select(Round)
        .where(Round.workspace_id == workspace_id, col(Round.closed_at).is_(None))
        .order_by(col(Round.call_on))
    ).all()


def add(session: Session, round_: Round) -> Round:
    """Store a round that opens."""
    session.add(round_)
    session.flush()
    return round_
