"""Rows of an inventory as facts of the registry, each with what is doubtful about it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.models import Person, Stage
from workflows.errors import EntryInvalidError
from workflows.inventory.dates import DateOrder, read_cell
from workflows.inventory.fields import BY_NAME, KEY_FORM, Kind, is_nothing, read_number, read_stage
from workflows.inventory.lines import read_dependencies, read_milestones
from workflows.inventory.mapping import ImportMap
from workflows.registry.facts import Facts, checked
from workflows.tables.table import Row


@dataclass(frozen=True)
class Candidate:
    """One row, read."""

    number: int  # of the row
    facts: Facts  # what the file doesn't say is empty
    said: frozenset[str]  # the names of the facts that the file has a column for
    key: str = ""  # "" where the file gives none
    abbreviation: str = ""  # of the department
    notes: tuple[str, ...] = ()  # what is doubtful


@dataclass(frozen=True)
class Refusal:
    """One row that can't be taken, and why."""

    number: int
    reasons: tuple[str, ...]


@dataclass
class _Reading:
    """What is being read of one row."""

    values: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


class RowReader:
    """Reads rows by a mapping."""

    def __init__(
        self,
        map_: ImportMap,
        headings: Sequence[str],
        order: DateOrder,
        people: Mapping[str, Person],
    ) -> None:
        """Take what the columns mean; `people` are by user id, and by name in small letters."""
        self._positions = {name: headings.index(column) for name, column in map_.columns.items()}
        self._columns = map_.columns
        self._stages = {word.casefold(): stage for word, stage in map_.stages.items()}
        self._order, self._people = order, people
        self.said = frozenset(map_.columns) - {"key", "abbreviation"}

    def read(self, row: Row) -> Candidate | Refusal:
        """Return what a row says, or why it can't be taken."""
        reading = _Reading()
        if row.surplus:
            reading.reasons.append(f"{row.surplus} more cells than there are columns")
        for name, position in self._positions.items():
            self._take(reading, name, row.cells[position])
        if "stage" not in reading.values:
            reading.values["stage"] = Stage.PROPOSED
            if "stage" in self._columns and not row.cells[self._positions["stage"]].strip():
                reading.notes.append(f"{self._columns['stage']}: empty: entered as proposed")
        return self._candidate(row.number, reading)

    def _candidate(self, number: int, reading: _Reading) -> Candidate | Refusal:
        values = reading.values
        key, abbreviation = values.pop("key", ""), values.pop("abbreviation", "")
        for name in ("name", "department"):
            if not values.get(name) and not any(name in reason for reason in reading.reasons):
                reading.reasons.append(f"{self._columns[name]}: the {name} is missing")
        if not reading.reasons:
            try:
                facts = checked(values)
            except EntryInvalidError as error:
                reading.reasons += [
                    f"{self._called(name)}: {says}" for name, says in error.faults.items()
                ]
            else:
                notes = tuple(reading.notes)
                return Candidate(number, facts, self.said, key, abbreviation, notes)
        return Refusal(number, tuple(reading.reasons))

    def _called(self, name: str) -> str:
        return self._columns.get(name, name)

    def _take(self, reading: _Reading, name: str, cell: str) -> None:
        text = cell.strip()
        required = name in ("name", "department")
        if not text or (is_nothing(text) and not required):
            return
        kind = BY_NAME[name].kind
        if kind is Kind.KEY and not KEY_FORM.fullmatch(text):
            reading.reasons.append(f"{self._called(name)}: up to 20 letters, digits and dashes")
        elif kind in (Kind.STAGE, Kind.DATE, Kind.NUMBER):
            self._take_word(reading, name, text)
        elif kind is Kind.PERSON:
            self._take_people(reading, name, text)
        elif kind is Kind.LINES:
            self._take_lines(reading, name, text)
        else:
            reading.values[name] = text.upper() if kind is Kind.KEY else self._one_line(name, text)

    def _one_line(self, name: str, text: str) -> str:
        return text if BY_NAME[name].kind is Kind.TEXT else " ".join(text.split())

    def _take_word(self, reading: _Reading, name: str, text: str) -> None:
        value: Any
        if name == "stage":
            value = self._stages.get(text.casefold()) or read_stage(text)
            left = f"“{_clip(text)}” is no stage that I know: entered as proposed"
        elif BY_NAME[name].kind is Kind.DATE:
            value = read_cell(text, self._order)
            left = f"“{_clip(text)}” is no certain date: left empty"
        else:
            value = read_number(text)
            left = f"“{_clip(text)}” is no number: left empty"
        if value is None:
            reading.notes.append(f"{self._called(name)}: {left}")
        else:
            reading.values[name] = value

    def _take_people(self, reading: _Reading, name: str, text: str) -> None:
        found = []
        for wanted in text.replace("\n", ";").split(";"):
            person = self._people.get(wanted.strip()) or self._people.get(wanted.strip().casefold())
            if person is None:
                says = f"I know nobody called “{_clip(wanted.strip())}”: left out"
            elif person.guest:
                says = f"{person.name} is a guest: left out"
            else:
                found.append(person.user_id)
                says = f"{person.name} has left the workspace" if person.deactivated else ""
            if says:
                reading.notes.append(f"{self._called(name)}: {says}")
        if found:
            reading.values[name] = found[0] if name == "lead_id" else tuple(dict.fromkeys(found))

    def _take_lines(self, reading: _Reading, name: str, text: str) -> None:
        read = read_milestones if name == "milestones" else read_dependencies
        try:
            reading.values[name] = read(text)
        except ValueError:
            reading.reasons.append(f"{self._called(name)}: the lines can't be read")


def _clip(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
