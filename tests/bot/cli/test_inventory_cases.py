"""Inventories as organisations have them, and what has to come of each, as somebody types it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from storage.engine import connect
from storage.schema import migrate
from tests.bot.cli.test_inventory_commands import write
from tests.cli import Cli

CASES = Path(__file__).parents[2] / "inventories"
STAGES = "stages: {In Progress: pilot, Completed: production, Undeployed: retired}\n"


def taken(cli: Cli, name: str, *options: str) -> tuple[str, dict[str, Any]]:
    """Return what is said of a file, and what the registry holds once it was stored.

    Whatever the dry run accepts is stored, and stored again nothing changes.
    """
    file = str(CASES / name)
    dry = cli.run("import", "inventory", file, *options, "--dry-run")
    assert dry.returncode == 0, dry
    counted = dry.stdout.partition(" changed, ")[0].rsplit("\n", 1)[-1]
    done = cli.run("import", "inventory", file, *options, "--yes")
    assert f"Stored: {counted} changed." in done.stdout, done
    again = cli.run("import", "inventory", file, *options, "--yes")
    assert "0 new, 0 changed" in again.stdout, again
    cli.run("export", "registry.json")
    entries = json.loads((cli.folder / "registry.json").read_text(encoding="utf-8"))
    return dry.stdout, {entry["name"]: entry for entry in entries}


def typed(cli: Cli, file: str, keys: str) -> str:
    """Return what is said at a terminal where these keys are pressed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "import", "inventory", file],
        cwd=cli.folder,
        env={**os.environ, **cli.settings, "COLUMNS": "200", "PYTHONPATH": str(CASES.parents[1])},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    os.write(ours, keys.encode())
    said, _ = process.communicate()
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0, said.decode()
    return said.decode()


def test_a_key_that_comes_twice_is_named_with_both_rows_before_it_is_stored(migrated: Cli) -> None:
    said, known = taken(migrated, "k_case.csv")

    assert "3 new, 0 changed, 0 unchanged; 1 to check, 0 left out" in said
    assert "row 3 PEO-01: row 2 has the key AB-1 already, so this one gets a new key" in said
    assert known["Chat helper"]["key"] == "AB-1"
    assert known["Ledger check"]["key"] == "PEO-01"


def test_words_of_a_stage_column_are_understood_or_asked_for(migrated: Cli) -> None:
    said, known = taken(migrated, "status.csv")
    write(migrated, "map.yml", b"columns: {name: Name, department: Department, stage: Status}\n"
          + STAGES.encode())  # fmt: skip
    mapped = migrated.run(
        "import", "inventory", str(CASES / "status.csv"), "--map", "map.yml", "--yes"
    )

    assert "“In Progress” (1), “Completed” (1), “Undeployed” (1)" in said
    assert "In Progress: pilot" in said
    assert "Completed: production" in said
    assert "row 2 FIN-01: Status: I don't know the stage “In Progress”" in said
    assert "3 to check" in said
    stages = [known[name]["stage"] for name in ("C three", "D four", "E five", "F six")]
    assert stages == ["proposed", "paused", "production", "approved"]
    assert "0 new, 3 changed" in mapped.stdout
    assert "please check:" not in mapped.stdout


def test_at_a_terminal_each_word_of_a_stage_column_is_asked_about(migrated: Cli) -> None:
    said = typed(migrated, str(CASES / "status.csv"), "\n\nretired\nnonsense\n\ny\n")
    migrated.run("export", "registry.json")

    entries = json.loads((migrated.folder / "registry.json").read_text(encoding="utf-8"))
    stages = {entry["name"]: entry["stage"] for entry in entries}
    assert "Which stage is “In Progress” (1 row)?" in said
    assert "“nonsense” isn't a stage." in said
    assert (stages["A one"], stages["B two"], stages["G seven"]) == ("pilot", "retired", "proposed")


def test_amounts_of_a_column_are_read_with_one_decimal_sign(migrated: Cli) -> None:
    said, known = taken(migrated, "money.csv")

    amounts = {
        name: (entry["budget_approved"], entry["budget_spent"], entry["currency"])
        for name, entry in known.items()
    }
    assert amounts == {
        "Invoice reader": ("1200000.00", "450000.00", "USD"),
        "Route plan": ("2500000.00", "1250000.50", "EUR"),
        "Shift rota": (None, "12345.00", ""),
        "Helpdesk": (None, "40.00", "USD"),
    }
    assert "row 4 PEO-01: Approved budget: “(500)” is negative, and a budget can't be" in said
    assert "row 5 IT-01: Approved budget: “1,234.567” has more than two decimals" in said


def test_every_clear_form_of_a_date_is_read_once_the_order_is_known(migrated: Cli) -> None:
    write(migrated, "map.yml", b"columns: {name: Name, department: Department, "
          b"objective: Purpose, starts_on: Start Date}\ndate_order: day_first\n")  # fmt: skip
    said, known = taken(migrated, "dates.csv", "--map", "map.yml")

    read = {name: entry["starts_on"] for name, entry in known.items() if entry["starts_on"]}
    clear = dict.fromkeys("AEFJKMNOQ", "2027-01-12")
    assert {name: read.get(name) for name in clear} == clear
    assert read["P"] == "2027-12-01"
    for name in set(known) - read.keys():  # parts of a year, and a number: named, and left empty
        assert f"{known[name]['key']}: Start Date: “" in said


def test_a_plan_of_microsoft_project_is_read_and_what_is_not_used_is_named(migrated: Cli) -> None:
    said, known = taken(migrated, "msp.csv")

    days = {name: (entry["starts_on"], entry["target_on"]) for name, entry in known.items()}
    assert days == {
        "Invoice matching": ("2027-01-04", "2027-02-26"),
        "Delivery routes": ("2027-03-01", "2027-03-26"),
        "Rota": ("2027-03-29", "2027-04-23"),
    }
    for line in ("Task Mode 3 Auto Scheduled", "Duration 3 40 days", "Predecessors 2 1"):
        assert line in " ".join(said.split())


def test_a_department_is_words_rather_than_their_codes(migrated: Cli) -> None:
    said, known = taken(migrated, "code.csv")

    assert {entry["department"] for entry in known.values()} == {
        "Ministry of Works",
        "Ministry of Trade",
    }
    assert "Agency Code 5 5" in " ".join(said.split())


@pytest.mark.parametrize("name", ["under.csv", "camel.csv"])
def test_headings_of_databases_are_words(migrated: Cli, name: str) -> None:
    said, known = taken(migrated, name)

    assert {name: entry["key"] for name, entry in known.items()} == {
        "Invoice reader": "A-1",
        "Route plan": "A-2",
        "Shift rota": "A-3",
    }
    assert known["Route plan"]["department"] == "Logistics"
    assert known["Route plan"]["starts_on"] == "2027-02-04"
    assert "not used" not in said


def test_an_export_of_jira_is_matched_or_asked_about(migrated: Cli) -> None:
    asked = migrated.refused("import", "inventory", str(CASES / "jira.csv"), "--yes")
    write(migrated, "map.yml", asked[asked.index("columns:") :].encode())
    said, known = taken(migrated, "jira.csv", "--map", "map.yml")

    assert "I'm not sure which column holds the department." in asked
    assert "department: Project name" in asked
    matching = known["Automate invoice matching"]
    assert (matching["key"], matching["department"]) == ("PAY-12", "Finance")
    assert (matching["stage"], matching["target_on"]) == ("proposed", "2027-06-30")
    assert "“In Progress” (1), “Done” (1)" in said
    for heading in ("Issue Type", "Issue id", "Created", "Sprint", "Sprint (2)", "Labels"):
        assert f" {heading} " in said


@pytest.mark.parametrize(
    ("name", "first", "department", "words", "days"),
    [
        ("de.csv", "Rechnungsleser", "Finanzen", "“in Umsetzung” (1), “abgeschlossen” (1)",
         ("2027-01-04", "2027-06-30")),
        ("fr.csv", "Lecture de factures", "Finances", "“En cours” (1), “Terminé” (1)",
         ("2027-01-04", "2027-06-30")),
    ],
)  # fmt: skip
def test_portfolios_in_other_languages_are_matched(
    migrated: Cli, name: str, first: str, department: str, words: str, days: tuple[str, str]
) -> None:
    said, known = taken(migrated, name)

    entry = known[first]
    assert (entry["department"], entry["objective"].split()[0]) in [
        ("Finanzen", "Liest"),
        ("Finances", "Lire"),
    ]
    assert entry["department"] == department
    assert (entry["starts_on"], entry["target_on"]) == days
    assert words in said
    assert "not used" not in said
    if name == "de.csv":
        budgets = [one["budget_approved"] for one in known.values()]
        assert sorted(budgets) == ["1200.50", "12000.00", "3000.00"]
        assert {one["currency"] for one in known.values()} == {"EUR"}


def test_an_id_with_blanks_is_made_a_key_and_that_is_said(migrated: Cli) -> None:
    said, known = taken(migrated, "keyform.csv")

    assert known["Chat"]["key"] == "ABC-5"
    assert "row 7 ABC-5: ID: “ABC - 5” can't be a key here, so it is entered as ABC-5" in said
    assert len(known) == 6


def test_the_most_usual_encoding_that_fits_is_taken_and_said(migrated: Cli) -> None:
    said, known = taken(migrated, "enc_nbsp2.csv")

    assert "windows-1252" in said
    assert known["Letters"]["objective"] == "Reads the Office’s letters"
    assert "data\u2010driven" in known["Trend watch"]["objective"]


def test_rows_of_totals_are_no_initiatives(migrated: Cli) -> None:
    said, known = taken(migrated, "total.csv")

    assert {name: entry["budget_approved"] for name, entry in known.items()} == {
        "Invoice reader": "10000.00",
        "Route plan": "5000.00",
    }
    assert "row 6: totals" in said
    assert "row 7: totals" in said


def test_what_depends_on_what_is_read_from_keys_but_for_a_circle(migrated: Cli) -> None:
    said, known = taken(migrated, "deps.csv")

    needs = {
        entry["key"]: [one["thing"] for one in entry["dependencies"]] for entry in known.values()
    }
    assert needs == {"A-1": ["A-2"], "A-2": ["A-3"], "A-3": []}
    assert (
        "row 3 A-2: A-2 and A-1 would wait for each other in a circle, so this is left out" in said
    )


def test_a_text_that_is_too_long_is_cut_at_a_word_and_its_row_is_taken(migrated: Cli) -> None:
    said, known = taken(migrated, "long.csv")

    engine = connect(migrated.settings["DATABASE_URL"])
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT max(objective) FROM entry").scalar_one()
    engine.dispose()
    assert len(kept) <= 3000
    assert kept.endswith("word …")
    says = "row 2 FIN-01: Purpose: cut at 2,996 of 3,499 characters; the whole can be read in its"
    assert says in " ".join(said.split())
    assert "Department: cut at 98 of 149 characters" in said
    assert len(known) == 2
    assert len(known["Invoice reader"]["objective"]) == 3499


@pytest.mark.parametrize("name", ["registry.csv", "registry.xlsx"])
def test_a_text_that_was_cut_goes_out_whole_and_comes_in_whole_elsewhere(
    migrated: Cli, name: str
) -> None:
    _, known = taken(migrated, "long.csv")
    migrated.run("export", name)
    migrated.settings["DATABASE_URL"] = f"sqlite:///{migrated.folder / 'elsewhere.db'}"
    engine = connect(migrated.settings["DATABASE_URL"])
    migrate(engine)
    engine.dispose()

    done = migrated.run("import", "inventory", name, "--yes")
    again = migrated.run("import", "inventory", name, "--yes")
    migrated.run("export", "elsewhere.json")

    found = json.loads((migrated.folder / "elsewhere.json").read_text(encoding="utf-8"))
    assert {entry["name"]: entry for entry in found} == known
    assert "Stored: 2 new" in done.stdout
    assert "0 new, 0 changed, 2 unchanged" in again.stdout


def test_what_looks_like_an_escape_goes_out_as_a_workbook_and_comes_in_the_same(
    migrated: Cli,
) -> None:
    _, known = taken(migrated, "x000d.csv")
    migrated.run("export", "registry.xlsx")

    again = migrated.run("import", "inventory", "registry.xlsx", "--yes")

    assert known["Chat helper"]["objective"] == "First line_x000D_\nsecond line"
    assert "0 new, 0 changed, 1 unchanged; 0 to check" in again.stdout


def test_a_file_of_one_organisation_is_given_its_department(migrated: Cli) -> None:
    file = write(migrated, "in.csv", b"Name,Purpose\nReader,Reads supplier invoices\n")

    asked = migrated.refused("import", "inventory", file, "--yes")
    wrong = migrated.refused("import", "inventory", file, "--set", "color=red")
    done = migrated.run(
        "import", "inventory", file, "--set", "department=Finance", "--save-map", "m.yml", "--yes"
    )
    again = migrated.run("import", "inventory", file, "--map", "m.yml", "--yes")

    assert "add: --set department=NAME" in asked
    assert "It takes one of department" in wrong
    assert "Stored: 1 new" in done.stdout
    assert "0 new, 0 changed, 1 unchanged" in again.stdout


def test_a_key_alone_does_not_overwrite_another_department_s_initiative(migrated: Cli) -> None:
    theirs = write(migrated, "a.csv", b"ID,Name,Department\nX-1,Reader,Finance\n")
    ours = write(migrated, "b.csv", b"ID,Name,Department\nX-1,Rota,People\nX-2,Menu,People\n")
    moved = write(migrated, "c.csv", b"ID,Name,Department\nX-1,Reader,Treasury\n")

    migrated.run("import", "inventory", theirs, "--yes")
    said = migrated.run("import", "inventory", ours, "--yes").stdout
    same = migrated.run("import", "inventory", moved, "--yes").stdout

    assert "2 new, 0 changed, 0 unchanged; 1 to check" in said
    assert ": X-1 is another department's initiative here, so this one gets a new key" in said
    assert "0 new, 1 changed" in same  # called the same: it has moved


def test_departments_that_differ_in_case_or_spaces_are_one(migrated: Cli) -> None:
    file = write(
        migrated,
        "a.csv",
        b"Name,Department\nA,Data  Office\nB,data office\nC,DATA OFFICE \n",
    )

    migrated.run("import", "inventory", file, "--yes")
    migrated.run("export", "registry.json")

    entries = json.loads((migrated.folder / "registry.json").read_text(encoding="utf-8"))
    assert {entry["department"] for entry in entries} == {"Data Office"}
    assert [entry["key"] for entry in entries] == ["DO-01", "DO-02", "DO-03"]


def test_what_a_database_can_not_take_does_not_come_in(migrated: Cli) -> None:
    file = write(migrated, "a.csv", b"Name,Department,Purpose\nA\x01,F\x02in,one\x0b two\x7f\n")

    done = migrated.run("import", "inventory", file, "--yes")

    assert "Stored: 1 new" in done.stdout
    engine = connect(migrated.settings["DATABASE_URL"])
    with engine.connect() as connection:
        (row,) = connection.exec_driver_sql("SELECT name, department FROM initiative").all()
    engine.dispose()
    assert tuple(row) == ("A", "Fin")
