"""The database as the commands meet it: opened, or refused in a sentence."""

import sqlite3

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storage.engine import connect, find_damage
from workflows.errors import UserError

_SQLITE_HELP = "Its folder has to exist and be writable, and the file has to be an SQLite database."
_DAMAGED_HELP = (
    "Or it is none. Stop what uses it, keep a copy of it, set DATABASE_URL "
    "to a new file and fill that from your newest backup: rollcall restore FILE"
)
_PRIMARY = 0xFF  # of SQLite's extended codes
_POSTGRESQL_HELP = "See that the server runs, and that host, port, user and database are right."


class DatabaseUnusableError(UserError):
    """DATABASE_URL leads to no database; says why, and never what its password is."""

    told = "can't be opened"

    def __init__(self, reason: str, advice: str) -> None:
        self.reason, self.advice = reason, advice
        super().__init__(f"DATABASE_URL: the database {self.told} ({reason}). {advice}")


class DatabaseDamagedError(DatabaseUnusableError):
    """The file is damaged, or none of SQLite's."""

    told = "is damaged"

    def __init__(self, reason: str) -> None:
        super().__init__(reason, _DAMAGED_HELP)


def open_database(url: str) -> Engine:
    """Return an engine that has connected once, to a database that is whole.

    Raises:
        DatabaseUnusableError: it can't connect, or the file is damaged.
    """
    engine = connect(url)
    try:
        engine.connect().close()
        damage = find_damage(engine)
    except DBAPIError as error:
        engine.dispose()
        # What the drivers say of a connection names host, user and database, not the password.
        reason = " ".join(str(error.orig).split())
        if is_damage(error):
            raise DatabaseDamagedError(reason) from None
        raise DatabaseUnusableError(reason, advice_for(engine.dialect.name)) from None
    if damage:
        engine.dispose()
        raise DatabaseDamagedError(damage)
    return engine


def is_damage(error: DBAPIError) -> bool:
    """Tell whether SQLite found its file damaged, or to be something else."""
    code = getattr(error.orig, "sqlite_errorcode", 0) or 0
    return code & _PRIMARY in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def advice_for(dialect: str) -> str:
    """Return what to look at where a database of this kind can't be opened."""
    return _SQLITE_HELP if dialect == "sqlite" else _POSTGRESQL_HELP
