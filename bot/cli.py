"""The `rollcall` command."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from slack_sdk.errors import SlackApiError

from bot.cli_backup import backup_command, restore_command
from bot.cli_doctor import doctor_command
from bot.cli_promises import promises_command
from bot.database import open_database
from bot.logs import set_up_logs
from bot.people import look_up
from bot.serve import (
    ask_workspace,
    clock_of,
    introduce,
    patient_client,
    read_policy_file,
    refuse_foreign_schema,
    serve,
)
from bot.services import build_services
from bot.settings import Settings, read_settings, why_unreadable
from storage.schema import migrate, schema_state
from workflows import policies
from workflows.errors import ImportRefusedError, PolicyInvalidError, UserError
from workflows.importing import Imported, find_people, import_rows, read_rows
from workflows.policy_document import read_policy
from workflows.services import Actor

IMPORTER = "rollcall import"  # who an import by command is put down to in the audit log
cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.command("promises")(promises_command)
cli.command("backup")(backup_command)
cli.command("restore")(restore_command)
cli.command("doctor")(doctor_command)
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


@cli.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV of initiatives and people: see the README.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check, and store nothing.")] = False,
) -> None:
    """Take initiatives and their people from a CSV: all of it, or nothing."""
    settings = _settings()
    engine = open_database(settings.database_url)
    refuse_foreign_schema(schema_state(engine))
    services = build_services(engine, clock_of(settings))
    client, policy = patient_client(settings), read_policy_file(settings)
    workspace_id, _ = ask_workspace(client)
    try:
        rows = read_rows(_read_bytes(file))
        people = find_people(rows, lambda reference: look_up(client, reference))
    except ImportRefusedError as error:
        _refuse(f"{file}: nothing was imported.", error.faults)
    except SlackApiError as error:
        _refuse(f"{file}: nothing was imported.", [f"Slack answered: {error.response['error']}"])
    except OSError as error:
        why = f"Slack can't be reached ({type(error).__name__})"
        _refuse(f"{file}: nothing was imported.", [why])
    if dry_run:
        _out.print(
            f"{file}: {len(rows)} rows and {len(people)} people are fine; nothing was stored."
        )
        return
    if not policies.is_set(services, workspace_id):
        introduce(services, client, policy)  # the workspace's first command is an import
    _report(import_rows(services, Actor(workspace_id, IMPORTER), rows, people))


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


def _read_bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        _refuse(f"{file} can't be read: {why_unreadable(error)}.")


def _report(done: Imported) -> None:
    table = Table("", "initiatives", box=None, show_header=False)
    for word, keys in (("new", done.new), ("changed", done.changed), ("same", done.same)):
        table.add_row(f"{len(keys)} {word}", ", ".join(keys))
    _out.print(table)


def _refuse(sentence: str, faults: Sequence[str] = ()) -> NoReturn:
    _err.print(sentence, style="red", highlight=False, markup=False)
    for fault in faults:
        _err.print(f"  {fault}", highlight=False, markup=False)
    raise typer.Exit(1)
