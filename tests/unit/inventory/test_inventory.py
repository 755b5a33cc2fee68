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
from workflows.inventory.amounts import Unit, find_sign, read_amount, unit_of
from workflows.inventory.dates import DateOrder, find_order, read_cell
from workflows.inventory.fields import clean_key
from workflows.inventory.lines import (
    dependency_lines,
    milestone_lines,
    read_dependencies,
    read_milestones,
)
from workflows.inventory.mapping import (
    ImportMap,
    Unused,
    map_of,
    match_columns,
    order_of,
    read_map,
    require_columns,
    unused_columns,
    write_map,
)
from workflows.inventory.naming import cut, references_in
from workflows.inventory.rows import Aside, Candidate, Read, Refusal, RowReader
from workflows.inventory.stages import guess_stage, read_stage
from workflows.registry.fact_list import EXPORTED
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


FINDINGS = {  # for each field, a cell that fits to it
    "key": "A-1",
    "name": "Invoice reader",
    "department": "Finance",
    "stage": "pilot",
    "lead_id": "Mara",
    "objective": "Reads the supplier invoices",
    "starts_on": "2027-01-04",
    "target_on": "2027-06-30",
    "budget_approved": "1200",
    "budget_spent": "300",
}


@pytest.mark.parametrize(
    "called",
    [
        "initiative_id initiative_name owning_dept development_stage project_lead purpose "
        "start_date end_date approved_budget budget_spent",
        "InitiativeId InitiativeName DepartmentName DevelopmentStage ProjectLead Purpose "
        "StartDate EndDate ApprovedBudget BudgetSpent",
        "INITIATIVE-ID INITIATIVE-NAME DEPARTMENT STAGE OWNER DESCRIPTION START-DATE DUE-DATE "
        "BUDGET ACTUAL-COST",
        "Projektnummer Projektname Fachbereich Projektstatus Projektleitung Beschreibung "
        "Startdatum Enddatum Budget Istkosten",
        "Nr. Vorhaben Abteilung Phase Verantwortlich Kurzbeschreibung Geplanter_Beginn "
        "Geplantes_Ende Genehmigtes_Budget Ausgegeben",
        "Référence Nom_du_projet Direction État Responsable Objectif Date_de_début Date_de_fin "
        "Budget_alloué Dépenses",
        "Projectnummer Projectnaam Afdeling Fase Projectleider Omschrijving Begindatum Einddatum "
        "Goedgekeurd_budget Besteed",
        "Identificador Nombre_del_proyecto Departamento Estado Responsable Descripción "
        "Fecha_de_inicio Fecha_de_fin Presupuesto Gastado",
    ],
)
def test_headings_of_five_languages_and_of_databases_are_known(called: str) -> None:
    headings = called.split()

    matches = match_columns(headings, [list(FINDINGS.values())])

    assert {match.field: match.column for match in matches} == dict(
        zip(FINDINGS, headings, strict=True)
    )
    assert all(match.is_sure for match in matches)


@pytest.mark.parametrize(
    ("headings", "rows", "column", "is_sure"),
    [
        (("Agency Code", "Agency Name"), [("5", "Works"), ("9", "Trade")], "Agency Name", True),
        (("Division", "Agency"), [("", "Works"), ("Sales", "Trade")], "Agency", True),  # fuller
        (("Division", "Agency"), [("Sales", "Works"), ("IT", "Trade")], "Division", False),  # a tie
        (("Department",), [(one,) for one in "ABCDEF"], "Department", True),  # each another
    ],
)
def test_of_two_columns_it_is_words_then_the_fuller_one_and_a_tie_is_asked(
    headings: tuple[str, ...], rows: list[tuple[str, ...]], column: str, is_sure: bool
) -> None:
    (match,) = [one for one in match_columns(headings, rows) if one.field == "department"]

    assert (match.column, match.is_sure) == (column, is_sure)
    assert (match.rival == "") == is_sure


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("ABC - 5", "ABC-5"),
        ("ÖPNV-1", "OPNV-1"),  # and not PNV-1, which may be another's
        ("straße 3", "STRASSE-3"),
        ("КЛЮЧ-1", ""),
        ("#", ""),
    ],
)
def test_a_key_is_made_of_all_of_its_letters_or_not_at_all(cell: str, key: str) -> None:
    assert clean_key(cell) == key


def test_an_export_of_our_own_means_what_it_says_whatever_its_cells_look_like() -> None:
    cells = ["?" if name in {"objective", "milestones"} else "" for name in EXPORTED]

    matches = match_columns([*EXPORTED.values()], [cells])

    assert {match.field: match.column for match in matches} == EXPORTED
    assert all(match.is_sure for match in matches)


@pytest.mark.parametrize("heading", ["Purpose", "Doel", "Objetivo"])
def test_a_purpose_of_a_word_or_two_is_asked_about(heading: str) -> None:
    matches = match_columns(("Name", heading), [("Till", "does it"), ("Rota", "plans")])

    assert [(one.field, one.is_sure) for one in matches] == [("name", True), ("objective", False)]


def test_people_are_looked_up_by_emails_and_ids_each_once() -> None:
    cells = ["<@U0DANAITO01>", "Ana@Firm.example; U0DANAITO01", "WAREHOUSE", "Uma Wade", "U1"]

    assert references_in(cells) == ["U0DANAITO01", "ana@firm.example"]


def test_columns_that_nothing_is_taken_from_are_named_with_an_example() -> None:
    headings = ("Name", "Colour", "Empty")
    map_ = ImportMap(columns={"name": "Name"})

    unused = unused_columns(map_, headings, [("A", "", ""), ("B", "red", "")])

    assert unused == [Unused("Colour", 1, "red")]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["$1.2M", "2,5 Mio €", "1.234"], ["1200000", "2500000", None]),  # the signs contradict
        (["450k", "1 250 000,50", "12.345"], ["450000", "1250000.50", "12345"]),
        (["1.5", "12.345"], ["1.5", "12.345"]),
        (["1,5", "12.345"], ["1.5", "12345"]),
        (["10,000", "5,000"], ["10000", "5000"]),
        (["1.234 M"], [None]),
        (["TEUR 5", "5 k€", "1,2 Mrd. EUR"], ["5000", "5000", "1200000000"]),
        (["CHF 1'200.00", "(500)", "-3", "7-"], ["1200", "-500", "-3", "-7"]),
        (["10-20k", "5 FTE", "ca. 5", "12,34,5"], [None, None, None, None]),
    ],
)
def test_a_column_of_amounts_has_one_decimal_sign(
    cells: list[str], values: list[str | None]
) -> None:
    sign = find_sign(cells)

    read = [read_amount(cell, sign).value for cell in cells]

    assert read == [None if value is None else Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Budget (k€)", Unit("EUR", 1000)),
        ("Budget (EUR)", Unit("EUR")),
        ("Budget in TEUR", Unit("EUR", 1000)),
        ("Budget (approved)", Unit()),
        ("Budget", Unit()),
    ],
)
def test_a_heading_says_what_its_amounts_are_in(heading: str, unit: Unit) -> None:
    assert unit_of(heading) == unit


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
        (["4-1-2027", "13-2-2026"], DateOrder.DAY_FIRST),
        (["1-4-2027", "2-13-2026"], DateOrder.MONTH_FIRST),
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
        ("13-2-2026", DateOrder.MONTH_FIRST, None),
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
        ("3. Pilot", Stage.PILOT),
        ("Pilot (60%)", Stage.PILOT),
        ("Live 100 %", Stage.PRODUCTION),
        ("60%", None),
        ("Not started", Stage.PROPOSED),
        ("außer Betrieb", Stage.RETIRED),
        ("Pre-deployment", Stage.APPROVED),
        ("Undeployed", None),
        ("In production: no", None),
        ("not live", None),
        ("In progress", None),  # may be any
        ("In mission", None),
        ("", None),
    ],
)
def test_stages_by_their_many_names(word: str, stage: Stage | None) -> None:
    assert read_stage(word) is stage


@pytest.mark.parametrize(
    ("word", "guess"),
    [
        ("In Progress", Stage.PILOT),
        ("abgeschlossen", Stage.PRODUCTION),
        ("Terminé", Stage.PRODUCTION),
        ("Undeployed", None),
    ],
)
def test_what_a_word_may_mean_is_put_forward(word: str, guess: Stage | None) -> None:
    assert guess_stage(word) is guess


@pytest.mark.parametrize("name", ["Total", "Grand total", "TOTAL:", "Gesamt", "Summe", "Subtotal"])
def test_totals_are_no_initiatives(name: str) -> None:
    assert read(name, "") == Aside(7, "totals")
    assert read(name, "All departments") == Aside(7, "totals")


@pytest.mark.parametrize("name", ["Total cost dashboard", "Sum of parts", "Totalizer"])
def test_initiatives_may_be_called_nearly_so(name: str) -> None:
    assert isinstance(read(name, "Finance"), Candidate)


def test_headings_that_come_again_are_no_initiative() -> None:
    assert read(*HEADINGS) == Aside(7, "the headings again")


@pytest.mark.parametrize(("length", "kept"), [(10, "one two th"), (9, "one two …"), (5, "one …")])
def test_a_text_is_cut_at_a_word(length: int, kept: str) -> None:
    assert cut("one two th", length) == kept


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
        (("A", "F", ""), "Stage: empty, so entered as proposed"),
        (("A", "F", "In mission"), "Stage: I don't know the stage “In mission”"),
        (("A", "F", "live", "soon"), "Start: “soon” isn't a clear date, so it is left empty"),
        (("A", "F", "live", "", "lots"), "Budget: “lots” isn't a number, so it is left empty"),
        (
            ("A", "F", "live", "", "", "Nobody"),
            "Lead: I know nobody called “Nobody”, so they are left out",
        ),
        (("A", "F", "live", "", "", "Gil"), "Lead: Gil has left the workspace"),
        (("A", "F", "live", "", "", "Gus"), "Lead: Gus is a guest, so they are left out"),
        (("A" * 501, "F", "live"), "Name: cut at 500 of 501 characters; the whole"),
        (
            ("A", "F", "live", "", "-1"),
            "Budget: “-1” is negative, and a budget can't be, so it is left empty",
        ),
        (
            ("A", "F", "live", "", "", "", "M1 Go"),
            "Milestones: “M1 Go” can't be read, so it is left empty",
        ),
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
