"""`rollcall import inventory`: the columns confirmed, a dry run, then all of it or nothing."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from slack_sdk.errors import SlackApiError

from bot.cli.columns import Said, clip, read_constants, refuse, said_columns, sheet_of
from bot.clients import patient_client
from bot.opening import open_services, workspace_in
from bot.people import find_people
from bot.settings import OFFLINE, SettingsInvalidError, read_settings, why_unreadable
from workflows.errors import ImportRefusedError
from workflows.inventory.mapping import rate_sheet, references_of, write_map
from workflows.inventory.report import Remark, Report
from workflows.inventory.run import Source, check_inventory, take_inventory
from workflows.inventory.undoing import undo_import
from workflows.services import Actor, Services
from workflows.tables.table import Table

IMPORTER = "rollcall import"
_MOST_REFERENCES = 500
_MOST_HELD = 10_000  # rows of a table that are read once; of a longer one they take little memory
_NOT_LOOKED_UP = "Nothing was imported: the people can't be looked up."
_MOST_REMARKS = 20  # of a kind, on the screen
_out = Console()
Work = Callable[[Services, Actor, Source, Callable[[int], None]], Report]


def inventory_command(  # noqa: PLR0913, PLR0917  (one for each option)
    file: Annotated[Path, typer.Argument(help="CSV or XLSX, whatever its columns.")],
    map_file: Annotated[
        Path | None, typer.Option("--map", help="What the columns mean, as --save-map wrote it.")
    ] = None,
    save_map: Annotated[
        Path | None, typer.Option("--save-map", help="Keep what the columns mean.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check, and store nothing.")] = False,
    every: Annotated[
        bool, typer.Option("--all", help="List every remark, not the first 20 of a kind.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    sheet: Annotated[
        str, typer.Option("--sheet", help="Which sheet of a workbook, if not the likeliest.")
    ] = "",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="What all rows share, as department=Finance."),
    ] = None,
) -> None:
    """Take an inventory of initiatives: all that can be taken of it, or nothing."""
    said = Said(file, map_file, read_constants(settings or []), not yes and sys.stdin.isatty())
    services = open_services(read_settings(OFFLINE))
    table = _opened(file, sheet or sheet_of(map_file))
    actor = Actor(workspace_in(services), IMPORTER)
    _tell_table(file, table)
    map_ = said_columns(table, said)
    if sheet:
        map_ = map_.model_copy(update={"sheet": sheet})
    people = _people(services, actor, references_of(table, map_))
    source = Source(table, map_, map_.date_order, file.name, people)
    if save_map:
        write_map(save_map, map_)
        _out.print(f"Saved what the columns mean in {save_map}.", markup=False)
    report = _with_progress("Checking", check_inventory, services, actor, source)
    _tell_report(report, None if every else _MOST_REMARKS)
    _tell_alike(report)
    if dry_run or not (report.new or report.changed):
        _out.print("Nothing was stored." if dry_run else "There's nothing to import.")
        return
    if not yes and not (said.asks and typer.confirm("Store this?", default=False)):
        refuse("Nothing was stored. To store it, answer yes, or add --yes.")
    done = _with_progress("Storing", take_inventory, services, actor, source)
    _out.print(f"Stored: {done.new} new, {done.changed} changed. `rollcall import undo` undoes it.")


def undo_command() -> None:
    """Undo the last import of an inventory; what people changed since stays."""
    services = open_services(read_settings(OFFLINE))
    undone = undo_import(services, Actor(workspace_in(services), IMPORTER))
    _out.print(f"{undone.file_name}: {undone.words}", markup=False)
    if undone.kept:
        keys = ", ".join(undone.kept[:_MOST_REMARKS])
        _out.print(f"{undone.kept_words} {keys}", markup=False)


def _opened(file: Path, sheet: str) -> Table:
    from workflows.tables.reading import open_table  # slow, and no other command needs it

    try:
        table = open_table(file, sheet, rate_sheet)
        return table.held(_MOST_HELD) or table
    except OSError as error:
        refuse(f"{file} can't be read: {why_unreadable(error)}.")


def _tell_table(file: Path, table: Table) -> None:
    _out.print(f"{file}: {table.described}", markup=False, soft_wrap=True)
    if table.other_sheets:
        _out.print("To take another sheet: --sheet NAME")


def _people(services: Services, actor: Actor, references: list[str]) -> dict[str, str]:
    """Return the user ids of those whose emails or ids stand in the file."""
    if not references:
        return {}
    try:
        client = patient_client(read_settings())
    except SettingsInvalidError:
        _out.print(
            f"{len(references):,} people are not looked up in Slack: SLACK_BOT_TOKEN is not set."
        )
        return {}
    if (count := len(references)) > _MOST_REFERENCES:
        most = f"the first {_MOST_REFERENCES:,}"
        _out.print(f"Of {count:,} people in the file, {most} are looked up in Slack.")
    try:
        return find_people(services, client, actor.workspace_id, references[:_MOST_REFERENCES])
    except SlackApiError as error:
        refuse(f"{_NOT_LOOKED_UP} Slack answered: {error.response['error']}")
    except OSError as error:
        refuse(f"{_NOT_LOOKED_UP} Slack can't be reached ({type(error).__name__}).")


def _with_progress(
    words: str, work: Work, services: Services, actor: Actor, source: Source
) -> Report:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    total = sum(1 for _ in source.table.rows())
    with Progress(*columns, console=_out, transient=True) as progress:
        task = progress.add_task(words, total=total)
        try:
            return work(services, actor, source, lambda done: progress.update(task, completed=done))
        except ImportRefusedError as error:
            progress.stop()
            refuse("Nothing was stored.", *error.faults)


def _tell_report(report: Report, most: int | None) -> None:
    """Tell what an import does; `most` are the remarks of a kind that are listed, None: all."""
    _out.print(
        f"{report.new} new, {report.changed} changed, {report.same} unchanged; "
        f"{report.doubtful_count} to check, {report.refused_count} left out; "
        f"{len(report.missing)} initiatives here aren't in the file; they stay."
    )
    for word, remarks in (
        ("changed", report.changes),
        ("please check", report.doubtful),
        ("left out", report.refused),
        ("no initiatives, so left out", report.asides),
    ):
        if remarks:
            _out.print(f"{word}:")
        for remark in remarks[:most]:
            _out.print(f"  {_remark_line(remark)}", markup=False, highlight=False, soft_wrap=True)
        if most is not None and len(remarks) > most:
            _out.print(f"  and {len(remarks) - most:,} more; --all lists them")


def _tell_alike(report: Report) -> None:
    if report.alike:
        _out.print("similar, in different departments (the ten closest):")
    for one in report.alike:
        words = ", ".join(one.shared)
        _out.print(
            f"  {one.key} {clip(one.name)} ~ {one.other_key} {clip(one.other_name)}: {words}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _remark_line(remark: Remark) -> str:
    key = f" {remark.key}" if remark.key else ""
    return f"row {remark.number}{key}: {'; '.join(remark.words)}"
