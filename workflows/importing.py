"""Importing initiatives and their people from a small CSV: all of it, or nothing."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError
from sqlmodel import Session

from storage import initiatives, locks, people
from storage.models import Person, Stage
from workflows import audit
from workflows.changes import changed
from workflows.errors import ImportRefusedError
from workflows.owing import What
from workflows.people import FALLBACK_ZONE, Profile
from workflows.people_cells import Mention, Named, Place, contradictions, read_named, read_several
from workflows.registry.facts import checked
from workflows.registry.policy import with_changes
from workflows.registry.recording import Author, Next, read_known, record
from workflows.services import Actor, Services
from workflows.storable import storable_text

COLUMNS = ("key", "name", "department", "department_leads", "lead", "deputies", "stage")
_SURPLUS = "surplus"  # where the csv module puts cells beyond the last column
_LONGEST = 1000  # rows, a few seconds; larger registries come another way


def _several(cell: object) -> object:
    return read_several(cell) if isinstance(cell, str) else cell


def _one(cell: object) -> object:
    return read_named(cell) if isinstance(cell, str) else cell


def _in_capitals(key: str) -> str:
    return key.upper()


def _in_small_letters(stage: object) -> object:
    return stage.strip().lower() if isinstance(stage, str) else stage


class Row(BaseModel, str_strip_whitespace=True):
    """One line of the file."""

    key: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$"), AfterValidator(_in_capitals)
    ]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    department: Annotated[str, Field(min_length=1, max_length=100)]
    department_leads: Annotated[list[Named], BeforeValidator(_several)]
    lead: Annotated[Named, BeforeValidator(_one)]
    deputies: Annotated[list[Named], BeforeValidator(_several)]
    stage: Annotated[Stage, BeforeValidator(_in_small_letters)]

    @property
    def people(self) -> dict[str, list[Named]]:
        """Return whom it names, by the column."""
        return {
            "department_leads": self.department_leads,
            "lead": [self.lead],
            "deputies": self.deputies,
        }


@dataclass(frozen=True)
class Imported:
    """What an import did, by initiative key, and how many people have another place since."""

    new: list[str]
    changed: list[str]
    same: list[str]
    placed: int = 0


Rows = dict[int, Row]  # by the number of the line in the file
LookUp = Callable[[str], Profile | None]


def read_rows(content: bytes) -> Rows:
    """Read the file.

    Raises:
        ImportRefusedError: with every fault, each with its row and column.
    """
    try:
        text = storable_text(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ImportRefusedError(["the file is not UTF-8: save it as “CSV UTF-8”"]) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey=_SURPLUS, strict=True)
    try:
        lines = dict(_numbered(reader))
    except csv.Error as error:
        raise ImportRefusedError([f"row {reader.line_num + 1}: not a table ({error})"]) from None
    _check_table(reader.fieldnames or [], len(lines))
    rows, faults = {}, []
    for number, cells in lines.items():
        if _SURPLUS in cells:
            faults.append(f"row {number}: more cells than there are columns")
            continue
        try:
            rows[number] = Row.model_validate(cells)
        except ValidationError as error:
            faults += [_fault(number, fault) for fault in error.errors()]
    faults += _repeated(rows)
    if faults:
        raise ImportRefusedError(faults)
    return rows


def find_people(rows: Rows, look_up: LookUp) -> dict[str, Profile]:
    """Return everyone the rows name, by email or id as it is written.

    Raises:
        ImportRefusedError: names everyone who is not there, has left, or can't be asked.
    """
    found: dict[str, Profile] = {}
    faults = []
    for number, column, named in _mentions(rows):
        reference = named.reference
        profile = found.get(reference) or look_up(reference)
        if profile is None:
            faults.append(f"row {number}, {column}: nobody in Slack is “{reference}”")
            continue
        found[reference] = profile
        if reason := _unfit(profile):
            faults.append(f"row {number}, {column}: {reference} {reason}")
    faults += contradictions(_mentions(rows), {who: one.user_id for who, one in found.items()})
    if faults:
        raise ImportRefusedError(faults)
    return found


def import_rows(
    services: Services, actor: Actor, rows: Rows, people_by_reference: Mapping[str, Profile]
) -> Imported:
    """Store the initiatives and their people in one transaction.

    What the file does not name stays as it is. An import that is repeated changes nothing.
    """
    now = services.now()
    with services.transaction() as session:
        locks.hold_registry(session, actor.workspace_id)
        _save_people(session, actor.workspace_id, people_by_reference.values(), now)
        placed = _save_places(session, actor.workspace_id, rows, people_by_reference)
        ids = {reference: profile.user_id for reference, profile in people_by_reference.items()}
        _save_departments(session, actor.workspace_id, rows, ids)
        versions = [_next_of(session, actor.workspace_id, row, ids) for row in rows.values()]
        result = _sorted(versions)
        written = [one for one in versions if one.key not in result.same]
        record(session, actor.workspace_id, written, Author(actor.user_id, now))
        counts = {"new": len(result.new), "changed": len(result.changed), "same": len(result.same)}
        audit.record(session, now, actor, "import", f"{len(rows)} initiatives", facts=counts)
        keys = [one.key for one in written]
        changed(session, actor.workspace_id, What.REGISTRY, now, keys)
    return replace(result, placed=placed)


def _numbered(reader: "csv.DictReader[str]") -> Iterator[tuple[int, dict[Any, Any]]]:
    for cells in reader:
        yield reader.line_num, cells


def _check_table(fieldnames: object, count: int) -> None:
    names = list(fieldnames) if isinstance(fieldnames, list) else []
    faults = [f"the column “{column}” is missing" for column in COLUMNS if column not in names]
    if faults:
        raise ImportRefusedError([*faults, f"the columns are {', '.join(COLUMNS)}"])
    if not 0 < count <= _LONGEST:
        raise ImportRefusedError([f"the file has {count} rows; from 1 to {_LONGEST} can be taken"])


def _fault(number: int, fault: Any) -> str:
    column = str(fault["loc"][0])
    says = {
        "string_pattern_mismatch": "up to 20 letters, digits and dashes",
        "string_too_short": "is empty",
        "string_type": "is missing",
        "dataclass_type": "is missing",
        "enum": f"one of {', '.join(Stage)}",
    }.get(fault["type"], fault["msg"].removeprefix("Value error, "))
    return f"row {number}, {column}: {says}"


def _repeated(rows: Rows) -> list[str]:
    first: dict[str, int] = {}
    return [
        f"row {number}, key: {row.key} stands in row {first[row.key]} already"
        for number, row in rows.items()
        if first.setdefault(row.key, number) != number
    ]


def _unfit(profile: Profile) -> str:
    if profile.deactivated:
        return "has left the workspace"
    if profile.guest:
        return "is a guest, and guests file no updates"
    if profile.stranger:
        return "belongs to another organisation"
    return "is a bot" if profile.bot else ""


def _mentions(rows: Rows) -> Iterator[Mention]:
    for number, row in rows.items():
        for column, several in row.people.items():
            for named in several:
                yield number, column, named


def _save_people(
    session: Session, workspace_id: str, profiles: Iterable[Profile], now: datetime
) -> None:
    for profile in profiles:
        known = people.get(session, workspace_id, profile.user_id)
        people.save(
            session,
            Person(
                workspace_id=workspace_id,
                user_id=profile.user_id,
                name=profile.name,
                timezone=profile.timezone or (known.timezone if known else FALLBACK_ZONE),
                read_at=now,
            ),
        )


def _save_places(
    session: Session, workspace_id: str, rows: Rows, found: Mapping[str, Profile]
) -> int:
    """Store where people are, as far as the file says; return how many are elsewhere now."""
    named = (one for _, _, one in _mentions(rows))
    places = {found[one.reference].user_id: one.place for one in named if one.place is not None}
    count = 0
    for user_id, place in places.items():
        person = people.to_change(session, workspace_id, user_id)
        if person is not None and Place(person.country, person.region) != place:
            person.country, person.region = place.country, place.region
            count += 1
    return count


def _save_departments(
    session: Session, workspace_id: str, rows: Rows, ids: Mapping[str, str]
) -> None:
    """Store as a department's leads all that any of its rows names; where none does, keep them."""
    leads: dict[str, dict[str, None]] = {}
    for row in rows.values():
        named = (ids[one.reference] for one in row.department_leads)
        leads.setdefault(row.department, {}).update(dict.fromkeys(named))
    for department, user_ids in leads.items():
        if not user_ids:
            continue
        initiatives.set_department_leads(session, workspace_id, department, list(user_ids))


def _next_of(session: Session, workspace_id: str, row: Row, ids: Mapping[str, str]) -> Next:
    lead_id = ids[row.lead.reference]
    named = [ids[one.reference] for one in row.deputies]
    deputies = dict.fromkeys(user_id for user_id in named if user_id != lead_id)
    facts = {
        "name": row.name,
        "department": row.department,
        "stage": row.stage,
        "lead_id": lead_id,
        "deputy_ids": tuple(deputies),
    }
    initiative = initiatives.get(session, workspace_id, row.key)
    if initiative is None:
        return Next(row.key, checked(facts))
    before = read_known(session, initiative)
    return Next(row.key, with_changes(before.facts, facts), before)


def _sorted(versions: Sequence[Next]) -> Imported:
    new = [one.key for one in versions if one.before is None]
    changed_ones = [one.key for one in versions if one.before and one.before.facts != one.after]
    same = [one.key for one in versions if one.before and one.before.facts == one.after]
    return Imported(new, changed_ones, same)
