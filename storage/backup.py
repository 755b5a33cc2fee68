"""All rows of the database into a file, and back: from either kind of database to either.

Whatever table the models have is taken along. One that referred to itself would need its rows
in order; a test holds that there is none.
"""

from collections.abc import Iterator
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from pydantic import JsonValue, TypeAdapter, ValidationError
from sqlalchemy import JSON, Column, Connection, Engine, Table, exists, insert, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from storage import models  # noqa: F401  (fills the metadata)
from storage.backup_file import (
    BackupDamagedError,
    BackupRefusedError,
    Header,
    Row,
    read_rows,
    write_rows,
)
from storage.engine import snapshot
from storage.schema import SchemaState, is_known, migrate_within, newest_revision, state_of

_BATCH_ROWS = 500  # in memory at once


class OtherRevisionError(BackupRefusedError):
    """The backup was made by another version."""

    def __init__(self, file: Path, revision: str) -> None:
        helps = (
            "an older Rollcall. Restore it with that version; after that, bring the checkout up "
            "to date and run: rollcall migrate"
            if is_known(revision)
            else "a newer Rollcall. Bring this checkout up to date: git pull && make setup"
        )
        super().__init__(f"{file}: this backup (revision {revision}) was made by {helps}")


class SchemaRefusedError(BackupRefusedError):
    """The database is not as this code wants it."""

    def __init__(self, state: SchemaState) -> None:
        self.state = state
        super().__init__(f"the database is {state}")


class NotEmptyError(BackupRefusedError):
    """The database is in use."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"The database already holds rows (in {table}), and they were left as they are. "
            "Restore into a fresh one: set DATABASE_URL to a new SQLite file or to an empty "
            "PostgreSQL database."
        )


class RowsRefusedError(BackupRefusedError):
    """The database can't hold a row; its words are not repeated, they quote what people wrote."""

    def __init__(self, file: Path, table: str, reason: str) -> None:
        super().__init__(
            f"{file}: the database refused a row of {table} ({reason}), so nothing was restored."
        )


def write_backup(engine: Engine, file: Path) -> dict[str, int]:
    """Write all rows, as they are at one moment, and return how many by table.

    Raises:
        SchemaRefusedError: the database is not at this code's revision.
        OSError: the file can't be written; nothing is left of it.
    """
    with snapshot(engine) as connection:
        return write_backup_of(connection, file)


def write_backup_of(connection: Connection, file: Path) -> dict[str, int]:
    """Write all rows that a snapshot sees, and return how many by table."""
    _require_current(connection)
    header = Header(revision=newest_revision(), tables=[table.name for table in _tables()])
    return write_rows(file, header, _rows(connection))


def restore_backup(engine: Engine, file: Path) -> dict[str, int]:
    """Fill an empty database in one transaction, its tables with it if it has none.

    Raises:
        BackupRefusedError: says why; the database is as it was.
        OSError: the file can't be read.
    """
    with read_rows(file) as (header, rows):
        if header.revision != newest_revision():
            raise OtherRevisionError(file, header.revision)
        with engine.begin() as connection:
            if not inspect(connection).get_table_names():
                migrate_within(connection)
            _require_current(connection)
            _keep_writers_out(connection)
            _require_empty(connection)
            return _insert(connection, file, rows)


def _tables() -> list[Table]:
    return SQLModel.metadata.sorted_tables  # what is referred to comes first


def _require_current(connection: Connection) -> None:
    state = state_of(connection)
    if state is not SchemaState.CURRENT:
        raise SchemaRefusedError(state)


def _keep_writers_out(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        return  # the transaction began with the only write lock there is
    quoted = map(connection.dialect.identifier_preparer.format_table, _tables())
    connection.exec_driver_sql(f"LOCK TABLE {', '.join(quoted)} IN SHARE ROW EXCLUSIVE MODE")


def _require_empty(connection: Connection) -> None:
    for table in _tables():
        if connection.scalar(select(exists().select_from(table))):
            raise NotEmptyError(table.name)


def _rows(connection: Connection) -> Iterator[Row]:
    for table in _tables():
        codecs = _codecs(table)
        found = connection.execute(select(table), execution_options={"yield_per": _BATCH_ROWS})
        for row in found.mappings():
            yield (
                table.name,
                {name: codecs[name].dump_python(row[name], mode="json") for name in codecs},
            )


def _insert(connection: Connection, file: Path, rows: Iterator[Row]) -> dict[str, int]:
    counts = {table.name: 0 for table in _tables()}
    for name, group in groupby(rows, key=itemgetter(0)):
        table = SQLModel.metadata.tables.get(name)
        if table is None:
            raise BackupDamagedError(file)
        while batch := [_typed(file, table, row) for _, row in islice(group, _BATCH_ROWS)]:
            try:
                connection.execute(insert(table), batch)
            except DBAPIError as error:
                raise RowsRefusedError(file, name, type(error.orig).__name__) from None
            except (OverflowError, ValueError) as error:  # of the driver, before it asks
                raise RowsRefusedError(file, name, type(error).__name__) from None
            counts[name] += len(batch)
    return counts


def _typed(file: Path, table: Table, row: dict[str, JsonValue]) -> dict[str, Any]:
    codecs = _codecs(table)
    if row.keys() != codecs.keys():
        raise BackupDamagedError(file)
    try:
        return {name: codecs[name].validate_python(value) for name, value in row.items()}
    except ValidationError:
        raise BackupDamagedError(file) from None


@cache
def _codecs(table: Table) -> dict[str, TypeAdapter[Any]]:
    """Return by column what turns its values into JSON and back."""
    return {column.name: TypeAdapter(_type_of(column)) for column in table.columns}


def _type_of(column: Column[Any]) -> Any:
    kept = column.type
    if isinstance(kept, TypeDecorator):
        kept = kept.impl_instance
    if isinstance(kept, JSON):
        return Any  # as it is
    return kept.python_type | None if column.nullable else kept.python_type
