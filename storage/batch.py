"""Many rows in one statement: what differs between them is one JSON parameter.

A parameter for each fact of each row costs several times as much, in the driver and on the way.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    Text,
    bindparam,
    cast,
    func,
    select,
    true,
)
from sqlalchemy import update as update_statement
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from storage.reading import connection_of, dialect_of

Values = dict[str, Any]


def insert_like(session: Session, row: SQLModel, differences: Sequence[Values]) -> None:
    """Store a row for each of these, like `row` but for these columns, unless its key exists."""
    if differences:
        names = tuple(differences[0])
        usual = row.model_dump(exclude=set(names))
        dialect = dialect_of(session)
        statement = _insert(dialect, type(row), names)
        rows = _json(dialect, [one.values() for one in differences])
        connection_of(session).execute(statement, _named(usual) | {"rows": rows})


def change_all(
    session: Session,
    model: type[SQLModel],
    keys: Collection[str],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """Change rows of one table, each given as its values of these columns.

    `keys` are the columns of the primary key, the others what is to be changed.
    """
    if not rows:
        return
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    # What is the same in all of them is told once.
    usual = {
        name: values[0]
        for name, values in columns.items()
        if name not in keys and values.count(values[0]) == len(values)
    }
    differing = {name: values for name, values in columns.items() if name not in usual}
    dialect = dialect_of(session)
    statement = _update(dialect, model, tuple(differing), tuple(usual), frozenset(keys))
    told = _json(dialect, zip(*differing.values(), strict=True))
    connection_of(session).execute(statement, _named(usual) | {"rows": told})


def _named(usual: Values) -> Values:
    return {f"usual_{name}": value for name, value in usual.items()}


def _json(dialect: str, rows: Iterable[Iterable[object]]) -> str:
    zone = "+00" if dialect == "postgresql" else ""  # SQLite keeps instants without one

    def plain(value: object) -> str:
        if isinstance(value, datetime):
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}{zone}"
        assert isinstance(value, date)
        return value.isoformat()

    return json.dumps([list(row) for row in rows], default=plain)


@cache  # making a statement takes longer than storing the rows
def _insert(dialect: str, model: type[SQLModel], names: tuple[str, ...]) -> Any:
    table: Any = model.__table__  # type: ignore[attr-defined]
    given = _given(dialect, table, names)
    same = [one.name for one in table.columns if one.name not in names]
    usual = [_usual(table, name) for name in same]
    picked: Select[Any] = select(*usual, *(given.c[name] for name in names)).select_from(given)
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    # SQLite takes ON CONFLICT for a join, where nothing stands between.
    return insert(table).from_select([*same, *names], picked.where(true())).on_conflict_do_nothing()


@cache
def _update(
    dialect: str,
    model: type[SQLModel],
    names: tuple[str, ...],
    same: tuple[str, ...],
    keys: frozenset[str],
) -> Any:
    table: Any = model.__table__  # type: ignore[attr-defined]
    given = _given(dialect, table, names)
    changed = {name: given.c[name] for name in names if name not in keys}
    usual = {name: _usual(table, name) for name in same}
    those = [table.c[key] == given.c[key] for key in sorted(keys)]
    return update_statement(table).values(changed | usual).where(*those)


def _usual(table: Any, name: str) -> BindParameter[Any]:
    return bindparam(f"usual_{name}", type_=table.c[name].type)


def _given(dialect: str, table: Any, names: Sequence[str]) -> FromClause:
    """Return the rows of the JSON parameter, lists of these columns' values."""
    rows = bindparam("rows", type_=Text)
    if dialect == "postgresql":
        elements = func.jsonb_array_elements(cast(rows, postgresql.JSONB)).table_valued("value")
    else:
        elements = func.json_each(rows).table_valued("value")
    picked = [
        _cell(dialect, elements.c.value, place, table.c[name]) for place, name in enumerate(names)
    ]
    # Made once: SQLite would read the JSON anew for each row that it changes.
    return select(*picked).cte("given").prefix_with("MATERIALIZED")


def _cell(dialect: str, value: Any, place: int, kept: Any) -> ColumnElement[Any]:
    if dialect == "sqlite":
        return func.json_extract(value, f"$[{place}]").label(kept.name)
    text = func.jsonb_extract_path_text(value, str(place))
    return cast(text, kept.type).label(kept.name)
