"""Which column of an inventory holds which fact: matched by name and by content, or asked. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from rapidfuzz import fuzz

from storage.models import Stage
from workflows.errors import MappingInvalidError
from workflows.fault_words import words_of
from workflows.inventory.dates import DateOrder, find_order
from workflows.inventory.fields import BY_NAME, FIELDS, Field, Kind, fitness

REQUIRED = ("name", "department")
_SURE, _DOUBTFUL = 80, 55  # of 100; below, a column is nobody's
_WORD_LIKE = 85  # of 100, by rapidfuzz: one wrong letter in seven
_LITTLE_SAID = """a an and any are be by did do does for from has have how if in is it its of on or
that the this to was were what when where which who with ai"""
_SAYS_LITTLE = frozenset(_LITTLE_SAID.split())


@dataclass(frozen=True)
class Match:
    """A column that holds a fact."""

    field: str
    column: str
    score: int  # of 100
    is_sure: bool  # or has to be confirmed
    example: str  # what stands in it


class ImportMap(BaseModel):
    """What the columns of an inventory mean, as a file that can be kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[str, str]  # the heading by the field's name
    stages: dict[str, Stage] = {}  # by the word in the file
    date_order: DateOrder = DateOrder.UNKNOWN


def match_columns(headings: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Match]:
    """Return the best column for each field that has one, in the order of the fields.

    `sample` are the first rows, their cells in the order of the headings.
    """
    scored = sorted(
        (
            (_score(field, heading, [row[position] for row in sample]), field, position)
            for field in FIELDS
            for position, heading in enumerate(headings)
        ),
        key=lambda one: (-one[0], FIELDS.index(one[1]), one[2]),
    )
    found: dict[str, Match] = {}
    taken: set[int] = set()
    for score, field, position in scored:
        if score >= _DOUBTFUL and field.name not in found and position not in taken:
            taken.add(position)
            example = next((row[position] for row in sample if row[position].strip()), "")
            found[field.name] = Match(
                field.name, headings[position], score, score >= _SURE, " ".join(example.split())
            )
    return [found[field.name] for field in FIELDS if field.name in found]


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
    return find_order([row[position] for position in positions for row in sample])


def read_map(file: Path, headings: Sequence[str]) -> ImportMap:
    """Read a mapping file, and check it against the columns that there are.

    Raises:
        MappingInvalidError: with every fault in it.
        OSError: it can't be read.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        map_ = ImportMap.model_validate(content)
    except (yaml.YAMLError, UnicodeDecodeError):
        raise MappingInvalidError(["it is not YAML"]) from None
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc'])}: {words_of(fault)}"
            for fault in error.errors()
        ]
        raise MappingInvalidError(faults) from None
    require_columns(map_, headings)
    return map_


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
    faults += [f"no column holds the {name}" for name in REQUIRED if name not in map_.columns]
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


def _score(field: Field, heading: str, cells: Sequence[str]) -> int:
    """Return how well a column fits to a field: by its name, weighed by what stands in it."""
    by_name = max(_name_score(heading, called) for called in field.called)
    return round(by_name * (0.4 + 0.6 * fitness(field.kind, cells))) if by_name else 0


def _name_score(heading: str, called: str) -> float:
    """Return how much a heading says of what a field is called, and how little else."""
    words, wanted = _words(heading), _words(called)
    hit = sum(1 for one in wanted if any(fuzz.ratio(one, word) >= _WORD_LIKE for word in words))
    if not wanted or hit < len(wanted):
        return 0.0
    return 100 * (0.7 + 0.3 * hit / len(words))


def _words(text: str) -> list[str]:
    words = re.findall(r"\w+", text.casefold())
    return [word for word in words if word not in _SAYS_LITTLE] or words
