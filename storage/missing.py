"""What is not filed in a round: counted by the database, and read as far as it is shown."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlmodel import col, select

from storage.models import Initiative, Stage, Update
from storage.reading import LIMIT, Read, Reader, given
from storage.several import one_of

_IS_MISSING: ColumnElement[bool] = and_(
    col(Initiative.workspace_id) == given("workspace_id"),
    one_of(col(Initiative.stage), "stages"),
    ~exists().where(
        col(Update.workspace_id) == col(Initiative.workspace_id),
        col(Update.initiative_key) == col(Initiative.key),
        col(Update.call_on) == given("call_on"),
    ),
)
_SINCE = col(Initiative.owes_since_at)
_IS_SETTLED = or_(_SINCE.is_(None), given("since") >= _SINCE)
_COUNT = Read(select(func.count()).select_from(Initiative).where(_IS_MISSING, _IS_SETTLED))
_FIRST = Read(
    select(Initiative).where(_IS_MISSING, _IS_SETTLED).order_by(col(Initiative.key)).limit(LIMIT)
)
_NEW = Read(
    select(Initiative).where(_IS_MISSING, given("since") < _SINCE).order_by(col(Initiative.key))
)
_FILED = Read(
    select(func.count(func.distinct(Update.initiative_key))).where(
        col(Update.workspace_id) == given("workspace_id"), col(Update.call_on) == given("call_on")
    )
)


def count(
    reader: Reader, workspace_id: str, call_on: date, stages: Collection[Stage], since: datetime
) -> int:
    """Return how many initiatives that owe updates since an instant, or always, filed none."""
    return _COUNT.one(
        reader, workspace_id=workspace_id, call_on=call_on, stages=stages, since=since
    )


def first(
    reader: Reader,
    workspace_id: str,
    call_on: date,
    stages: Collection[Stage],
    since: datetime,
    limit: int,
) -> Sequence[Initiative]:
    """Return the first of them by their keys."""
    return _FIRST.all(
        reader,
        workspace_id=workspace_id,
        call_on=call_on,
        stages=stages,
        since=since,
        limit=limit,
    )


def new(
    reader: Reader, workspace_id: str, call_on: date, stages: Collection[Stage], since: datetime
) -> Sequence[Initiative]:
    """Return those that filed none and owe updates only since after an instant."""
    return _NEW.all(reader, workspace_id=workspace_id, call_on=call_on, stages=stages, since=since)


def count_filed(reader: Reader, workspace_id: str, call_on: date) -> int:
    """Return how many initiatives filed an update."""
    return _FILED.one(reader, workspace_id=workspace_id, call_on=call_on)
