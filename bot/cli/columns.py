"""What the columns of an inventory mean: shown, and asked of whoever imports it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import typer
import yaml
from rich.console import Console
from rich.table import Table as Grid

from bot.settings import why_unreadable
from storage.models import Stage
from workflows.errors import MappingInvalidError
from workflows.inventory.dates import DateOrder
from workflows.inventory.fields import BY_NAME
from workflows.inventory.findings import stage_words
from workflows.inventory.mapping import (
    CONSTANT,
    REQUIRED,
    ImportMap,
    Match,
    map_of,
    match_columns,
    order_of,
    read_map,
    read_yaml,
    require_columns,
    unused_columns,
)
from workflows.inventory.stages import guess_stage
from workflows.tables.table import Table

_out = Console()
_err = Console(stderr=True)


@dataclass(frozen=True)
class Said:
    """What was said on the command line of what the columns mean."""

    file: Path
    map_file: Path | None = None
    constants: Mapping[str, str] = field(default_factory=dict)  # that all rows share
    asks: bool = False  # whether somebody is there to be asked


def read_constants(settings: Sequence[str]) -> dict[str, str]:
    """Return what `--set field=value` says of all rows."""
    constants = {}
    for setting in settings:
        name, _, value = (part.strip() for part in setting.partition("="))
        if name not in CONSTANT or not value:
            refuse(
                f"--set {setting}: nothing was imported.",
                f"It takes one of {', '.join(CONSTANT)}, as in: --set department=Finance",
            )
        constants[name] = value
    return constants


def sheet_of(map_file: Path | None) -> str:
    """Return the sheet that a mapping file names, if it does; its faults are said later."""
    try:
        content = read_yaml(map_file) if map_file else None
    except (OSError, MappingInvalidError):
        return ""
    return str(content.get("sheet", "")) if isinstance(content, dict) else ""


def said_columns(table: Table, said: Said) -> ImportMap:
    """Return what the columns mean: as a file says, or as they look and somebody confirms."""
    map_ = _mapped(table, said)
    _tell_unused(map_, table)
    return _with_order(_with_stages(map_, table, said), table, said)


def _mapped(table: Table, said: Said) -> ImportMap:
    if said.map_file:
        return _from_file(said.map_file, table, said)
    matches = match_columns(table.headings, table.sample())
    # What was said of all rows is said: no column says otherwise.
    matches = [match for match in matches if match.field not in said.constants]
    _tell_matches(matches)
    used = [match for match in matches if match.is_sure or (said.asks and _confirm(match))]
    if said.asks:
        used = _corrected(used, table)
    map_ = map_of(used).model_copy(update={"constants": dict(said.constants)})
    if said.asks:
        map_ = _with_department(map_)
    missing = [name for name in REQUIRED if name not in {*map_.columns, *map_.constants}]
    if missing:
        _tell_unused(map_, table)  # it may be one of them
        guessed = {match.field: match.column for match in matches}
        unknown = {name: "(its heading)" for name in missing if name not in guessed}
        refuse(
            f"{said.file}: nothing was imported. I'm not sure which column holds the "
            f"{' and which the '.join(missing)}.",
            *(
                ["If all rows are of one department, add: --set department=NAME"]
                if "department" in missing
                else []
            ),
            "Say what the columns mean in a file, and give it with --map:",
            *_as_yaml({"columns": {**unknown, **guessed}}),
        )
    return map_


def _from_file(map_file: Path, table: Table, said: Said) -> ImportMap:
    try:
        map_ = read_map(map_file, said.constants)
        require_columns(map_, table.headings)
    except OSError as error:
        refuse(f"{map_file} can't be read: {why_unreadable(error)}.")
    except MappingInvalidError as error:
        refuse(f"{map_file}: nothing was imported.", *error.faults)
    return map_


def _with_department(map_: ImportMap) -> ImportMap:
    """Ask for the department of all rows where no column holds it."""
    if "department" in {*map_.columns, *map_.constants}:
        return map_
    said = typer.prompt(
        "No column holds the department. Which department are they all from?", default=""
    )
    constants = dict(map_.constants) | ({"department": said.strip()} if said.strip() else {})
    return map_.model_copy(update={"constants": constants})


def _corrected(matches: list[Match], table: Table) -> list[Match]:
    """Return the matches as somebody corrects them, one after the other, until all is right."""
    by_field = {match.field: match for match in matches}
    while said := typer.prompt(
        "Anything to correct? Type topic=Column, or press Enter", default=""
    ).strip():
        name, _, column = (part.strip() for part in said.partition("="))
        if name not in BY_NAME or (column and column not in table.headings):
            _out.print(f"There is no field “{name}”, or no column “{column}”.", markup=False)
        elif column:
            by_field[name] = Match(name, column, 100, True, "")
        else:
            by_field.pop(name, None)
    return list(by_field.values())


def _with_stages(map_: ImportMap, table: Table, said: Said) -> ImportMap:
    """Return the map with what the words of its stage column mean, as far as that is said."""
    words = stage_words(table, map_)
    if not words:
        if "stage" not in {*map_.columns, *map_.constants}:
            _out.print("No column holds the stage, so new initiatives start as proposed.")
        return map_
    if said.asks:
        asked = {word: _stage_by_prompt(word, count) for word, count in words}
        fresh = {word: stage for word, stage in asked.items() if stage is not None}
        return map_.model_copy(update={"stages": {**map_.stages, **fresh}})
    listed = ", ".join(f"“{word}” ({count})" for word, count in words)
    _out.print(
        f"I don't know these stages: {listed}. Their rows are entered as "
        "proposed. To say what they mean, add to the file for --map, for example:",
        markup=False,
        soft_wrap=True,
    )
    guessed = {word: (guess_stage(word) or Stage.PROPOSED).value for word, _ in words}
    for line in _as_yaml({"stages": guessed}):
        _out.print(f"  {line}", markup=False, highlight=False)
    return map_


def _as_yaml(content: Mapping[str, Mapping[str, str]]) -> list[str]:
    return yaml.safe_dump(content, allow_unicode=True).splitlines()


def _stage_by_prompt(word: str, count: int) -> Stage | None:
    guess = guess_stage(word)
    rows = "row" if count == 1 else "rows"
    while True:
        said = typer.prompt(
            f"Which stage is “{word}” ({count} {rows})? {', '.join(Stage)}, or Enter",
            default=guess.value if guess else "",
        )
        if not said.strip():
            return None
        if said.strip().casefold() in list(Stage):
            return Stage(said.strip().casefold())
        _out.print(f"“{said}” isn't a stage.", markup=False)


def _with_order(map_: ImportMap, table: Table, said: Said) -> ImportMap:
    order = order_of(map_, table.headings, table.sample())
    if order is DateOrder.UNKNOWN and said.asks:
        day_first = typer.confirm("Is 3/4/2027 in this file the 3rd of April?", default=None)
        order = DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST
    if order is DateOrder.UNKNOWN:
        refuse(
            f"{said.file}: nothing was imported. Its dates can be read two ways.",
            "Add to the file for --map: “date_order: day_first”, or “date_order: month_first”.",
        )
    return map_.model_copy(update={"date_order": order})


def _confirm(match: Match) -> bool:
    rival = f" (“{match.rival}” looks as good)" if match.rival else ""
    return typer.confirm(f"Is “{match.column}” the {match.field}?{rival}", default=False)


def _tell_matches(matches: list[Match]) -> None:
    grid = Grid("field", "column", "match", "for example", box=None)
    for match in matches:
        sure = f"{match.score} %" if match.is_sure else f"{match.score} %, unsure"
        sure += f": or “{clip(match.rival)}”" if match.rival else ""
        grid.add_row(match.field, clip(match.column), sure, clip(match.example))
    _out.print(grid)
    if any(not match.is_sure for match in matches):
        _out.print("A column I'm not sure of is used only if you say so.")


def _tell_unused(map_: ImportMap, table: Table) -> None:
    """Name the columns that nothing is taken from, with how many cells and an example."""
    unused = unused_columns(map_, table.headings, table.sample())
    if not unused:
        return
    grid = Grid("not used", "cells", "for example", box=None)
    for one in unused:
        grid.add_row(clip(one.column), f"{one.filled:,}", clip(one.example))
    _out.print(grid)


def clip(text: str) -> str:
    """Return the beginning of a text that is to stand in a table."""
    return text if len(text) <= 48 else f"{text[:47]}…"


def refuse(*sentences: str) -> NoReturn:
    """Say why nothing was done, and end."""
    for sentence in sentences:
        _err.print(sentence, style="red", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(1)
