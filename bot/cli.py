"""The `rollcall` command."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from bot.cli_backup import backup_command, restore_command
from bot.cli_doctor import doctor_command
from bot.cli_export import export_command
from bot.cli_import import imports
from bot.cli_promises import promises_command
from bot.database import open_database
from bot.logs import set_up_logs
from bot.serve import (
    serve,
)
from bot.settings import Settings, read_settings, why_unreadable
from storage.schema import migrate, schema_state
from workflows.errors import PolicyInvalidError, UserError
from workflows.policy_document import read_policy

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.command("promises")(promises_command)
cli.command("backup")(backup_command)
cli.command("restore")(restore_command)
cli.command("doctor")(doctor_command)
cli.command("export")(export_command)
cli.add_typer(imports, name="import")
_out = Console()
_err = Console(stderr=True)


@cli.callback()
def rollcall() -> None:
    """Run many AI initiatives in parallel without one more meeting."""


@cli.command("serve")
def serve_command(
    http: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Signed HTTP instead of Socket Mode.")
    ] = None,
) -> None:
    """Run the bot."""
    settings = _settings()
    serve(settings, http)


@cli.command("demo")
def demo_command(
    port: Annotated[int, typer.Option(help="Where the page is, on this machine.")] = 8765,
) -> None:
    """Try the bot in a local workspace, with an organisation in it."""
    from bot.demo import run_demo  # no other command needs the workspace)

    run_demo(port)


@cli.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date."""
    settings = _settings()
    engine = open_database(settings.database_url)
    before = schema_state(engine)
    migrate(engine)
    _out.print(f"The database was {before}; it is {schema_state(engine)} now.")


@cli.command("policy")
def policy_command(file: Annotated[Path, typer.Argument(help="The policy, in YAML.")]) -> None:
    """Check a policy."""
    try:
        document = read_policy(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        _refuse(f"{file} can't be read: {why_unreadable(error)}.")
    except PolicyInvalidError as error:
        _refuse(f"{file}: nothing of it is in force.", error.faults)
    call = document.call
    _out.print(
        f"{file} is valid: the call is on {call.weekday} at {call.time:%H:%M} {call.timezone}.",
        markup=False,
    )


def main() -> None:
    """Run the command; what a person can mend is said in a sentence, without a traceback."""
    try:
        cli()
    except UserError as error:
        _err.print(error, style="red", highlight=False, markup=False)
        sys.exit(1)


def _settings() -> Settings:
    settings = read_settings()
    set_up_logs(settings.log_level, settings.log_format)
    return settings


def _refuse(sentence: str, faults: Sequence[str] = ()) -> NoReturn:
    _err.print(sentence, style="red", highlight=False, markup=False)
    for fault in faults:
        _err.print(f"  {fault}", highlight=False, markup=False)
    raise typer.Exit(1)
