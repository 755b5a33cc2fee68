"""Tables as tools export them and people keep them, and what comes of them as somebody types it."""

import json
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from tests.bot.cli.test_inventory_commands import write
from tests.cli import Cli

CUSTOM = b"""Summary,Issue key,Project name,Custom field (Business Unit),Custom field (Start date),\
Custom field (Epic Name)
Match invoices,AI-12,Portfolio,Finance,11/Jan/27 12:00 AM,Invoices
Plan routes,AI-13,Portfolio,Logistics,01/Feb/27 12:00 AM,Routes
"""
DUTCH = """Projectnummer;Projectnaam;Afdeling;Startdatum;Verwachte einddatum;Begroting
NL-7;Factuurlezer;Financiën;4-1-2027;30-6-2027;€ 12.500,00
NL-8;Roosterhulp;Personeel;13-2-2026;1-3-2027;€ 8.000,00
"""
SNAKE = b"""project_id,project_title,business_unit,kick_off_date,approved_budget_eur
CS-1,Claims triage,Service,2027-01-18,120000
CS-2,Letter drafts,Service,2027-02-15,45000
"""
GERMAN_PLAN = """Vorgangsname;Org.-Einheit;Anfang;Fertig stellen
Rechnungen lesen;Finanzen;Mo 04.01.27;Fr 26.02.27
Touren planen;Logistik;Mo 01.03.27;Fr 26.03.27
"""


def taken(cli: Cli, name: str, content: bytes) -> tuple[str, dict[str, Any]]:
    """Return what is said of a file as it is stored, and the registry by names."""
    said = cli.run("import", "inventory", write(cli, name, content), "--yes")
    assert "Stored:" in said.stdout, said
    again = cli.run("import", "inventory", name, "--yes")
    assert "0 new, 0 changed" in again.stdout, again
    cli.run("export", "registry.json")
    entries = json.loads((cli.folder / "registry.json").read_text(encoding="utf-8"))
    return said.stdout, {entry["name"]: entry for entry in entries}


def workbook(rows: list[list[object]], *merged: str) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def test_fields_that_somebody_added_to_jira_are_known_by_their_own_names(migrated: Cli) -> None:
    _, known = taken(migrated, "jira.csv", CUSTOM)

    entry = known["Match invoices"]
    assert (entry["key"], entry["department"]) == ("AI-12", "Finance")
    assert entry["starts_on"] == "2027-01-11"


def test_a_day_above_twelve_tells_the_order_of_dates_with_dashes(migrated: Cli) -> None:
    _, known = taken(migrated, "nl.csv", DUTCH.encode())

    days = {name: (entry["starts_on"], entry["target_on"]) for name, entry in known.items()}
    assert days == {
        "Factuurlezer": ("2027-01-04", "2027-06-30"),
        "Roosterhulp": ("2026-02-13", "2027-03-01"),
    }
    assert known["Factuurlezer"]["budget_approved"] == "12500.00"


def test_a_heading_ends_in_the_currency_of_its_amounts(migrated: Cli) -> None:
    _, known = taken(migrated, "snake.csv", SNAKE)

    entry = known["Claims triage"]
    assert (entry["budget_approved"], entry["currency"]) == ("120000.00", "EUR")
    assert entry["starts_on"] == "2027-01-18"


def test_a_german_plan_of_microsoft_project_is_read(migrated: Cli) -> None:
    _, known = taken(migrated, "plan.csv", GERMAN_PLAN.encode("cp1252"))

    entry = known["Rechnungen lesen"]
    assert (entry["department"], entry["target_on"]) == ("Finanzen", "2027-02-26")


def test_merged_cells_say_the_same_in_each_row_but_an_amount_only_once(migrated: Cli) -> None:
    rows: list[list[object]] = [
        ["Department", "Initiative", "Budget", "Start"],
        ["Finance", "Invoice reader", 900, "2027-01-04"],
        [None, "Cash forecast", None, None],
        [None, "Ledger check", None, "2027-03-01"],
        ["Logistics", "Route plan", 500, "2027-02-01"],
    ]
    _, known = taken(migrated, "merged.xlsx", workbook(rows, "A2:A4", "C2:C4", "D2:D3"))

    read = {
        name: (entry["department"], entry["budget_approved"], entry["starts_on"])
        for name, entry in known.items()
    }
    assert read == {
        "Invoice reader": ("Finance", "900.00", "2027-01-04"),
        "Cash forecast": ("Finance", None, "2027-01-04"),
        "Ledger check": ("Finance", None, "2027-03-01"),
        "Route plan": ("Logistics", "500.00", "2027-02-01"),
    }


def test_a_formula_that_was_never_reckoned_is_not_dropped_unnamed(migrated: Cli) -> None:
    rows: list[list[object]] = [
        ["Name", "Department", "Budget"],
        ["Invoice reader", "Finance", 900],
        ["Route plan", "Logistics", 500],
        ["Shift rota", "People", 100],
        ["Stock count", "Logistics", "=C2*2"],
    ]
    said, _ = taken(migrated, "formulas.xlsx", workbook(rows))

    assert "row 5 LOG-02: Budget: “=C2*2” isn't a number, so it is left empty" in said


def test_departments_that_differ_in_what_nobody_sees_are_one(migrated: Cli) -> None:
    content = "Name,Department\nA one,IT\nB two,IT\u200b\nC three,R&D\nD four,R & D\nE five,IT\n"
    _, known = taken(migrated, "departments.csv", content.encode())

    assert {entry["department"] for entry in known.values()} == {"IT", "R&D"}


def test_many_words_in_a_stage_column_are_asked_about_and_not_passed_over(migrated: Cli) -> None:
    words = "Discovery Scoping Framing Shaping Proving Growing Running Ending Nearing Waiting"
    words += " Leaving Opening Closing"
    rows = "".join(f"Thing {word},Finance,{word}\n" for word in words.split())
    said, _ = taken(migrated, "stages.csv", f"Name,Department,Stage\n{rows}".encode())

    assert "A column I'm not sure of is used only if you say so." in said


def test_where_no_column_is_surely_the_department_those_at_hand_are_named(migrated: Cli) -> None:
    file = write(migrated, "in.csv", "Name,Größe der Stelle\nChat,Haus 1\nRoute,Haus 2\n".encode())

    said = migrated.run("import", "inventory", file, "--yes")

    assert said.returncode == 1
    assert "Größe der Stelle  2      Haus 1" in said.stdout


def test_totals_of_a_department_are_no_initiatives(migrated: Cli) -> None:
    rows = (
        b"Initiative,Department,Budget\nInvoices,Finance,10\nTotal Finance,Finance,10\n"
        b"Total quality check,Logistics,5\nLogistics total,Logistics,5\nSub-total (IT),IT,0\n"
    )
    said, known = taken(migrated, "totals.csv", rows)

    assert known.keys() == {"Invoices", "Total quality check"}
    assert said.count(": totals\n") == 3


def test_a_share_is_no_amount(migrated: Cli) -> None:
    rows = b"Name,Department,Budget,Budget spent\nInvoices,Finance,100,50%\n"
    said, known = taken(migrated, "shares.csv", rows)

    assert known["Invoices"]["budget_spent"] is None
    assert "Budget spent: “50%” is a share, and no amount, so it is left empty" in said


def test_a_heading_says_the_order_of_its_dates(migrated: Cli) -> None:
    rows = b"Name,Department,Start (MM/DD/YYYY)\nInvoices,Finance,03/04/2027\n"
    _, known = taken(migrated, "us.csv", rows)

    assert known["Invoices"]["starts_on"] == "2027-03-04"


def test_dates_that_may_begin_with_the_year_are_not_guessed(migrated: Cli) -> None:
    rows = b"Name,Department,Start\nInvoices,Finance,27-01-12\nRoutes,IT,27-02-13\n"
    said, known = taken(migrated, "years.csv", rows)

    assert {entry["starts_on"] for entry in known.values()} == {None}
    assert "Start: “27-01-12” isn't a clear date, so it is left empty" in said


def test_of_months_in_words_no_order_is_asked(migrated: Cli) -> None:
    rows = "Nom;Service;Date de début\nPaie;Personnel;12 janv. 2027\nAchats;Personnel;août 2027\n"
    said, known = taken(migrated, "mois.csv", rows.encode())

    assert known["Paie"]["starts_on"] == "2027-01-12"
    assert "“août 2027” isn't a clear date" in said


def test_amounts_without_cents_and_dollars_of_several_countries_are_read(migrated: Cli) -> None:
    rows = "Name;Department;Budget\nA;IT;CHF 1'000.--\nB;IT;US$ 40\nC;IT;A$ 10k\n"
    _, known = taken(migrated, "amounts.csv", rows.encode())

    read = {name: (entry["budget_approved"], entry["currency"]) for name, entry in known.items()}
    assert read == {"A": ("1000.00", "CHF"), "B": ("40.00", "USD"), "C": ("10000.00", "AUD")}


def test_a_heading_that_only_resembles_a_word_gives_way_to_its_own(migrated: Cli) -> None:
    rows = b"ID,Name,Department,Depends on\nP1,Invoices,IT,P2; P3\nP2,Routes,IT,Rota\nP3,Rota,IT,\n"
    said = migrated.run("import", "inventory", write(migrated, "in.csv", rows), "--dry-run")

    assert "dependencies  Depends on" in said.stdout
    assert "budget_spent" not in said.stdout
