"""The decision log."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.insert import insert
from storage.models import Decision
from storage.reading import LIMIT, OFFSET, Read, Reader, given

_HERE = select(Decision).where(Decision.workspace_id == given("workspace_id"))
_NEWEST_FIRST = (col(Decision.decided_at).desc(), col(Decision.number).desc())
_BY_NUMBER = Read(_HERE.where(Decision.number == given("number")))
_PAGE = Read(_HERE.order_by(*_NEWEST_FIRST).offset(OFFSET).limit(LIMIT))
_PAGE_OF_INITIATIVE = Read(
    _HERE.where(Decision.initiative_key == given("key"))
    .order_by(*_NEWEST_FIRST)
    .offset(OFFSET)
    .limit(LIMIT)
)
_COUNT = (
    select(func.count())
    .select_from(Decision)
    .where(col(Decision.workspace_id) == given("workspace_id"))
)
_TOTAL = Read(_COUNT)
_TOTAL_OF_INITIATIVE = Read(_COUNT.where(col(Decision.initiative_key) == given("key")))
_LAST_NUMBER = Read(
    select(func.max(Decision.number)).where(Decision.workspace_id == given("workspace_id"))
)


def get(reader: Reader, workspace_id: str, number: int) -> Decision | None:
    """Return one decision."""
    return _BY_NUMBER.first(reader, workspace_id=workspace_id, number=number)


def page(
    reader: Reader, workspace_id: str, key: str, offset: int, limit: int
) -> tuple[Sequence[Decision], int]:
    """Return a page of the log, newest first, and how many there are; `key`: of an initiative."""
    wanted = {"workspace_id": workspace_id}
    part = {"offset": offset, "limit": limit}
    if key:
        wanted["key"] = key
        rows = _PAGE_OF_INITIATIVE.all(reader, **wanted, **part)
        return rows, _TOTAL_OF_INITIATIVE.one(reader, **wanted)
    return _PAGE.all(reader, **wanted, **part), _TOTAL.one(reader, **wanted)


def add(session: Session, decision: Decision) -> None:
    """Append a decision; it is never changed."""
    insert(session, decision)


def next_number(reader: Reader, workspace_id: str) -> int:
    """Return the number of the next decision; whoever decides holds `locks.hold_numbers`."""
    return (_LAST_NUMBER.one(reader, workspace_id=workspace_id) or 0) + 1
