"""The connection to the database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, create_engine

_ONLY_READS = "rollcall_only_reads"


def connect(url: str) -> Engine:
    """Return the engine for sqlite:///FILE or postgresql+psycopg://…."""
    # Prepared statements live in a server session, and behind PgBouncer's transaction pooling
    # the next transaction has another one.
    on_postgresql = {"connect_args": {"prepare_threshold": None}}
    engine = create_engine(
        url, pool_pre_ping=True, **({} if url.startswith("sqlite") else on_postgresql)
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def transactions(engine: Engine) -> Callable[[], AbstractContextManager[Session]]:
    """Return what starts a transaction; it commits on a clean exit and rolls back on an error."""
    return sessionmaker(engine, class_=Session, expire_on_commit=False).begin


def reading(engine: Engine) -> Callable[[], AbstractContextManager[Session]]:
    """Return what starts a transaction that only reads: on SQLite it waits for no writer."""
    return transactions(engine.execution_options(**{_ONLY_READS: True}))


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin by itself, and too late
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")  # readers and one writer at once
    cursor.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 5000")  # milliseconds
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # Taking the write lock at once keeps two transactions from reading the same state and
    # then failing each other: SQLite can't upgrade a stale read to a write.
    reads = connection.get_execution_options().get(_ONLY_READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
