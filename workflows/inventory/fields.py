"""What a column of an inventory can be, by its name and by what stands in it. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from rapidfuzz import fuzz, process

from storage.models import Stage
from workflows.inventory.dates import DateOrder, is_date

_SPELLED_LIKE = 88  # of 100, by rapidfuzz
KEY_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
_NOTHING = {"", "n/a", "na", "n.a.", "none", "-", "–", "null", "not applicable", "tbd"}


class Kind(StrEnum):
    """What stands in a column."""

    KEY = "key"
    NAME = "name"  # short, hardly ever twice
    GROUP = "group"  # short, and the same in many rows
    TEXT = "text"  # sentences
    STAGE = "stage"
    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    LINES = "lines"  # as the export writes milestones and dependencies


@dataclass(frozen=True)
class Field:
    """A fact that a column can hold, and what people call it; in small letters."""

    name: str  # as Facts does, and: key, abbreviation
    kind: Kind
    called: tuple[str, ...]


FIELDS = (
    Field("key", Kind.KEY, ("key", "id", "identifier", "use case id", "initiative key")),
    Field(
        "name",
        Kind.NAME,
        (
            "name",
            "title",
            "use case name",
            "project name",
            "initiative",
            "initiative name",
            "ai use case",
            "bezeichnung",
            "titel",
            "projekt",
            "nom",
        ),
    ),
    Field(
        "department",
        Kind.GROUP,
        (
            "department",
            "agency",
            "division",
            "business unit",
            "organisation",
            "organization",
            "abteilung",
            "bereich",
            "département",
        ),
    ),
    Field("abbreviation", Kind.GROUP, ("agency abbreviation", "abbreviation", "department code")),
    Field(
        "stage",
        Kind.STAGE,
        (
            "stage",
            "stage of development",
            "development stage",
            "status",
            "phase",
            "lifecycle stage",
        ),
    ),
    Field(
        "lead_id",
        Kind.PERSON,
        ("lead", "owner", "project lead", "responsible", "contact", "verantwortlich", "leitung"),
    ),
    Field("deputy_ids", Kind.PERSON, ("deputies", "deputy", "stands in", "stellvertretung")),
    Field(
        "objective",
        Kind.TEXT,
        (
            "objective",
            "purpose",
            "description",
            "goal",
            "summary",
            "intended purpose",
            "intended purpose and expected benefits",
            "ziel",
            "zweck",
            "beschreibung",
        ),
    ),
    Field("outcome", Kind.TEXT, ("business outcome", "outcome", "benefit", "benefits", "nutzen")),
    Field("topic", Kind.GROUP, ("topic", "topic area", "use case topic area", "category", "thema")),
    Field("stakeholders", Kind.TEXT, ("stakeholders", "stakeholder", "beteiligte")),
    Field("data", Kind.TEXT, ("shared data", "data", "data used", "datasets", "data sources")),
    Field("skills", Kind.TEXT, ("people by skill", "skills", "roles needed")),
    Field("compute", Kind.TEXT, ("compute", "computing resources", "infrastructure needed")),
    Field(
        "starts_on",
        Kind.DATE,
        ("start", "start date", "date initiated", "initiated", "begin", "beginn", "startdatum"),
    ),
    Field(
        "target_on",
        Kind.DATE,
        ("target", "target date", "end date", "due date", "planned end", "ende", "zieldatum"),
    ),
    Field("currency", Kind.GROUP, ("currency", "währung")),
    Field("budget_approved", Kind.NUMBER, ("budget approved", "approved budget", "budget")),
    Field("budget_spent", Kind.NUMBER, ("budget spent", "spent", "actual cost")),
    Field("budget_forecast", Kind.NUMBER, ("budget forecast", "forecast cost")),
    Field("change_percent", Kind.NUMBER, ("change management", "change management percent")),
    Field("impact_score", Kind.NUMBER, ("business impact", "impact")),
    Field("alignment_score", Kind.NUMBER, ("strategic alignment", "alignment")),
    Field("readiness_score", Kind.NUMBER, ("readiness",)),
    Field("milestones", Kind.LINES, ("milestones",)),
    Field("dependencies", Kind.LINES, ("dependencies", "depends on")),
)
BY_NAME = {field.name: field for field in FIELDS}

_STAGES = {
    Stage.PROPOSED: "proposed,initiated,idea,ideation,planned,planning,concept,backlog,geplant",
    Stage.APPROVED: "approved,acquisition and/or development,in development,development,design,"
    "build,building,in entwicklung,genehmigt",
    Stage.PILOT: "pilot,implementation and assessment,implementation,testing,test,trial,poc,"
    "proof of concept,pilotphase,beta",
    Stage.PRODUCTION: "production,operation and maintenance,in production,operational,deployed,"
    "live,in use,produktiv,in betrieb",
    Stage.PAUSED: "paused,on hold,suspended,inactive,pausiert",
    Stage.RETIRED: "retired,decommissioned,discontinued,closed,cancelled,stopped,eingestellt",
}
_STAGE_WORDS = {word: stage for stage, words in _STAGES.items() for word in words.split(",")}


def is_nothing(cell: str) -> bool:
    """Tell whether a cell says that there is nothing to say."""
    return cell.strip().casefold() in _NOTHING


def read_stage(cell: str) -> Stage | None:
    """Return the stage that a word means; None if it is none that is known."""
    folded = re.sub(r"\s+", " ", cell.strip().casefold())
    if folded in _STAGE_WORDS:
        return _STAGE_WORDS[folded]
    close = process.extractOne(
        folded, list(_STAGE_WORDS), scorer=fuzz.ratio, score_cutoff=_SPELLED_LIKE
    )
    return _STAGE_WORDS[close[0]] if close and folded else None


def read_number(cell: str) -> Decimal | None:
    """Return a number as people write it: with thousands parted, a currency, a percent sign."""
    text = re.sub(r"[^\d.,\-]", "", cell)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+,\d{1,2}", text):
        text = text.replace(".", "").replace(",", ".")
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def fitness(kind: Kind, cells: Sequence[str]) -> float:
    """Return how well the cells of a column fit to a kind, from 0 to 1; 0.5 if there are none."""
    filled = [cell for cell in cells if not is_nothing(cell)]
    if not filled:
        return 0.5
    return _FITS[kind](filled)


def _share(cells: Sequence[str], fits: Callable[[str], bool]) -> float:
    return sum(1 for cell in cells if fits(cell)) / len(cells)


def _distinct(cells: Sequence[str]) -> float:
    return len(set(cells)) / len(cells)


def _like_name(cells: Sequence[str]) -> float:
    return min(1.0, _distinct(cells) * 1.5) * _share(cells, lambda cell: len(cell) <= 500)


def _like_group(cells: Sequence[str]) -> float:
    short = _share(cells, lambda cell: len(cell) <= 100)
    return short * (1.0 if len(cells) < 5 or _distinct(cells) <= 0.6 else 0.6)


def _like_text(cells: Sequence[str]) -> float:
    said = _share(cells, lambda cell: len(cell.split()) >= 3)
    return said * (1.0 if len(cells) < 5 or _distinct(cells) >= 0.3 else 0.3)


def _like_person(cell: str) -> bool:
    return len(cell.split()) <= 4 and sum(char.isalpha() for char in cell) > len(cell) / 2


_FITS: dict[Kind, Callable[[Sequence[str]], float]] = {
    Kind.KEY: lambda cells: _share(cells, lambda cell: KEY_FORM.fullmatch(cell) is not None),
    Kind.NAME: _like_name,
    Kind.GROUP: _like_group,
    Kind.TEXT: _like_text,
    Kind.STAGE: lambda cells: _share(cells, lambda cell: read_stage(cell) is not None),
    Kind.DATE: lambda cells: _share(cells, lambda cell: is_date(cell, DateOrder.UNKNOWN)),
    Kind.NUMBER: lambda cells: _share(cells, lambda cell: read_number(cell) is not None),
    Kind.PERSON: lambda cells: _share(cells, _like_person),
    Kind.LINES: lambda cells: _share(cells, lambda cell: " | " in cell),
}
