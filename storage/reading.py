"""Reading: frozen rows, from statements that are made once.

A row is an instance of its table's model that belongs to no session: its facts are read as
usual, and setting one raises AttributeError. To make an entity of each row, and a statement for
each call, costs six times as much, and most of what is read is only read.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from itertools import accumulate
from typing import Any, Generic, TypeVar, TypeVarTuple, overload

from sqlalchemy import BindParameter, Connection, Integer, Select, bindparam, inspect
from sqlmodel import Session, SQLModel
from sqlmodel.sql.expression import SelectOfScalar

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Row = TypeVar("Row", bound=SQLModel)
# What a statement found, by itself, what was asked of it, and what it was given.
Known = dict[tuple[object, ...], Any]


class Recalling:
    """A reader that gives what is known once more, and connects for nothing else."""

    def __init__(self, connect: Callable[[], Connection], known: Known) -> None:
        self.connect = connect
        self.known = known


# What can be read from: within a transaction, or outside of any.
Reader = Session | Connection | Recalling


def recalling(
    begin: Callable[[], AbstractContextManager[Reader]], known: Known
) -> Callable[[], AbstractContextManager[Reader]]:
    """Return what starts to read without asking again for what is `known`, and adds to it."""

    @contextmanager
    def reading() -> Iterator[Reader]:
        with ExitStack() as stack:
            begun: list[Connection] = []

            def connect() -> Connection:
                if not begun:
                    begun.append(connection_of(stack.enter_context(begin())))
                return begun[0]

            yield Recalling(connect, known)

    return reading


def given(name: str, type_: Any = None) -> BindParameter[Any]:
    """Return what a statement is given each time, by name; its type is that of its other side."""
    return bindparam(name, type_=type_)


LIMIT, OFFSET = given("limit", Integer), given("offset", Integer)


class Read(Generic[T]):
    """A statement made once; what it is `given` each time is named.

    It selects models, columns or both; a model that an outer join does not find is None.
    """

    @overload
    def __init__(self, statement: SelectOfScalar[T]) -> None: ...

    @overload
    def __init__(self: "Read[tuple[*Ts]]", statement: Select[*Ts]) -> None: ...

    def __init__(self, statement: Any) -> None:
        """Take a statement of a module, to be made ready once for each database."""
        self._statement = statement
        self._made: Callable[[Sequence[Any]], T] = _maker(statement)

    def all(self, reader: Reader, **given: object) -> list[T]:
        """Return every row."""
        values = _listed(given)

        def found() -> list[T]:
            rows = connection_of(reader).execute(self._statement, values).all()
            return [self._made(row) for row in rows]

        return list(_recalled(reader, (self, "all"), values, found))

    def first(self, reader: Reader, **given: object) -> T | None:
        """Return the first row, if there is one."""
        values = _listed(given)

        def found() -> T | None:
            row = connection_of(reader).execute(self._statement, values).first()
            return None if row is None else self._made(row)

        return _recalled(reader, (self, "first"), values, found)

    def one(self, reader: Reader, **given: object) -> T:
        """Return the row that is known to be there; raise NoResultFound if it isn't."""
        return self._made(connection_of(reader).execute(self._statement, _listed(given)).one())

    def to_change(self, session: Session, **given: object) -> Sequence[T]:
        """Return every row as an entity of this session, to be changed."""
        found: Sequence[T] = session.exec(self._statement, params=_listed(given)).all()
        return found


def with_facts(row: Row, **facts: object) -> Row:
    """Return a frozen row like another, but for these facts."""
    made: Row = type(row).__new__(type(row))
    made.__dict__ |= row.__dict__ | facts
    return made


def new_row(model: type[Row], **facts: object) -> Row:
    """Return a frozen row to be stored, with the table's own values for what is not given.

    Its class makes one in ten times as long, which counts where an import makes thousands.
    """
    made: Row = model.__new__(model)
    made.__dict__ |= _usual(model) | facts
    return made


@cache
def _usual(model: type[SQLModel]) -> dict[str, object]:
    fields = model.model_fields.items()
    return {name: field.get_default() for name, field in fields if not field.is_required()}


def dialect_of(reader: Reader) -> str:
    """Return the name of the database's dialect: sqlite or postgresql."""
    bound = reader.get_bind() if isinstance(reader, Session) else connection_of(reader)
    return bound.dialect.name


def connection_of(reader: Reader) -> Connection:
    """Return the connection of a reader; what its session has changed is there."""
    if isinstance(reader, Connection):
        return reader
    if isinstance(reader, Recalling):
        return reader.connect()
    reader.flush()  # what was changed in this transaction is read, too
    return reader.connection()


def _recalled(
    reader: Reader, what: tuple[object, ...], given: dict[str, object], read: Callable[[], T]
) -> T:
    """Return what is known already, where a reader recalls it; else what is read now."""
    if not isinstance(reader, Recalling):
        return read()
    values = (tuple(one) if isinstance(one, list) else one for one in given.values())
    key = (*what, *given, *values)
    if key not in reader.known:
        reader.known[key] = read()
    found: T = reader.known[key]
    return found


def _listed(given: dict[str, object]) -> dict[str, object]:
    """Return parameters as the driver takes them: several values are a list."""
    return {
        name: list(value) if isinstance(value, Collection) and not isinstance(value, str) else value
        for name, value in given.items()
    }


def _maker(statement: Any) -> Callable[[Sequence[Any]], Any]:
    """Return what makes a result of a row of the database."""
    parts = [_part(description["expr"]) for description in statement.column_descriptions]
    if len(parts) > 1 and all(make is _only for _, make in parts):
        return tuple
    ends = list(accumulate(width for width, _ in parts))
    places = [
        (slice(end - width, end), make) for end, (width, make) in zip(ends, parts, strict=True)
    ]

    def together(row: Sequence[Any]) -> tuple[object, ...]:
        return tuple(make(row[place]) for place, make in places)

    return together if len(parts) > 1 else parts[0][1]


def _part(selected: Any) -> tuple[int, Callable[[Sequence[Any]], object]]:
    """Return how many columns something selected has, and what makes one value of them."""
    if not isinstance(selected, type) or not issubclass(selected, SQLModel):
        return 1, _only
    mapper = inspect(selected)
    names = [mapper.get_property_by_column(column).key for column in mapper.columns]
    key = names.index(mapper.get_property_by_column(mapper.primary_key[0]).key)
    model = selected

    def frozen(row: Sequence[Any]) -> object:
        if row[key] is None:
            return None
        made = model.__new__(model)
        made.__dict__.update(zip(names, row, strict=True))
        return made

    return len(names), frozen


def _only(row: Sequence[Any]) -> object:
    return row[0]
