"""The connection to the database."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from select import POLLIN, poll
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, create_engine

_MIGRATING = 7655  # the advisory lock's number: "ROLL" on a telephone
_PATIENT_MILLISECONDS = 600_000
# Seconds: a server that is gone without a goodbye is noticed within a minute.
_KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
_BEGIN = "rollcall_begin"  # an execution option of a connection: how SQLite begins


def connect(url: str) -> Engine:
    """Return the engine for sqlite:///FILE or postgresql+psycopg://…."""
    # Prepared statements live in a server session, and behind PgBouncer's transaction pooling
    # the next transaction has another one.
    on_postgresql = {"connect_args": {"prepare_threshold": None, **_KEEPALIVES}}
    engine = create_engine(url, **({} if url.startswith("sqlite") else on_postgresql))
    if engine.dialect.name == "postgresql":
        event.listen(engine, "checkout", _refuse_closed)
    else:
        event.listen(engine, "do_connect", _create_private)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def transactions(engine: Engine) -> Callable[[], AbstractContextManager[Session]]:
    """Return what starts a transaction; it commits on a clean exit and rolls back on an error.

    SQLite has one writer. Threads that ask the file again and again whether it is free wait ever
    longer between two tries; those that wait for a lock of their process take turns.
    """
    begin = sessionmaker(engine, class_=Session, expire_on_commit=False).begin
    if engine.dialect.name != "sqlite":
        return begin
    writer = Lock()

    @contextmanager
    def one_at_a_time() -> Iterator[Session]:
        with writer, begin() as session:
            yield session

    return one_at_a_time


def reading(engine: Engine) -> Callable[[], AbstractContextManager[Connection]]:
    """Return what starts to read: no writer is waited for, nor made to wait.

    Each statement sees what was committed before it, as in a transaction at PostgreSQL's usual
    level, but without the two trips to the server that begin and end one. For one state of all
    that is read there is `snapshot`.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_BEGIN: ""}).connect
    return engine.execution_options(isolation_level="AUTOCOMMIT").connect


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Read one state of the database, however long it takes, and hold up nobody who writes.

    The state is that of the first row read.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execution_options(**{_BEGIN: "BEGIN DEFERRED"})
        else:
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin():
            yield connection


def find_damage(engine: Engine) -> str:
    """Return what is broken in an SQLite file; "" if nothing is, or it is no SQLite.

    All its pages are read: a tenth of a second for 50 MB.
    """
    if engine.dialect.name != "sqlite":
        return ""
    with snapshot(engine) as connection:
        found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
    return "" if found == "ok" else " ".join(found.split())


def wait_for_migrations(connection: Connection) -> None:
    """Wait, until this transaction ends, for nobody else to migrate; SQLite has one writer anyway.

    Two replicas that start at once would both create the tables, and one of them would fail.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATING})")


def be_patient(connection: Connection) -> None:
    """Have SQLite wait for another's migration, which takes longer than any other transaction."""
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute(f"PRAGMA busy_timeout = {_PATIENT_MILLISECONDS}")


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Have a connection replaced that the server has closed, and all that rested as long.

    One that rests has nothing to say, unless that it ends. To ask the server would be a trip for
    every transaction, as long as a query.
    """
    said = poll()
    said.register(connection.fileno(), POLLIN)
    if said.poll(0):
        raise InvalidatePoolError


def _create_private(
    _dialect: Dialect, _record: object, arguments: list[Any], _named: dict[str, Any]
) -> None:
    """Make a file that is not there yet readable for its owner alone; SQLite would ask the umask.

    The files beside it (-wal, -shm) get the same mode from SQLite.
    """
    with suppress(OSError):  # SQLite says it better
        os.close(os.open(arguments[0], os.O_RDONLY | os.O_CREAT, mode=0o600))


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin by itself, and too late
    cursor = connection.cursor()
    # Milliseconds: whoever files waits for an import. First, as the next one can wait.
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.execute("PRAGMA journal_mode = WAL")  # readers and one writer at once
    cursor.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # Taking the write lock at once keeps two transactions from reading the same state and
    # then failing each other: SQLite can't upgrade a stale read to a write. Who only reads
    # needs no lock, and in WAL mode nobody waits for them.
    if begin := connection.get_execution_options().get(_BEGIN, "BEGIN IMMEDIATE"):
        connection.exec_driver_sql(begin)
