"""People as a cell of a file names them: «ana@acme.com (DE-BY); U0123456789»."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflows.public_holidays import country_code, region_code

_WITH_PLACE = re.compile(r"(?P<reference>[^()]*)\((?P<place>[^()]*)\)")
_FORGET = "-"


@dataclass(frozen=True)
class Place:
    """Whose public holidays somebody keeps; without a country, those of the policy."""

    country: str | None
    region: str | None

    def __str__(self) -> str:
        return "-".join(part for part in (self.country, self.region) if part) or "no country"


@dataclass(frozen=True)
class Named:
    """Somebody by email or user id, and their place where the file says it."""

    reference: str
    place: Place | None = None


Mention = tuple[int, str, Named]  # with the row and the column


def read_named(text: str) -> Named:
    """Read one person.

    Raises:
        ValueError: nobody is named, or a place that isn't known; says what is wrong.
    """
    found = _WITH_PLACE.fullmatch(text.strip())
    reference = (found["reference"] if found else text).strip()
    if not reference:
        raise ValueError("is empty")
    if found is None:
        return Named(reference)
    try:
        return Named(reference, _place(found["place"].strip()))
    except ValueError as error:
        raise ValueError(f"{reference} ({found['place']}): {error}") from None


def read_several(text: str) -> list[Named]:
    """Read people that are separated by «;».

    Raises:
        ValueError: as for one.
    """
    return [read_named(part) for part in text.split(";") if part.strip()]


def contradictions(mentions: Iterable[Mention], user_ids: Mapping[str, str]) -> list[str]:
    """Return a fault for each place that is not the one the same person has further up.

    `user_ids` are of those whom Slack knows, by email or user id as it is written.
    """
    first: dict[str, tuple[int, Place]] = {}
    faults = []
    for number, column, named in mentions:
        if named.place is None or named.reference not in user_ids:
            continue
        row, place = first.setdefault(user_ids[named.reference], (number, named.place))
        if place != named.place:
            faults.append(
                f"row {number}, {column}: {named.reference} has {named.place} here, "
                f"and {place} in row {row}"
            )
    return faults


def _place(text: str) -> Place:
    if text == _FORGET:
        return Place(None, None)
    country, _, region = text.partition("-")
    code = country_code(country)
    return Place(code, region_code(code, region) if region.strip() else None)
