"""Columns, dates, lines and rows of inventories."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.models import Access, DependencyKind, Stage
from tests.factories import a_person
from workflows.errors import MappingInvalidError
from workflows.inventory.amounts import find_sign, read_amount
from workflows.inventory.dates import DateOrder, find_order, read_cell
from workflows.inventory.lines import (
    dependency_lines,
    milestone_lines,
    read_dependencies,
    read_milestones,
)
from workflows.inventory.mapping import (
    ImportMap,
    map_of,
    match_columns,
    order_of,
    read_map,
    require_columns,
    write_map,
)
from workflows.inventory.rows import Candidate, Read, Refusal, RowReader
from workflows.inventory.stages import read_stage
from workflows.registry.facts import DependencyFacts, MilestoneFacts
from workflows.tables.table import Row

GERMAN = ("Projekt", "Abteilung", "Zweck", "Status", "Beginn", "Verantwortlich")
GERMAN_ROWS = [
    (
        "Prognose",
        "Finanzen",
        "Weniger zu späte Rechnungen im Jahr",
        "Pilotphase",
        "13.01.2027",
        "Mara",
    ),
    ("Routen", "Betrieb", "Kürzere Wege zu den Kunden", "geplant", "01.02.2027", "Ola"),
]


def test_columns_are_matched_by_name_and_content() -> None:
    matches = {match.field: match for match in match_columns(GERMAN, GERMAN_ROWS)}

    assert {name: match.column for name, match in matches.items()} == {
        "name": "Projekt",
        "department": "Abteilung",
        "objective": "Zweck",
        "stage": "Status",
        "starts_on": "Beginn",
        "lead_id": "Verantwortlich",
    }
    assert all(match.is_sure for match in matches.values())


def test_a_column_that_is_called_right_and_holds_something_else_is_not_sure() -> None:
    headings = ("Name", "Department", "Start")
    rows = [("A", "Finance", "soon"), ("B", "People", "later")]

    matches = {match.field: match for match in match_columns(headings, rows)}

    assert "starts_on" not in matches or not matches["starts_on"].is_sure


def test_what_only_contains_the_word_is_unsure_and_loses_to_what_is_called_so() -> None:
    headings = ("Name of the system that is used", "Name", "Agency")
    rows = [("X1", "A", "Finance"), ("X2", "B", "People")]

    (match,) = [match for match in match_columns(headings, rows) if match.field == "name"]

    assert (match.column, match.is_sure) == ("Name", True)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["3/4/2027", "13/4/2027"], DateOrder.DAY_FIRST),
        (["3/4/2027", "4/13/2027"], DateOrder.MONTH_FIRST),
        (["3/4/2027", "4/3/2027"], DateOrder.UNKNOWN),
        (["13/4/2027", "4/13/2027"], DateOrder.MIXED),
        (["4/4/2027", "2027-03-31", "soon"], DateOrder.DAY_FIRST),  # nothing is in doubt
        (["3.4.2027"], DateOrder.DAY_FIRST),
        (["Mon 04/01/27", "01/03/27"], DateOrder.DAY_FIRST),  # only so is it a Monday
        (["Mon 01/04/27", "03/01/27"], DateOrder.MONTH_FIRST),
        ([], DateOrder.DAY_FIRST),
    ],
)
def test_the_order_of_dates_is_told_by_all_of_them(cells: list[str], order: DateOrder) -> None:
    assert find_order(cells) is order


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("3/4/2027", DateOrder.DAY_FIRST, date(2027, 4, 3)),
        ("3/4/2027", DateOrder.MONTH_FIRST, date(2027, 3, 4)),
        ("3/4/2027", DateOrder.MIXED, None),
        ("13/4/2027", DateOrder.MIXED, date(2027, 4, 13)),
        ("13/4/2027", DateOrder.MONTH_FIRST, None),
        ("7/1/2023 0:00", DateOrder.MONTH_FIRST, date(2023, 7, 1)),
        ("2027-03-31 00:00:00", DateOrder.DAY_FIRST, date(2027, 3, 31)),
        ("31 March 2027", DateOrder.MONTH_FIRST, date(2027, 3, 31)),
        ("31 March", DateOrder.MONTH_FIRST, None),  # of which year?
        ("2027-01-10T00:00:00Z", DateOrder.UNKNOWN, date(2027, 1, 10)),
        ("12-Jan-2027", DateOrder.UNKNOWN, date(2027, 1, 12)),
        ("12 Jan 27", DateOrder.UNKNOWN, date(2027, 1, 12)),
        ("2027/01/12", DateOrder.UNKNOWN, date(2027, 1, 12)),
        ("12 janvier 2027", DateOrder.UNKNOWN, date(2027, 1, 12)),
        ("01/12/2027 00:00:00", DateOrder.DAY_FIRST, date(2027, 12, 1)),
        ("Mon 04/01/27", DateOrder.DAY_FIRST, date(2027, 1, 4)),
        ("Mon 04/01/27", DateOrder.MONTH_FIRST, None),  # a Thursday
        ("Jan-27", DateOrder.DAY_FIRST, None),  # a day, or a month
        ("Q1 2027", DateOrder.DAY_FIRST, None),  # begins there, or ends?
        ("FY2027", DateOrder.DAY_FIRST, None),
        ("2027", DateOrder.DAY_FIRST, None),
        ("5", DateOrder.DAY_FIRST, None),
        ("10/12023", DateOrder.MONTH_FIRST, None),
        ("7/7/1905", DateOrder.MONTH_FIRST, None),  # 2014, taken for days since 1900
        ("in three weeks", DateOrder.DAY_FIRST, None),
        ("tomorrow 2027", DateOrder.DAY_FIRST, None),
    ],
)
def test_a_cell_is_a_day_only_if_it_is_certain(
    cell: str, order: DateOrder, day: date | None
) -> None:
    assert read_cell(cell, order) == day


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,200,000", "1200000"),
        ("1.200.000,50 €", "1200000.50"),
        ("$1,200.50", "1200.50"),
        ("30 %", "30"),
        ("12,5", "12.5"),
        ("-3", "-3"),
        ("many", None),
        ("", None),
    ],
)
def test_numbers_as_people_write_them(cell: str, number: str | None) -> None:
    amount = read_amount(cell, find_sign([cell]))

    assert amount.value == (Decimal(number) if number else None)


@pytest.mark.parametrize(
    ("word", "stage"),
    [
        ("Operation and Maintenance", Stage.PRODUCTION),
        ("PILOT", Stage.PILOT),
        ("In  Productoin", Stage.PRODUCTION),
        ("In mission", None),
        ("", None),
    ],
)
def test_stages_by_their_many_names(word: str, stage: Stage | None) -> None:
    assert read_stage(word) is stage


NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=30)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(NAMES.filter(str.strip), DAYS, DAYS, st.none() | DAYS)
def test_a_milestone_survives_its_line(
    name: str, committed_on: date, forecast_on: date, reached_on: date | None
) -> None:
    name = " ".join(name.split())
    milestone = MilestoneFacts(
        number=2,
        name=name,
        committed_on=committed_on,
        forecast_on=forecast_on,
        reached_on=reached_on,
    )

    (read,) = read_milestones(milestone_lines([milestone]))

    assert MilestoneFacts.model_validate(read) == milestone


@given(NAMES.filter(str.strip), st.none() | st.integers(1, 9), st.none() | DAYS)
def test_a_dependency_survives_its_line(
    thing: str, milestone: int | None, need_by: date | None
) -> None:
    dependency = DependencyFacts(
        number=1,
        milestone=milestone,
        kind=DependencyKind.DATA,
        thing=" ".join(thing.split()),
        access=Access.CHANGES,
        need_by=need_by,
    )

    (read,) = read_dependencies(dependency_lines([dependency]))

    assert DependencyFacts.model_validate(read) == dependency


HEADINGS = ("Name", "Agency", "Stage", "Start", "Budget", "Lead", "Milestones")
MAP = ImportMap(
    columns={
        "name": "Name",
        "department": "Agency",
        "stage": "Stage",
        "starts_on": "Start",
        "budget_approved": "Budget",
        "lead_id": "Lead",
        "milestones": "Milestones",
    }
)
PEOPLE = {
    person.user_id: person
    for person in (
        a_person("U_LENA", name="Lena"),
        a_person("U_GONE", name="Gil", deactivated=True),
        a_person("U_GUEST", name="Gus", guest=True),
    )
}
READER = RowReader(
    MAP, HEADINGS, DateOrder.DAY_FIRST, PEOPLE | {p.name.casefold(): p for p in PEOPLE.values()}
)


def read(*cells: str, surplus: int = 0) -> Read:
    padded = (*cells, *[""] * (len(HEADINGS) - len(cells)))
    return READER.read(Row(7, padded, surplus))


def test_a_row_is_read_with_blanks_for_what_says_nothing() -> None:
    row = read(
        " A\n b ", "Finance", "Live", "31/3/2027", "1,200 EUR", "lena", "M1 | Go | 2027-04-01"
    )

    assert isinstance(row, Candidate)
    facts = row.facts
    assert (facts.name, facts.stage, facts.lead_id) == ("A b", Stage.PRODUCTION, "U_LENA")
    assert (facts.starts_on, facts.budget_approved) == (date(2027, 3, 31), Decimal(1200))
    assert facts.milestones[0].forecast_on == date(2027, 4, 1)
    assert row.notes == ()


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        (("A", "F", ""), "Stage: empty: entered as proposed"),
        (("A", "F", "In mission"), "Stage: “In mission” is no stage that I know"),
        (("A", "F", "live", "soon"), "Start: “soon” is no certain date: left empty"),
        (("A", "F", "live", "", "lots"), "Budget: “lots” is no number: left empty"),
        (("A", "F", "live", "", "", "Nobody"), "Lead: I know nobody called “Nobody”: left out"),
        (("A", "F", "live", "", "", "Gil"), "Lead: Gil has left the workspace"),
        (("A", "F", "live", "", "", "Gus"), "Lead: Gus is a guest: left out"),
        (("A" * 501, "F", "live"), "Name: 501 characters: cut to 500."),
        (("A", "F", "live", "", "-1"), "Budget: “-1” is negative, and a budget is not: left empty"),
        (("A", "F", "live", "", "", "", "M1 Go"), "Milestones: “M1 Go” can't be read: left empty"),
    ],
)
def test_what_is_doubtful_is_taken_and_said(cells: tuple[str, ...], note: str) -> None:
    row = read(*cells)

    assert isinstance(row, Candidate)
    assert [one[: len(note)] for one in row.notes] == [note]


@pytest.mark.parametrize(
    ("cells", "surplus", "reason"),
    [
        (("", "F"), 0, "Name: the name is missing"),
        (("A", " "), 0, "Agency: the department is missing"),
        (("A", "F"), 2, "2 more cells than there are columns"),
    ],
)
def test_what_can_not_be_taken_is_refused_with_its_reason(
    cells: tuple[str, ...], surplus: int, reason: str
) -> None:
    assert read(*cells, surplus=surplus) == Refusal(7, (reason,))


def test_a_kept_mapping_says_the_same_again(tmp_path: Path) -> None:
    map_ = map_of(match_columns(GERMAN, GERMAN_ROWS), {"läuft": Stage.PILOT})
    file = tmp_path / "map.yml"

    write_map(file, map_)

    assert read_map(file) == map_
    assert order_of(map_, GERMAN, GERMAN_ROWS) is DateOrder.DAY_FIRST


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("columns: {name: Projekt}", "no column holds the department"),
        ("columns: {name: Projekt, department: Amt}", "department: there is no column “Amt”"),
        ("columns: {name: Projekt, department: Abteilung, color: Zweck}", "color is no field"),
        ("columns: [1", "it is not YAML"),
        ("stages: {x: y}", "stages.x: write"),
    ],
)
def test_a_mapping_with_faults_is_refused_with_all_of_them(
    tmp_path: Path, text: str, fault: str
) -> None:
    file = tmp_path / "map.yml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(MappingInvalidError) as refused:
        require_columns(read_map(file), GERMAN)

    assert any(one.startswith(fault) for one in refused.value.faults)
