"""The entries of the audit log. They are appended; nothing but an erasure ever changes one."""

from collections.abc import Sequence
from secrets import token_hex
from typing import Any

from sqlalchemy import Text, cast, func, update
from sqlmodel import Session, SQLModel, col, select

from storage.batch import change_all, insert_like
from storage.insert import insert
from storage.models import AuditEntry, AuditUnsealed, Fact
from storage.reading import connection_of

_ID_BYTES = 16


def add(session: Session, entry: AuditEntry) -> None:
    """Append an entry, to be sealed."""
    insert(session, entry)
    waiting = AuditUnsealed(workspace_id=entry.workspace_id, at=entry.at, entry_id=entry.id)
    insert(session, waiting)


def add_like(session: Session, entry: AuditEntry, several: Sequence[dict[str, Any]]) -> None:
    """Append entries that differ from one in these facts, their workspace and id among them."""
    _insert_like(session, entry, several, "id")
    waiting = [{"workspace_id": one["workspace_id"], "entry_id": one["id"]} for one in several]
    like = AuditUnsealed(workspace_id="", at=entry.at, entry_id="")
    _insert_like(session, like, waiting, "entry_id")


def new_id() -> str:
    """Return an id that no other entry has."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[str]:
    """Return ids that no other entry has: the system is asked for chance once."""
    digits = token_hex(_ID_BYTES * count)
    width = 2 * _ID_BYTES
    return [digits[start : start + width] for start in range(0, len(digits), width)]


def _insert_like(
    session: Session, row: SQLModel, several: Sequence[dict[str, Any]], key: str
) -> None:
    """Store rows, whose key always differs; what is the same in all of them is told once."""
    if not several:
        return
    differing = [
        name
        for name, value in several[0].items()
        if name == key or any(one[name] != value for one in several)
    ]
    same = {name: value for name, value in several[0].items() if name not in differing}
    differences = [{name: one[name] for name in differing} for one in several]
    insert_like(session, row.model_copy(update=same), differences)


def put_in_place(session: Session, workspace_id: str, column: str, before: str, now: str) -> None:
    """Put another text in the place of one, in a column of all entries: for an erasure."""
    kept = col(getattr(AuditEntry, column))
    connection_of(session).execute(
        update(AuditEntry)
        .where(col(AuditEntry.workspace_id) == workspace_id, kept == before)
        .values({column: now})
    )


def with_fact(session: Session, workspace_id: str, fact: str) -> dict[str, dict[str, Fact]]:
    """Return the facts of entries that may hold this one, by the entries' ids.

    They are looked for in the text of the column: an entry or two too many does no harm.
    """
    said = func.lower(cast(col(AuditEntry.facts), Text))
    found = connection_of(session).execute(
        select(AuditEntry.id, AuditEntry.facts).where(
            AuditEntry.workspace_id == workspace_id,
            said.contains(f'"{fact}"'.lower(), autoescape=True),
        )
    )
    return {row.id: row.facts for row in found}


def change_facts(session: Session, workspace_id: str, facts: dict[str, dict[str, Fact]]) -> None:
    """Put other facts in the place of those of entries, by their ids: for an erasure."""
    rows = [(workspace_id, entry_id, changed) for entry_id, changed in facts.items()]
    names = ("workspace_id", "id", "facts")
    change_all(session, AuditEntry, ("workspace_id", "id"), names, rows)
