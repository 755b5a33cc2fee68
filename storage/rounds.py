"""Rounds: one week's collection each."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from storage.models import Round
from storage.reading import LIMIT, Read, Reader, given

_HERE = select(Round).where(Round.workspace_id == given("workspace_id"))
_BY_DAY = Read(_HERE.where(Round.call_on == given("call_on")))
_LATEST = Read(_HERE.order_by(col(Round.call_on).desc()).limit(1))
_COMING = Read(_HERE.where(col(Round.call_at) > given("now")).order_by(col(Round.call_on)).limit(1))
_PAST = Read(
    _HERE.where(col(Round.call_at) <= given("now")).order_by(col(Round.call_on).desc()).limit(1)
)
_DAYS_BEFORE = Read(
    select(col(Round.call_on))
    .where(Round.workspace_id == given("workspace_id"), col(Round.call_on) < given("call_on"))
    .order_by(col(Round.call_on).desc())
    .limit(LIMIT)
)
_OPEN = Read(_HERE.where(col(Round.closed_at).is_(None)).order_by(col(Round.call_on)))


def get(reader: Reader, workspace_id: str, call_on: date) -> Round | None:
    """Return the round of one call, if it was opened."""
    return _BY_DAY.first(reader, workspace_id=workspace_id, call_on=call_on)


def to_change(session: Session, workspace_id: str, call_on: date) -> Round | None:
    """Return the round of one call to be changed, if it was opened."""
    return session.get(Round, (workspace_id, call_on))


def first_called_after(reader: Reader, workspace_id: str, now: datetime) -> Round | None:
    """Return the round whose call is the next after an instant."""
    return _COMING.first(reader, workspace_id=workspace_id, now=now)


def last_called_by(reader: Reader, workspace_id: str, now: datetime) -> Round | None:
    """Return the round whose call was the last at an instant, or is just then."""
    return _PAST.first(reader, workspace_id=workspace_id, now=now)


def latest(reader: Reader, workspace_id: str) -> Round | None:
    """Return the round of the last call, open or closed."""
    return _LATEST.first(reader, workspace_id=workspace_id)


def days_before(reader: Reader, workspace_id: str, call_on: date, limit: int) -> Sequence[date]:
    """Return the days of the calls before one, newest first."""
    return _DAYS_BEFORE.all(reader, workspace_id=workspace_id, call_on=call_on, limit=limit)


def still_open(reader: Reader, workspace_id: str) -> Sequence[Round]:
    """Return the rounds that are not closed yet, earliest first."""
    return _OPEN.all(reader, workspace_id=workspace_id)


def add(session: Session, round_: Round) -> Round:
    """Store a round that opens."""
    session.add(round_)
    session.flush()
    return round_
