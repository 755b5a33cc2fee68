"""Storing a row whose key somebody else may be storing at this moment."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import Session, SQLModel

from storage.reading import connection_of, dialect_of

NOT_STORABLE = (IntegrityError, DataError)  # what a database says of rows that it never takes


def insert(session: Session, row: SQLModel) -> None:
    """Store a row that nobody else stores.

    Raises:
        IntegrityError: one with its primary key exists.
    """
    connection_of(session).execute(_insert(dialect_of(session), type(row)), row.model_dump())


def insert_all(session: Session, rows: Sequence[SQLModel]) -> None:
    """Store rows of one table that nobody else stores.

    Raises:
        IntegrityError: one with such a primary key exists.
    """
    if rows:
        statement = _insert(dialect_of(session), type(rows[0]))
        connection_of(session).execute(statement, [_facts_of(row) for row in rows])


def insert_once(session: Session, row: SQLModel) -> bool:
    """Store the row unless one with its primary key exists; return whether it was stored.

    Two replicas that decide the same thing at once both get through: one of them stores it.
    """
    result = connection_of(session).execute(
        _insert_new(dialect_of(session), type(row)),
        row.model_dump(),
        execution_options={"preserve_rowcount": True},
    )
    return result.rowcount == 1


def insert_or_change(session: Session, row: SQLModel, facts: Collection[str]) -> None:
    """Store the row, or change these facts of the one that has its primary key."""
    insert_or_change_all(session, [row], facts)


def insert_or_change_all(
    session: Session, rows: Sequence[SQLModel], facts: Collection[str]
) -> None:
    """Store rows of one table, or change these facts of those that have their primary keys."""
    if rows:
        several = [_facts_of(row) for row in rows]
        insert_or_change_rows(session, type(rows[0]), several, facts)


def insert_or_change_rows(
    session: Session, model: type[SQLModel], rows: Sequence[dict[str, Any]], facts: Collection[str]
) -> None:
    """Store rows given as their facts, or change these facts of those with their primary keys."""
    if rows:
        upsert = _upsert(dialect_of(session), model, frozenset(facts))
        connection_of(session).execute(upsert, list(rows))


def _facts_of(row: SQLModel) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).model_fields}


@cache  # making a statement takes longer than storing the row
def _insert_new(dialect: str, model: type[SQLModel]) -> Any:
    return _insert(dialect, model).on_conflict_do_nothing()


@cache
def _upsert(dialect: str, model: type[SQLModel], facts: frozenset[str]) -> Any:
    insert = _insert(dialect, model)
    key = [column.name for column in model.__table__.primary_key]  # type: ignore[attr-defined]
    changed = {fact: insert.excluded[fact] for fact in sorted(facts)}
    return insert.on_conflict_do_update(index_elements=key, set_=changed)


@cache
def _insert(dialect: str, model: type[SQLModel]) -> Any:
    table = model.__table__  # type: ignore[attr-defined]
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
