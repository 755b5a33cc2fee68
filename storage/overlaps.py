"""What people said of initiatives that look alike."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_
from sqlalchemy import select as select_many
from sqlmodel import Session, col, select

from storage.entries import of_initiative as of_its_initiative
from storage.insert import insert_or_change
from storage.models import Entry, Initiative, OverlapVerdict
from storage.reading import Read, Reader, given
from storage.several import one_of

# Key, department, name, objective, outcome, topic and data.
Description = tuple[str, str, str, str, str, str, str]

_OF_INITIATIVE = Read(
    select(OverlapVerdict).where(
        OverlapVerdict.workspace_id == given("workspace_id"),
        or_(
            col(OverlapVerdict.first_key) == given("key"),
            col(OverlapVerdict.second_key) == given("key"),
        ),
    )
)
_DESCRIBED = (
    select_many(
        col(Initiative.key),
        col(Initiative.department),
        col(Initiative.name),
        col(Entry.objective),
        col(Entry.outcome),
        col(Entry.topic),
        col(Entry.data),
    )
    .join(Entry, of_its_initiative())
    .where(col(Initiative.workspace_id) == given("workspace_id"))
    .order_by(col(Initiative.key))
)
_ALL_DESCRIBED = Read(_DESCRIBED)
_DESCRIBED_AMONG = Read(_DESCRIBED.where(one_of(col(Initiative.key), "keys")))


def save(session: Session, verdict: OverlapVerdict) -> None:
    """Keep a verdict in place of an earlier one."""
    insert_or_change(session, verdict, ("verdict", "author_id", "given_at"))


def of_initiative(reader: Reader, workspace_id: str, key: str) -> Sequence[OverlapVerdict]:
    """Return what was said of an initiative and others."""
    return _OF_INITIATIVE.all(reader, workspace_id=workspace_id, key=key)


def described(
    reader: Reader, workspace_id: str, keys: Collection[str] | None = None
) -> Sequence[Description]:
    """Return what initiatives say of themselves; `keys` are the only ones wanted; None: all."""
    if keys is None:
        return _ALL_DESCRIBED.all(reader, workspace_id=workspace_id)
    return _DESCRIBED_AMONG.all(reader, workspace_id=workspace_id, keys=keys)
