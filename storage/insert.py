"""Storing a row only where none has its key yet."""

from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_once(session: Session, row: SQLModel) -> bool:
    """Store the row unless one with its primary key exists; return whether it was stored.

    Two replicas that decide the same thing at once both get through: one of them stores it.
    """
    table = type(row).__table__  # type: ignore[attr-defined]
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    result = session.execute(
        insert.values(row.model_dump()).on_conflict_do_nothing(),
        execution_options={"preserve_rowcount": True},
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
