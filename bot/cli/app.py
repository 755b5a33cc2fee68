"""The `rollcall` command."""

import sys
from importlib import metadata
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from bot.cli.backup import backup_command, restore_command
from bot.cli.doctor import doctor_command
from bot.cli.export import export_command
from bot.cli.importing import imports
from bot.cli.numbers import port
from bot.cli.policy import policy_command
from bot.cli.promises import promises_command
from bot.database import DatabaseDamagedError, is_damage, open_database
from bot.logs import set_up_logs
from bot.settings import OFFLINE, read_settings
from storage.schema import migrate, schema_state
from workflows.errors import UserError

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.command("promises")(promises_command)
cli.command("backup")(backup_command)
cli.command("restore")(restore_command)
cli.command("doctor")(doctor_command)
cli.command("policy")(policy_command)
cli.command("export")(export_command)
cli.add_typer(imports, name="import")
_out = Console()
_err = Console(stderr=True)


def _tell_version(asked: bool) -> None:
    if asked:
        _out.print(f"Rollcall {metadata.version('rollcall')}", highlight=False)
        raise typer.Exit


@cli.callback()
def rollcall(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Run many AI initiatives in parallel without one more meeting."""


@cli.command("serve")
def serve_command(
    http: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Signed HTTP instead of Socket Mode.")
    ] = None,
) -> None:
    """Run the bot."""
    from bot.serve import serve  # slow, and no other command needs it

    settings = read_settings()
    set_up_logs(settings.log_level, settings.log_format)
    serve(settings, http)


@cli.command("demo")
def demo_command(
    port: Annotated[
        int, typer.Option(parser=port, metavar="PORT", help="Where the page is, on this machine.")
    ] = 8765,
) -> None:
    """Try the bot in a local workspace, with an organisation in it."""
    from bot.demo.running import run_demo  # no other command needs the workspace)

    run_demo(port)


@cli.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date."""
    settings = read_settings(OFFLINE)
    set_up_logs(settings.log_level, settings.log_format)
    engine = open_database(settings.database_url)
    before = schema_state(engine)
    migrate(engine)
    _out.print(f"The database was {before}; it is {schema_state(engine)} now.")


def main() -> None:
    """Run the command; what a person can mend is said in a sentence, without a traceback."""
    try:
        cli()
    except UserError as error:
        _refuse(error)
    except DBAPIError as error:  # what opened whole can break meanwhile
        if not is_damage(error):
            raise
        _refuse(DatabaseDamagedError(str(error.orig)))


def _refuse(error: UserError) -> NoReturn:
    _err.print(error, style="red", highlight=False, markup=False)
    sys.exit(1)
