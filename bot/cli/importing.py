"""`rollcall import`: initiatives and their people, whole inventories, and the way back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from typer.core import TyperGroup

from bot.cli.inventory import inventory_command, undo_command
from bot.clients import ask_workspace, patient_client
from bot.opening import open_services
from bot.people import look_up
from bot.policy_file import introduce, read_policy_file
from bot.settings import OFFLINE, read_settings, why_unreadable
from workflows import policies
from workflows.errors import ImportRefusedError
from workflows.importing import Imported, Rows, find_people, import_rows, read_rows
from workflows.people import Profile
from workflows.services import Actor

IMPORTER = "rollcall import"  # who an import by command is put down to in the audit log
_PEOPLE = "people"
_out = Console()
_err = Console(stderr=True)


class _FileFirst(TyperGroup):
    """Takes a file in the place of a command for one of initiatives and their people."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        known = (*self.list_commands(ctx), "--help")
        if args and not any(arg in known for arg in args[:1]):
            args = [_PEOPLE, *args]
        return super().parse_args(ctx, args)


imports = typer.Typer(
    cls=_FileFirst,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Take initiatives from a file: a small CSV with their people, or a whole inventory.",
)
imports.command("inventory")(inventory_command)
imports.command("undo")(undo_command)


@imports.command(_PEOPLE)
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV of initiatives and people: see the README.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check, and store nothing.")] = False,
) -> None:
    """Take initiatives and their people from a CSV: all of it, or nothing."""
    services = open_services(read_settings(OFFLINE))
    try:
        rows = read_rows(_read_bytes(file))
    except ImportRefusedError as error:
        _refuse(f"{file}: nothing was imported.", error.faults)
    settings = read_settings()  # from here on Slack is asked: who are they?
    client = patient_client(settings)
    workspace_id = ask_workspace(client).workspace_id
    people = _find_people(file, rows, client, workspace_id)
    if dry_run:
        _out.print(
            f"{file}: {len(rows)} rows and {len(people)} people are fine; nothing was stored."
        )
        return
    if not policies.is_set(services, workspace_id):
        introduce(
            services, client, read_policy_file(settings)
        )  # the workspace's first command is an import
    _report(import_rows(services, Actor(workspace_id, IMPORTER), rows, people))


def _find_people(
    file: Path, rows: Rows, client: WebClient, workspace_id: str
) -> dict[str, Profile]:
    try:
        return find_people(rows, lambda reference: look_up(client, reference, workspace_id))
    except ImportRefusedError as error:
        _refuse(f"{file}: nothing was imported.", error.faults)
    except SlackApiError as error:
        _refuse(f"{file}: nothing was imported.", [f"Slack answered: {error.response['error']}"])
    except OSError as error:
        why = f"Slack can't be reached ({type(error).__name__})"
        _refuse(f"{file}: nothing was imported.", [why])


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
    if done.placed:
        who = "1 person has" if done.placed == 1 else f"{done.placed} people have"
        _out.print(f"{who} another country or region than before.")


def _refuse(sentence: str, faults: Sequence[str] = ()) -> NoReturn:
    _err.print(sentence, style="red", highlight=False, markup=False)
    for fault in faults:
        _err.print(f"  {fault}", highlight=False, markup=False)
    raise typer.Exit(1)
