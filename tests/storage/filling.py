"""Rows for every table that the models have, whatever tables there are."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import JSON, Column, Connection, Engine, String, select
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from storage.engine import transactions

Values = dict[str, Any]
WORDS = ("Zoë 🚀 “+½”", "'; --\\ \"\n\t<&>")  # cut for the columns of codes
KEPT: dict[type, tuple[object, object]] = {
    bool: (True, False),
    int: (2_000_000_000, -1),
    float: (0.1, -1e300),
    Decimal: (Decimal("12.50"), Decimal("-0.01")),
    date: (date(2026, 11, 25), date(1, 1, 1)),
    datetime: (
        datetime(2026, 11, 25, 20, 0, 0, 123456, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
    ),
    time: (time(9, 30), time(0)),
    timedelta: (timedelta(days=3, microseconds=1), timedelta(0)),
}
NESTED: tuple[object, object] = (["FIN-01", {"a": [1, 0.5, None, True, "☃\u2028"]}], {})


def fill(engine: Engine) -> None:
    """Store two rows in each table: one that says all it can, and one with None where it may."""
    models = {mapper.local_table: mapper.class_ for mapper in SQLModel._sa_registry.mappers}
    with transactions(engine)() as session:
        for table in SQLModel.metadata.sorted_tables:
            for number in (0, 1):
                row = {column.name: _value(column, number) for column in table.columns}
                session.add(models[table](**row))
            session.flush()


def everything(engine: Engine) -> dict[str, list[Values]]:
    """Return all rows by table, in an order that does not depend on the database."""
    with engine.connect() as connection:
        return {table: _sorted(connection, table) for table in SQLModel.metadata.tables}


def _sorted(connection: Connection, table: str) -> list[Values]:
    rows = connection.execute(select(SQLModel.metadata.tables[table])).mappings()
    return sorted((dict(row) for row in rows), key=repr)


def _value(column: Column[Any], number: int) -> object:
    if column.nullable and number == 1:
        return None
    for key in column.foreign_keys:
        return _value(key.column, number)
    kept = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kept, JSON):
        return NESTED[number]
    python = kept.python_type
    if issubclass(python, Enum):
        members = list(python)
        return members[-number]
    return WORDS[number][: kept.length] if isinstance(kept, String) else KEPT[python][number]
