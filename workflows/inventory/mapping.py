"""Which column of an inventory holds which fact: matched by name and by content, or asked. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from storage.models import Stage
from workflows.errors import MappingInvalidError
from workflows.fault_words import words_of
from workflows.inventory.dates import DateOrder, find_order, order_said
from workflows.inventory.fields import BY_NAME, FIELDS, Field, fitness, is_nothing
from workflows.inventory.headings import name_score, tool_of
from workflows.inventory.naming import references_in
from workflows.registry.fact_list import EXPORTED, Kind
from workflows.tables.table import Table

REQUIRED = ("name", "department")
CONSTANT = ("department", "stage", "topic", "currency")  # facts that all rows can share
_SURE, _DOUBTFUL = 80, 55  # of 100; below, a column is nobody's
_TIE = 2  # points within which two columns are as good as each other
_FULLER = 0.1  # share of the rows by which one is


@dataclass(frozen=True)
class Match:
    """A column that holds a fact."""

    field: str
    column: str
    score: int  # of 100
    is_sure: bool  # or has to be confirmed
    example: str  # what stands in it
    rival: str = ""  # another column that would do as well


@dataclass(frozen=True)
class Unused:
    """A column that holds no fact that is taken."""

    column: str
    filled: int  # cells of the sample
    example: str


class ImportMap(BaseModel):
    """What the columns of an inventory mean, as a file that can be kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[str, str] = {}  # the heading by the field's name
    constants: dict[str, str] = {}  # what all rows share, by the field's name
    stages: dict[str, Stage] = {}  # by the word in the file
    date_order: DateOrder = DateOrder.UNKNOWN
    sheet: str = ""  # of a workbook; "": the one that looks most like it


@dataclass(frozen=True)
class _Scored:
    field: Field
    position: int
    score: int
    filled: float  # share of the rows

    @property
    def rank(self) -> tuple[int, int, int]:
        """Return what the better one has less of: points come first, then how full it is."""
        return -(self.score // 5), -round(self.filled * 10), -self.score


def match_columns(headings: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Match]:
    """Return the best column for each field that has one, in the order of the fields.

    `sample` are the first rows, their cells in the order of the headings. An export of our own
    means what it says, whatever its cells look like.
    """
    if set(EXPORTED.values()) <= set(headings):
        return [
            Match(name, column, 100, is_sure=True, example=_example(headings.index(column), sample))
            for name, column in EXPORTED.items()
        ]
    scored = _scored(headings, sample)
    chosen: dict[str, _Scored] = {}
    taken: set[int] = set()
    for one in scored:
        if one.field.name not in chosen and one.position not in taken:
            taken.add(one.position)
            chosen[one.field.name] = one
    return [
        _match(headings, sample, chosen[field.name], scored, taken)
        for field in FIELDS
        if field.name in chosen
    ]


def rate_sheet(headings: Sequence[str], sample: Sequence[Sequence[str]]) -> float:
    """Return how much a sheet looks like an inventory: by its columns, or else by its size."""
    matches = match_columns(headings, sample)
    needed = sum(10 for match in matches if match.field in REQUIRED)
    return needed + sum(match.is_sure for match in matches) + len(headings) / 1000


def unused_columns(
    map_: ImportMap, headings: Sequence[str], sample: Sequence[Sequence[str]]
) -> list[Unused]:
    """Return the columns that say something and that nothing is taken from, in their order."""
    used = set(map_.columns.values())
    found = []
    for position, heading in enumerate(headings):
        filled = [row[position] for row in sample if row[position].strip()]
        if heading not in used and filled:
            found.append(Unused(heading, len(filled), " ".join(filled[0].split())))
    return found


def order_of(
    map_: ImportMap, headings: Sequence[str], sample: Sequence[Sequence[str]]
) -> DateOrder:
    """Return in which order the dates are written, by all columns that hold one."""
    if map_.date_order is not DateOrder.UNKNOWN:
        return map_.date_order
    positions = [
        headings.index(column)
        for name, column in map_.columns.items()
        if BY_NAME[name].kind is Kind.DATE
    ]
    said = {order_said(headings[position]) for position in positions} - {DateOrder.UNKNOWN}
    found = find_order([row[position] for position in positions for row in sample])
    return said.pop() if found is DateOrder.UNKNOWN and len(said) == 1 else found


def references_of(table: Table, map_: ImportMap) -> list[str]:
    """Return the emails and user ids that stand where a table names people, each once."""
    named = [
        table.headings.index(column)
        for name, column in map_.columns.items()
        if BY_NAME[name].kind is Kind.PERSON and column in table.headings
    ]
    return references_in(row.cells[position] for row in table.rows() for position in named)


def read_yaml(file: Path) -> Any:
    """Return what a mapping file holds, whatever that is.

    Raises:
        MappingInvalidError: it is no YAML.
        OSError: it can't be read.
    """
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: no UTF-8, no date
        raise MappingInvalidError(["it is not YAML"]) from None


def read_map(file: Path, constants: Mapping[str, str] | None = None) -> ImportMap:
    """Read a mapping file; `constants` are said besides, and stand for whole columns.

    Raises:
        MappingInvalidError: with every fault in it.
        OSError: it can't be read.
    """
    content = read_yaml(file)
    try:
        map_ = ImportMap.model_validate(content)
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc'])}: {words_of(fault)}"
            for fault in error.errors()
        ]
        raise MappingInvalidError(faults) from None
    said = dict(constants or {})
    columns = {name: column for name, column in map_.columns.items() if name not in said}
    return map_.model_copy(update={"columns": columns, "constants": {**map_.constants, **said}})


def require_columns(map_: ImportMap, headings: Sequence[str]) -> None:
    """Refuse fields and columns that there aren't, and the lack of those that are needed.

    Raises:
        MappingInvalidError: with every fault.
    """
    faults = [f"{name} is no field" for name in map_.columns if name not in BY_NAME]
    faults += [
        f"{name}: there is no column “{column}”"
        for name, column in map_.columns.items()
        if column not in headings
    ]
    faults += [
        f"{name} can't be the same for all rows" for name in map_.constants if name not in CONSTANT
    ]
    faults += [
        f"no column holds the {name}"
        for name in REQUIRED
        if name not in map_.columns and not map_.constants.get(name, "").strip()
    ]
    if faults:
        raise MappingInvalidError(faults)


def write_map(file: Path, map_: ImportMap) -> None:
    """Keep a mapping for the next import."""
    content = map_.model_dump(mode="json", exclude_defaults=True)
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def map_of(matches: Sequence[Match], stages: Mapping[str, Stage] | None = None) -> ImportMap:
    """Return the mapping that these matches make."""
    return ImportMap(
        columns={match.field: match.column for match in matches}, stages=dict(stages or {})
    )


def _scored(headings: Sequence[str], sample: Sequence[Sequence[str]]) -> list[_Scored]:
    """Return every column for every field that it may hold, the best first."""
    tool = tool_of(headings)
    found = []
    for position, heading in enumerate(headings):
        cells = [row[position] for row in sample]
        filled = sum(not is_nothing(cell) for cell in cells) / max(1, len(cells))
        for field in FIELDS:
            by_name = name_score(field.name, heading, tool)
            if not by_name:
                continue
            score = round(by_name * (0.4 + 0.6 * fitness(field.kind, cells)))
            if score >= _DOUBTFUL:
                found.append(_Scored(field, position, score, filled))
    return sorted(found, key=lambda one: (one.rank, FIELDS.index(one.field), one.position))


def _match(
    headings: Sequence[str],
    sample: Sequence[Sequence[str]],
    best: _Scored,
    scored: Sequence[_Scored],
    taken: set[int],
) -> Match:
    """Return a match; with a rival that is as good, it is not sure."""
    rivals = [
        headings[one.position]
        for one in scored
        if one.field == best.field
        and one.position not in taken
        and one.score >= best.score - _TIE
        and one.filled > best.filled - _FULLER
    ]
    example = _example(best.position, sample)
    is_sure = best.score >= _SURE and not rivals
    column = headings[best.position]
    return Match(best.field.name, column, best.score, is_sure, example, "".join(rivals[:1]))


def _example(position: int, sample: Sequence[Sequence[str]]) -> str:
    cells = (row[position] for row in sample)
    return " ".join(next((cell for cell in cells if cell.strip()), "").split())
