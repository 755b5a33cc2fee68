"""The database as the commands meet it: opened, or refused in a sentence."""

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storage.engine import connect
from workflows.errors import UserError

_SQLITE_HELP = "Its folder has to exist and be writable, and the file has to be an SQLite database."
_POSTGRESQL_HELP = "See that the server runs, and that host, port, user and database are right."


class DatabaseUnusableError(UserError):
    """DATABASE_URL leads to no database; says why, and never what its password is."""

    def __init__(self, reason: str, advice: str) -> None:
        self.reason, self.advice = reason, advice
        super().__init__(f"DATABASE_URL: the database can't be opened ({reason}). {advice}")


def open_database(url: str) -> Engine:
    """Return an engine that has connected once.

    Raises:
        DatabaseUnusableError: it can't connect.
    """
    engine = connect(url)
    try:
        engine.connect().close()
    except DBAPIError as error:
        engine.dispose()
        # What the drivers say of a connection names host, user and database, not the password.
        reason = " ".join(str(error.orig).split())
        raise DatabaseUnusableError(reason, advice_for(engine.dialect.name)) from None
    return engine


def advice_for(dialect: str) -> str:
    """Return what to look at where a database of this kind can't be opened."""
    return _SQLITE_HELP if dialect == "sqlite" else _POSTGRESQL_HELP
