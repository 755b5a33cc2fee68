"""What a column of an inventory can hold, and how well its cells fit to that. Pure."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workflows.inventory.amounts import DecimalSign, read_amount
from workflows.inventory.dates import DateOrder, is_date
from workflows.inventory.stages import is_health, read_stage
from workflows.registry.fact_list import FACTS, Kind

KEY_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
_NOTHING = {
    "n/a", "na", "n.a.", "none", "-", "–", "—", "null", "not applicable", "tbd", "tbc", "k.a.",
    "keine", "entfällt", "s.o.", "aucun", "aucune", "n.v.t.", "ninguno", "#n/a", "nan",
}  # fmt: skip
_IS_FAIR = 0.6  # of a fit: sure for a column that is called exactly right, nearly
_IS_PERHAPS = 0.3  # asked about where a column is called exactly right


@dataclass(frozen=True)
class Field:
    """A fact that a column can hold."""

    name: str  # as Facts does, and: key, abbreviation
    kind: Kind


FIELDS = (
    Field("key", Kind.KEY),
    Field("abbreviation", Kind.GROUP),  # of the department
    *(Field(fact.name, fact.kind) for fact in FACTS if fact.called),
)
BY_NAME = {field.name: field for field in FIELDS}


def is_nothing(cell: str) -> bool:
    """Tell whether a cell says that there is nothing to say."""
    folded = cell.strip().casefold()
    return not folded or folded in _NOTHING


def clean_key(cell: str) -> str:
    """Return a key as it can be entered: letters without accents, and dashes for other signs.

    "" if it is too long, or of another alphabet: what is left of it would be another's key.
    """
    parts = unicodedata.normalize("NFKD", cell.upper())
    plain = "".join(char for char in parts if not unicodedata.combining(char))
    if any(char.isalpha() and not char.isascii() for char in plain):
        return ""
    text = re.sub(r"[^A-Z0-9]+", "-", plain).strip("-")
    return text if KEY_FORM.fullmatch(text) else ""


def listed_keys(cell: str) -> list[str]:
    """Return the keys that a cell lists, each with a letter and a digit; none if it says more."""
    parts = [part.strip() for part in re.split(r"[,;\n]", cell) if part.strip()]
    is_list = all(
        KEY_FORM.fullmatch(part) and re.search(r"\d", part) and re.search(r"[A-Za-z]", part)
        for part in parts
    )
    return [part.upper() for part in parts] if is_list else []


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


def _has_words(cell: str) -> bool:
    return any(map(str.isalpha, cell))


def _like_key(cells: Sequence[str]) -> float:
    """Return how much they look like keys; mere numbers are a list's own, and hardly keys."""
    if not _share(cells, lambda cell: any(map(str.isalpha, cell))):
        return 0.6
    return _share(cells, lambda cell: len(cell) <= 40 and clean_key(cell) != "")


def _like_name(cells: Sequence[str]) -> float:
    words = _share(cells, lambda cell: any(map(str.isalpha, cell)))
    return min(1.0, _distinct(cells) * 1.5) * _share(cells, lambda cell: len(cell) <= 500) * words


def _like_group(cells: Sequence[str]) -> float:
    short = _share(cells, lambda cell: len(cell) <= 300 and _has_words(cell))
    return short * (1.0 if len(cells) < 5 or _distinct(cells) <= 0.6 else 0.8)


def _like_text(cells: Sequence[str]) -> float:
    whole = _share(cells, lambda cell: len(cell.split()) >= 3)
    # A word or two is little of a text: whether it is one has to be asked.
    said = max(whole, _IS_PERHAPS * _share(cells, _has_words))
    return said * (1.0 if len(cells) < 5 or _distinct(cells) >= 0.3 else 0.3)


def _like_stage(cells: Sequence[str]) -> float:
    """Return how much they look like stages: by words that are known, or by few that come often."""
    if _share(cells, is_health) > 0.5:
        return 0.2
    known = _share(cells, lambda cell: read_stage(cell) is not None)
    short = _share(cells, lambda cell: len(cell) <= 40 and _has_words(cell))
    few = len(set(cells)) <= 12
    return max(known, (0.8 if few else _IS_PERHAPS) * short)


def _like_date(cells: Sequence[str]) -> float:
    sure = _share(cells, lambda cell: is_date(cell, DateOrder.UNKNOWN))
    return max(sure, _IS_FAIR * _share(cells, lambda cell: any(map(str.isdigit, cell))))


def _like_amount(cells: Sequence[str]) -> float:
    sure = _share(cells, lambda cell: read_amount(cell, DecimalSign.UNKNOWN).value is not None)
    return max(sure, _IS_FAIR * _share(cells, lambda cell: any(map(str.isdigit, cell))))


def _like_person(cell: str) -> bool:
    is_email = "@" in cell and " " not in cell
    return is_email or (
        len(cell.split()) <= 4 and sum(char.isalpha() for char in cell) > len(cell) / 2
    )


def _like_lines(cell: str) -> bool:
    return " | " in cell or bool(listed_keys(cell))


_FITS: dict[Kind, Callable[[Sequence[str]], float]] = {
    Kind.KEY: _like_key,
    Kind.NAME: _like_name,
    Kind.GROUP: _like_group,
    Kind.TEXT: _like_text,
    Kind.STAGE: _like_stage,
    Kind.DATE: _like_date,
    Kind.MONEY: _like_amount,
    Kind.NUMBER: _like_amount,
    Kind.PERSON: lambda cells: _share(cells, _like_person),
    Kind.LINES: lambda cells: _share(cells, _like_lines),
}
