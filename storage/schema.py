"""The database's schema: where it stands, and how it moves."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlmodel import Session

from storage.engine import be_patient

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaState(StrEnum):
    """How a database stands to this code."""

    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"  # migrated by a newer Rollcall


def schema_state(engine: Engine) -> SchemaState:
    """Compare the database's revision with the newest that this code knows."""
    with engine.connect() as connection:
        return state_of(connection)


def state_of(connection: Connection) -> SchemaState:
    """Compare the revision as this connection sees it with the newest that this code knows."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision == newest_revision():
        return SchemaState.CURRENT
    return SchemaState.BEHIND if revision is None or is_known(revision) else SchemaState.AHEAD


@cache  # the files don't change while a process runs
def newest_revision() -> str:
    """Return the revision that this code is written for."""
    newest = _scripts().get_current_head()
    assert newest is not None  # there is a first migration
    return newest


def is_known(revision: str) -> bool:
    """Tell whether this code has the migration of that name."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def revision_of(session: Session) -> str | None:
    """Return the revision of the database, as this transaction sees it."""
    return session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to a revision, all steps or none.

    Who else begins meanwhile waits, and then finds nothing to do.
    """
    with engine.connect() as connection:
        be_patient(connection)
        with connection.begin():
            migrate_within(connection, revision)
        connection.invalidate()  # nothing else is to be so patient


def migrate_within(connection: Connection, revision: str = "head") -> None:
    """Bring the database up to a revision as a part of the transaction under way."""
    command.upgrade(_config(connection), revision)


def migrate_down(engine: Engine, revision: str = "base") -> None:
    """Take the database back to a revision."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
