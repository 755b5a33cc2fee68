"""`rollcall import inventory`, `import undo` and `export`, as somebody types them."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import Cli
from tests.waiting import PATIENCE_SECONDS

# Two title rows, German headings, semicolons, another encoding, days before months.
FOREIGN = (
    "Übersicht KI-Vorhaben 2027;;;;;\r\n"
    ";;;;;\r\n"
    "Projekt;Abteilung;Zweck;Status;Beginn;Verantwortlich\r\n"
    "Prognose;Finanzen;Weniger zu späte Zahlungen;Pilotphase;13.01.2027;Mara\r\n"
    "Routen;Betrieb;Kürzere Wege zu den Kunden;geplant;01.02.2027;Ola\r\n"
    ";Betrieb;Ohne Namen;geplant;;\r\n"
).encode("cp1252")
UNSURE = (
    b"Short internal working name used among colleagues,"
    b"Reporting department of accountable officer,Purpose\n"
    b"Chatbot,Finance,Answers questions about costs\nRoutes,Operations,Finds the shortest way\n"
)


def write(cli: Cli, name: str, content: bytes) -> str:
    (cli.folder / name).write_bytes(content)
    return name


def test_a_foreign_inventory_is_matched_checked_taken_exported_and_undone(migrated: Cli) -> None:
    file = write(migrated, "liste.csv", FOREIGN)

    dry = migrated.run("import", "inventory", file, "--dry-run", "--save-map", "map.yml")
    first = migrated.run("import", "inventory", file, "--yes")
    second = migrated.run("import", "inventory", file, "--map", "map.yml", "--yes")
    exported = migrated.run("export", "registry.xlsx")
    undone = migrated.run("import", "undo")
    again = migrated.refused("import", "undo")

    assert "windows-1252, cells parted by semicolons, 2 rows above the headings" in dry.stdout
    assert "Verantwortlich" in dry.stdout
    assert "2 new, 0 changed, 0 unchanged; 2 to check, 1 left out" in dry.stdout
    assert "row 6: Projekt: the name is missing" in dry.stdout
    assert "Nothing was stored." in dry.stdout
    assert "Stored: 2 new, 0 changed." in first.stdout
    assert "0 new, 0 changed, 2 unchanged" in second.stdout
    assert "There's nothing to import." in second.stdout
    assert exported.stdout == "registry.xlsx: 2 initiatives.\n"
    assert "liste.csv: 2 removed." in undone.stdout
    assert "There is no import to undo." in again


def test_what_is_unsure_is_not_guessed_and_the_way_on_is_said(migrated: Cli) -> None:
    file = write(migrated, "in.csv", UNSURE)

    said = migrated.refused("import", "inventory", file, "--yes")
    write(migrated, "map.yml", said[said.index("columns:") :].encode())
    mapped = migrated.run("import", "inventory", file, "--map", "map.yml", "--yes")

    assert "I'm not sure which column holds the name and which the department" in said
    assert "Stored: 2 new" in mapped.stdout


def test_twenty_remarks_of_a_kind_are_listed_and_all_if_asked_for(migrated: Cli) -> None:
    rows = "".join(f"Till {number},Retail,abc{number}\n" for number in range(30))
    write(migrated, "in.csv", f"name,department,budget\n{rows}".encode())
    command = ("import", "inventory", "in.csv", "--dry-run", "--yes", "--map", "map.yml")
    columns = "columns: {name: name, department: department, budget_approved: budget}\n"
    write(migrated, "map.yml", columns.encode())

    some, every = migrated.run(*command).stdout, migrated.run(*command, "--all").stdout

    assert ("“abc19”" in some, "“abc20”" in some) == (True, False)
    assert "and 10 more; --all lists them" in some
    assert all(f"“abc{number}”" in every for number in range(30))
    assert "more; --all" not in every


def test_dates_that_can_be_read_both_ways_are_not_guessed(migrated: Cli) -> None:
    file = write(migrated, "in.csv", b"Name,Department,Start\nA,Finance,3/4/2027\nB,Ops,5/6/2027\n")

    said = migrated.refused("import", "inventory", file, "--yes")

    assert "Its dates can be read two ways." in said
    assert "date_order: day_first" in said


def test_without_a_yes_nothing_is_stored(migrated: Cli) -> None:
    file = write(migrated, "liste.csv", FOREIGN)

    assert "Nothing was stored. To store it, answer yes, or add --yes" in migrated.refused(
        "import", "inventory", file
    )
    assert "0 initiatives" in migrated.run("export", "registry.csv").stdout


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("report.csv", b"%PDF-1.7", "This is a PDF, not a table."),
        ("empty.csv", b"", "This file is empty."),
        ("nowhere.csv", None, "nowhere.csv can't be read: No such"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    migrated: Cli, name: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        write(migrated, name, content)

    assert says in migrated.refused("import", "inventory", name, "--yes")


@pytest.mark.parametrize(
    ("name", "says"), [("registry.pdf", "I can't write “.pdf” files"), ("no/where.csv", "No such")]
)
def test_an_export_that_can_not_be_is_refused(migrated: Cli, name: str, says: str) -> None:
    assert says in migrated.refused("export", name)


def test_at_a_terminal_what_is_unsure_is_asked(migrated: Cli) -> None:
    file = write(migrated, "in.csv", UNSURE)
    environment = {**os.environ, **migrated.settings, "COLUMNS": "200"}
    ours, theirs = pty.openpty()

    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "import", "inventory", file],
        cwd=migrated.folder,
        env=environment | {"PYTHONPATH": str(Path(__file__).parents[3])},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    # The two unsure ones, a wrong correction, a right one, no more, and the storing.
    os.write(ours, b"y\ny\ntopik=Purpose\nobjective=\n\ny\n")
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    os.close(ours)
    os.close(theirs)

    text = said.decode()
    assert process.returncode == 0, text
    assert "Is “Short internal working name used among colleagues” the name?" in text
    assert "There is no field “topik”" in text
    assert "Stored: 2 new" in text
    exported = migrated.run("export", "registry.json")
    registry = (migrated.folder / "registry.json").read_text(encoding="utf-8")
    assert exported.returncode == 0
    assert "Answers questions" not in registry  # that column was taken out
