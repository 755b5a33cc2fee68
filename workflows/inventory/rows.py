"""Rows of an inventory as facts of the registry, each with what is doubtful about it. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.models import Person, Stage
from workflows.errors import EntryInvalidError
from workflows.inventory.amounts import DecimalSign, find_sign, read_amount, unit_of
from workflows.inventory.dates import DateOrder, read_cell
from workflows.inventory.fields import BY_NAME, KEY_FORM, clean_key, is_nothing, listed_keys
from workflows.inventory.lines import read_dependencies, read_milestones
from workflows.inventory.mapping import ImportMap
from workflows.inventory.naming import People, clip, cut, departments_by_form, form_of
from workflows.inventory.stages import read_stage
from workflows.registry.fact_list import Kind
from workflows.registry.facts import LONGEST_NAME, LONGEST_TEXT, Facts, checked
from workflows.tables.table import Row

_AMOUNTS = (Kind.MONEY, Kind.NUMBER)
_LONGEST = {"name": LONGEST_NAME, "department": 100, "topic": 200, "currency": 20}
_TOTAL = re.compile(
    r"(grand |sub|overall |net |running )?[- ]?(totals?|sum|Σ|∑|summe|gesamt|gesamtsumme|"
    r"zwischensumme|insgesamt|total general|total g[eé]n[eé]ral|sous-total|totaal|eindtotaal|"
    r"subtotaal|suma|total global)( all| overall)?\s*:?",
    re.IGNORECASE,
)


def _is_total(name: str, department: str) -> bool:
    """Tell whether a row is called so: Total, Finance total, Subtotal (Finance)."""
    apart = re.sub(rf"\(?{re.escape(department)}\)?", "", name) if department else name
    return any(_TOTAL.fullmatch(one) for one in (name, apart.strip(" :–-")))


@dataclass(frozen=True)
class Candidate:
    """One row, read."""

    number: int  # of the row
    facts: Facts  # what the file doesn't say is empty
    said: frozenset[str]  # the names of the facts that it says something of, be it nothing
    key: str = ""  # "" where the file gives none
    abbreviation: str = ""  # of the department
    notes: tuple[str, ...] = ()  # what is doubtful
    needs: tuple[str, ...] = ()  # keys that it depends on, as the file gives them


@dataclass(frozen=True)
class Refusal:
    """One row that can't be taken, and why."""

    number: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Aside:
    """One row that is no initiative, and what it is."""

    number: int
    what: str


Read = Candidate | Refusal | Aside


@dataclass
class _Reading:
    """What is being read of one row."""

    values: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)  # facts of which nothing can be said


class RowReader:
    """Reads rows by a mapping."""

    def __init__(
        self,
        map_: ImportMap,
        headings: Sequence[str],
        order: DateOrder,
        people: Mapping[str, Person],
        sample: Sequence[Sequence[str]] = (),
        departments: Iterable[str] = (),
    ) -> None:
        """Take what the columns mean, and what the registry knows already.

        `people` are by user id, by email, and by name in small letters; `sample` are the first
        rows, which tell the decimal sign of each column.
        """
        self._positions = {name: headings.index(column) for name, column in map_.columns.items()}
        self._columns, self._headings = map_.columns, tuple(headings)
        self._stages = {form_of(word): stage for word, stage in map_.stages.items()}
        self._constants = {name: text.strip() for name, text in map_.constants.items()}
        self._order, self._people = order, People(people)
        self._departments = departments_by_form(departments)
        self._signs = {
            name: find_sign(row[position] for row in sample)
            for name, position in self._positions.items()
            if BY_NAME[name].kind in _AMOUNTS
        }
        self.said = frozenset({*map_.columns, *map_.constants}) - {"key", "abbreviation"}

    def read(self, row: Row) -> Read:
        """Return what a row says, or why it can't be taken, or that it is no initiative."""
        if what := self._aside(row):
            return Aside(row.number, what)
        reading = _Reading()
        if row.surplus:
            cells = "1 more cell" if row.surplus == 1 else f"{row.surplus} more cells"
            reading.reasons.append(f"{cells} than there are columns")
        for name, position in self._positions.items():
            self._take(reading, name, row.cells[position].strip())
        for name, text in self._constants.items():
            if name not in reading.values:
                self._take(reading, name, text)
        if "stage" not in reading.values:
            reading.values["stage"] = Stage.PROPOSED
            reading.unread.add("stage")
            if "stage" in self._columns and not row.cells[self._positions["stage"]].strip():
                reading.notes.append(f"{self._columns['stage']}: empty, so entered as proposed")
        return self._candidate(row.number, reading)

    def _aside(self, row: Row) -> str:
        """Return what a row is that is no initiative: totals, or the headings once more."""
        if tuple(" ".join(cell.split()) for cell in row.cells) == self._headings:
            return "the headings again"
        first = next((cell.strip() for cell in row.cells if cell.strip()), "")
        name = row.cells[self._positions["name"]].strip() if "name" in self._positions else ""
        texts = [
            row.cells[position]
            for one, position in self._positions.items()
            if BY_NAME[one].kind is Kind.TEXT and not is_nothing(row.cells[position])
        ]
        is_total = _is_total(
            name or first,
            row.cells[self._positions["department"]] if "department" in self._positions else "",
        )
        return "totals" if is_total and not texts else ""

    def _candidate(self, number: int, reading: _Reading) -> Candidate | Refusal:
        values = reading.values
        key, abbreviation = values.pop("key", ""), values.pop("abbreviation", "")
        for name in ("name", "department"):
            if not values.get(name):
                reading.reasons.append(f"{self._called(name)}: the {name} is missing")
        facts = None if reading.reasons else self._facts(reading)
        said = (self.said | ({"currency"} if values.get("currency") else set())) - reading.unread
        if facts is None:
            return Refusal(number, tuple(reading.reasons))
        notes, needs = tuple(reading.notes), tuple(reading.needs)
        return Candidate(number, facts, said, key, abbreviation, notes, needs)

    def _facts(self, reading: _Reading) -> Facts | None:
        """Return the facts; what can't be so is left empty and noted, the rest is taken."""
        while not reading.reasons:
            try:
                return checked(reading.values)
            except EntryInvalidError as error:
                for name, says in error.faults.items():
                    if reading.values.pop(name, None) is None or name in ("name", "department"):
                        reading.reasons.append(f"{self._called(name)}: {says}")
                    else:
                        self._leave(reading, name, f"{says} Left empty")
        return None

    def _leave(self, reading: _Reading, name: str, says: str) -> None:
        """Note that a cell says nothing that is certain; what is known already stays."""
        reading.unread.add(name)
        reading.notes.append(f"{self._called(name)}: {says}")

    def _called(self, name: str) -> str:
        return self._columns.get(name, name)

    def _take(self, reading: _Reading, name: str, text: str) -> None:
        if not text or (is_nothing(text) and name not in ("name", "department")):
            return
        takes = {
            Kind.KEY: self._take_key,
            Kind.MONEY: self._take_amount,
            Kind.NUMBER: self._take_amount,
            Kind.STAGE: self._take_stage,
            Kind.DATE: self._take_date,
            Kind.PERSON: self._take_people,
            Kind.LINES: self._take_lines,
        }
        takes.get(BY_NAME[name].kind, self._take_text)(reading, name, text)

    def _take_key(self, reading: _Reading, name: str, text: str) -> None:
        key = text.upper() if KEY_FORM.fullmatch(text) else clean_key(text)
        reading.values[name] = key
        if key != text.upper():
            made = f"it is entered as {key}" if key else "it gets a new one"
            reading.notes.append(
                f"{self._called(name)}: “{clip(text)}” can't be a key here, so {made}"
            )

    def _take_text(self, reading: _Reading, name: str, text: str) -> None:
        line = text if BY_NAME[name].kind is Kind.TEXT else " ".join(text.split())
        if name == "department":
            line = self._departments.setdefault(form_of(line), line)
        kept = cut(line, _LONGEST.get(name, LONGEST_TEXT))
        if kept != line:
            counts = f"cut at {len(kept):,} of {len(line):,} characters"
            note = f"{counts}; the whole can be read in its entry"
            reading.notes.append(f"{self._called(name)}: {note}")
            reading.values.setdefault("wholes", {})[name] = line
        reading.values[name] = kept

    def _take_stage(self, reading: _Reading, name: str, text: str) -> None:
        stage = self._stages.get(form_of(text)) or read_stage(text)
        if stage is None:
            says = f"I don't know the stage “{clip(text)}”, so it is entered as proposed"
            self._leave(reading, name, says)
        else:
            reading.values[name] = stage

    def _take_date(self, reading: _Reading, name: str, text: str) -> None:
        day = read_cell(text, self._order)
        if day is None:
            self._leave(reading, name, f"“{clip(text)}” isn't a clear date, so it is left empty")
        else:
            reading.values[name] = day

    def _take_people(self, reading: _Reading, name: str, text: str) -> None:
        found, says = self._people.named(text)
        reading.notes += [f"{self._called(name)}: {one}" for one in says]
        if not found:
            reading.unread.add(name)
        else:
            reading.values[name] = found[0] if name == "lead_id" else tuple(found)

    def _take_amount(self, reading: _Reading, name: str, text: str) -> None:
        is_money = BY_NAME[name].kind is Kind.MONEY
        amount = read_amount(
            text, self._signs.get(name, DecimalSign.UNKNOWN), unit_of(self._called(name))
        )
        currency = reading.values.get("currency") or amount.currency
        doubt = "is a share, and no amount" if is_money and "%" in text else amount.doubt
        if amount.value is not None and not doubt:
            exponent = amount.value.normalize().as_tuple().exponent
            if amount.value < 0 and is_money:
                doubt = "is negative, and a budget can't be"
            elif isinstance(exponent, int) and exponent < -2:
                doubt = "has more than two decimals"
            elif amount.currency and currency != amount.currency:
                doubt = f"is in {amount.currency}, and the rest in {currency}"
        if doubt:
            self._leave(reading, name, f"“{clip(text)}” {doubt}, so it is left empty")
            return
        reading.values[name] = amount.value
        if is_money and amount.currency:
            reading.values["currency"] = currency

    def _take_lines(self, reading: _Reading, name: str, text: str) -> None:
        if name == "dependencies" and (keys := listed_keys(text)):
            reading.needs += keys
            return
        read = read_milestones if name == "milestones" else read_dependencies
        try:
            lines = read(text)
            checked({"name": "-", "department": "-", "stage": Stage.PROPOSED, name: lines})
        except (ValueError, EntryInvalidError):
            self._leave(
                reading,
                name,
                f"“{clip(' '.join(text.split()))}” can't be read, so it is left empty",
            )
        else:
            reading.values[name] = lines
