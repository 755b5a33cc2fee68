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

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaState(StrEnum):
    """How a database stands to this code."""

    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"  # migrated by a newer Rollcall


def schema_state(engine: Engine) -> SchemaState:
    """Compare the database's revision with the newest that this code knows."""
    scripts = ScriptDirectory.from_config(_config())
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision == scripts.get_current_head():
        return SchemaState.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return SchemaState.BEHIND if revision is None or revision in known else SchemaState.AHEAD


@cache  # the files don't change while a process runs
def newest_revision() -> str:
    """Return the revision that this code was written for."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revision_of(session: Session) -> str | None:
    """Return the revision of the database, as this transaction sees it."""
    return session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to a revision, all steps or none."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def migrate_down(engine: Engine, revision: str = "base") -> None:
    """Take the database back to a revision."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
