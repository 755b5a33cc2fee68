"""`rollcall backup` and `rollcall restore`: everything the database holds, in one file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.alone import alone_on
from bot.database import is_damage
from bot.logs import set_up_logs
from bot.opening import refuse_foreign_schema
from bot.settings import OFFLINE, Settings, read_settings
from storage.backup import SchemaRefusedError, restore_backup, write_backup
from storage.backup_file import BackupRefusedError
from storage.engine import connect
from workflows.errors import UserError

_out = Console(soft_wrap=True)


class BackupFailedError(UserError):
    """A backup could not be made or restored; the message says why and what helps."""


def backup_command(
    file: Annotated[Path, typer.Argument(help="Where to write it, as 2026-11-25.backup.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file of that name.")] = False,
) -> None:
    """Write everything in the database to a file; the bot may go on serving."""
    settings = _settings()
    _refuse_taken(file, force)
    with _reporting(file, "No backup was made."):
        counts = write_backup(connect(settings.database_url), file)
    _show(counts)


def restore_command(
    file: Annotated[Path, typer.Argument(help="What `rollcall backup` wrote.")],
) -> None:
    """Fill a fresh database from a backup: all of it, or nothing."""
    settings = _settings()
    with _reporting(file, "Nothing was restored."), alone_on(settings.database_url):
        counts = restore_backup(connect(settings.database_url), file)
    _show(counts)


def _settings() -> Settings:
    settings = read_settings(OFFLINE)
    set_up_logs(settings.log_level, settings.log_format)
    return settings


def _refuse_taken(file: Path, force: bool) -> None:
    if file.is_file() and not force:
        raise BackupFailedError(
            f"{file}: it exists already. Choose another name, or add --force to replace it."
        )
    if file.exists() and not file.is_file():
        raise BackupFailedError(f"{file}: this isn't a file, so it can't be replaced.")


@contextmanager
def _reporting(file: Path, outcome: str) -> Iterator[None]:
    """Say in a sentence what a person can mend."""
    try:
        yield
    except SchemaRefusedError as error:
        refuse_foreign_schema(error.state)
    except BackupRefusedError as error:
        raise BackupFailedError(str(error)) from None
    except DBAPIError as error:  # of the connection or the disk: it quotes no row
        if not isinstance(error, OperationalError) and not is_damage(error):
            raise
        said = str(error.orig).splitlines()[0]
        raise BackupFailedError(
            f"DATABASE_URL: the database can't be used ({said}). {outcome}"
        ) from None
    except OSError as error:
        where = error.filename or file
        raise BackupFailedError(f"{where}: {error.strerror}. {outcome}") from None


def _show(counts: dict[str, int]) -> None:
    table = Table("table", box=None)
    table.add_column("rows", justify="right")
    for name, rows in counts.items():
        table.add_row(name, str(rows))
    _out.print(table)
