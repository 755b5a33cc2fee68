"""One of several: a list that a statement is given is one parameter, however long it is.

A parameter for each value has a limit (65,535 on PostgreSQL, 32,766 on SQLite), and makes of each
length another statement, to be written and read anew.
"""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Dialect,
    SQLColumnExpression,
    Text,
    bindparam,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _List(TypeDecorator[Any]):
    """Texts or days as one value: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, *, is_of_days: bool) -> None:
        super().__init__()
        self.is_of_days = is_of_days

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(ARRAY(Date() if self.is_of_days else Text()))

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        assert value is not None
        if dialect.name != "postgresql":
            return json.dumps([one.isoformat() if self.is_of_days else one for one in value])
        return [one.value if isinstance(one, StrEnum) else one for one in value]


class _OneOf(FunctionElement[bool]):
    """Whether a column holds one of a list's values."""

    # Of no type: to a Boolean SQLAlchemy adds “= 1” on SQLite, which then uses no index.
    name = "one_of"
    inherit_cache = True


def one_of(
    column: SQLColumnExpression[Any], name: str, *, is_of_days: bool = False
) -> ColumnElement[bool]:
    """Return whether a column of texts, or of days, holds one of those given each time, by name."""
    return _OneOf(column, bindparam(name, type_=_List(is_of_days=is_of_days)))


@compiles(_OneOf, "sqlite")
def _in_sqlite(element: _OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, given = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({given}))"


@compiles(_OneOf, "postgresql")
def _on_postgresql(element: _OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, given = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} = ANY ({given})"
