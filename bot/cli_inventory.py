"""`rollcall import inventory`: the columns confirmed, a dry run, then all of it or nothing."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table as Grid

from bot.opening import open_services, workspace_in
from bot.settings import OFFLINE, read_settings, why_unreadable
from workflows.errors import ImportRefusedError, MappingInvalidError
from workflows.inventory.dates import DateOrder
from workflows.inventory.fields import BY_NAME
from workflows.inventory.mapping import (
    REQUIRED,
    ImportMap,
    Match,
    map_of,
    match_columns,
    order_of,
    read_map,
    write_map,
)
from workflows.inventory.report import Remark, Report
from workflows.inventory.run import Source, check_inventory, take_inventory
from workflows.inventory.undoing import undo_import
from workflows.services import Actor, Services
from workflows.tables.table import Table

IMPORTER = "rollcall import"
_MOST_REMARKS = 20  # of a kind, on the screen
_out = Console()
_err = Console(stderr=True)
Work = Callable[[Services, Actor, Source, Callable[[int], None]], Report]


def inventory_command(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX, whatever its columns.")],
    map_file: Annotated[
        Path | None, typer.Option("--map", help="What the columns mean, as --save-map wrote it.")
    ] = None,
    save_map: Annotated[
        Path | None, typer.Option("--save-map", help="Keep what the columns mean.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check, and store nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
) -> None:
    """Take an inventory of initiatives: all that can be taken of it, or nothing."""
    from workflows.tables.reading import open_table  # slow, and no other command needs it

    services = open_services(read_settings(OFFLINE))
    try:
        table = open_table(file)
    except OSError as error:
        _refuse(f"{file} can't be read: {why_unreadable(error)}.")
    actor = Actor(workspace_in(services), IMPORTER)
    _out.print(f"{file}: {table.described}", markup=False)
    asks = not yes and sys.stdin.isatty()
    map_ = _mapping(file, table, map_file, asks=asks)
    source = _source(file, table, map_, asks=asks)
    if save_map:
        write_map(save_map, source.map.model_copy(update={"date_order": source.order}))
        _out.print(f"What the columns mean is kept in {save_map}.", markup=False)
    report = _with_progress("Checking", check_inventory, services, actor, source)
    _tell_report(report)
    _tell_alike(report)
    if dry_run or not (report.new or report.changed):
        _out.print("Nothing was stored." if dry_run else "There is nothing to store.")
        return
    if not yes and not (asks and typer.confirm("Store this?", default=False)):
        _refuse("Nothing was stored. Say --yes, or answer yes, to store it.")
    done = _with_progress("Storing", take_inventory, services, actor, source)
    _out.print(f"Stored: {done.new} new, {done.changed} changed. `rollcall import undo` undoes it.")


def undo_command() -> None:
    """Undo the last import of an inventory; what people changed since stays."""
    services = open_services(read_settings(OFFLINE))
    undone = undo_import(services, Actor(workspace_in(services), IMPORTER))
    _out.print(
        f"{undone.file_name}: {len(undone.removed)} removed, {len(undone.restored)} as before.",
        markup=False,
    )
    if undone.kept:
        keys = ", ".join(undone.kept[:_MOST_REMARKS])
        _out.print(f"{len(undone.kept)} were worked on since and stay: {keys}", markup=False)


def _mapping(file: Path, table: Table, map_file: Path | None, *, asks: bool) -> ImportMap:
    """Return what the columns mean: as a file says, or as they look and somebody confirms."""
    if map_file:
        try:
            return read_map(map_file, table.headings)
        except OSError as error:
            _refuse(f"{map_file} can't be read: {why_unreadable(error)}.")
        except MappingInvalidError as error:
            _refuse(f"{map_file}: nothing was imported.", *error.faults)
    matches = match_columns(table.headings, table.sample())
    _tell_matches(matches)
    used = [match for match in matches if match.is_sure or (asks and _confirm(match))]
    if asks:
        used = _corrected(used, table)
    missing = [name for name in REQUIRED if name not in {match.field for match in used}]
    if missing:
        _refuse(
            f"{file}: nothing was imported. No column is surely the {' or the '.join(missing)}.",
            "Say what the columns mean in a file, and give it with --map:",
            *yaml.safe_dump({"columns": {m.field: m.column for m in matches}}).splitlines(),
        )
    return map_of(used)


def _corrected(matches: list[Match], table: Table) -> list[Match]:
    """Return the matches as somebody corrects them, one after the other, until all is right."""
    by_field = {match.field: match for match in matches}
    while said := typer.prompt("Correct one? As “topic=Column”, or Enter", default="").strip():
        name, _, column = (part.strip() for part in said.partition("="))
        if name not in BY_NAME or (column and column not in table.headings):
            _out.print(f"There is no field “{name}”, or no column “{column}”.", markup=False)
        elif column:
            by_field[name] = Match(name, column, 100, True, "")
        else:
            by_field.pop(name, None)
    return list(by_field.values())


def _source(file: Path, table: Table, map_: ImportMap, *, asks: bool) -> Source:
    order = order_of(map_, table.headings, table.sample())
    if order is DateOrder.UNKNOWN and asks:
        day_first = typer.confirm("Is 3/4/2027 in this file the 3rd of April?", default=None)
        order = DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST
    if order is DateOrder.UNKNOWN:
        _refuse(
            f"{file}: nothing was imported. Its dates can be read both ways round.",
            "Add to the file for --map: “date_order: day_first”, or “date_order: month_first”.",
        )
    return Source(table, map_, order, file.name)


def _confirm(match: Match) -> bool:
    return typer.confirm(f"Is “{match.column}” the {match.field}?", default=False)


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
            _refuse("Nothing was stored.", *error.faults)


def _tell_matches(matches: list[Match]) -> None:
    grid = Grid("field", "column", "match", "for example", box=None)
    for match in matches:
        sure = f"{match.score} %" if match.is_sure else f"{match.score} %, unsure"
        grid.add_row(match.field, _clip(match.column), sure, _clip(match.example))
    _out.print(grid)
    if any(not match.is_sure for match in matches):
        _out.print("A column that is unsure is used only if you say so.")


def _tell_report(report: Report) -> None:
    _out.print(
        f"{report.new} new, {report.changed} changed, {report.same} same; "
        f"{report.doubtful_count} doubtful, {report.refused_count} refused; "
        f"{len(report.missing)} initiatives are not in the file and stay."
    )
    for word, remarks in (
        ("changed", report.changes),
        ("doubtful", report.doubtful),
        ("refused, and left out", report.refused),
    ):
        if remarks:
            _out.print(f"{word}:")
        for remark in remarks[:_MOST_REMARKS]:
            _out.print(f"  {_told(remark)}", markup=False, highlight=False, soft_wrap=True)
        if len(remarks) > _MOST_REMARKS:
            _out.print(f"  and {len(remarks) - _MOST_REMARKS} more")


def _tell_alike(report: Report) -> None:
    if report.alike:
        _out.print("alike, in different departments (the ten likest):")
    for one in report.alike:
        words = ", ".join(one.shared)
        _out.print(
            f"  {one.key} {_clip(one.name)} ~ {one.other_key} {_clip(one.other_name)}: {words}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _told(remark: Remark) -> str:
    key = f" {remark.key}" if remark.key else ""
    return f"row {remark.number}{key}: {'; '.join(remark.words)}"


def _clip(text: str) -> str:
    return text if len(text) <= 48 else f"{text[:47]}…"


def _refuse(*sentences: str) -> NoReturn:
    for sentence in sentences:
        _err.print(sentence, style="red", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(1)
