"""Damaged files as `rollcall` meets them: a sentence, no traceback, and nothing half restored."""

import gzip
import json
import random
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from storage.engine import connect
from storage.schema import migrate
from tests.cli import Cli
from tests.storage.filling import fill

PAGE = 4096
Lines = list[bytes]


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """A full database whose rows are all in its one file, and a backup of it."""
    cli = Cli(tmp_path, "http://127.0.0.1:1/api/")
    engine = connect(cli.settings["DATABASE_URL"])
    migrate(engine)
    fill(engine)
    engine.dispose()
    with sqlite3.connect(tmp_path / "rollcall.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return cli


def noise(length: int) -> bytes:
    return random.Random(1126).randbytes(length)


def a_page_garbled(content: bytes) -> bytes:
    return content[: -3 * PAGE] + noise(PAGE) + content[-2 * PAGE :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "no database": lambda _: b"Quarterly numbers, as text. " * 100,
    "garbled": lambda content: content[:PAGE] + noise(len(content) - PAGE),
    "a garbled page": a_page_garbled,
    "cut": lambda content: content[: len(content) // 2],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_database_is_refused_by_every_command_that_needs_it(
    cli: Cli, damage: str
) -> None:
    file = cli.folder / "rollcall.db"
    file.write_bytes(DAMAGE[damage](file.read_bytes()))
    damaged = file.read_bytes()

    said = [cli.refused(*command) for command in (("serve",), ("export", "out.csv"), ("migrate",))]
    checked = cli.run("doctor")

    for words in said:
        assert "DATABASE_URL: the database is damaged" in words
        assert "rollcall restore FILE" in " ".join(words.split())
    assert checked.returncode == 1
    assert "rollcall restore FILE" in " ".join(checked.stdout.split())
    assert "Traceback" not in checked.stderr
    assert not (cli.folder / "out.csv").exists()
    assert file.read_bytes() == damaged


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_what_is_no_database_is_neither_backed_up_nor_filled(cli: Cli, command: str) -> None:
    cli.run("backup", "good")
    (cli.folder / "rollcall.db").write_bytes(b"Quarterly numbers, as text. " * 100)

    said = cli.refused(command, "good" if command == "restore" else "new")

    assert "the database can't be used (file is not a database)" in said
    assert not (cli.folder / "new").exists()


def changed(lines: Lines, table: str, column: str, value: object) -> Lines:
    """Return a backup's lines with another value in every row of a table."""
    rows = [json.loads(line) for line in lines]
    for row in rows:
        if isinstance(row, list) and row[0] == table:
            row[1][column] = value
    return [json.dumps(row).encode() + b"\n" for row in rows]


def deep(opening: bytes, closing: bytes) -> bytes:
    return b'["workspace",{"name":' + opening * 200_000 + b"1" + closing * 200_000 + b"}]\n"


BACKUPS: dict[str, Callable[[Lines], Iterable[bytes]]] = {
    "deep lists": lambda lines: [lines[0], deep(b"[", b"]"), *lines[1:]],
    "deep objects": lambda lines: [lines[0], deep(b'{"a":', b"}"), *lines[1:]],
    "a deep header": lambda lines: [b"[" * 200_000 + b"\n", *lines[1:]],
    "cut": lambda lines: lines[: len(lines) // 2],
    "a string for a number": lambda lines: changed(lines, "workspace", "policy_version", "many"),
    "a half for a whole": lambda lines: changed(lines, "workspace", "policy_version", 1.5),
    "too large": lambda lines: changed(lines, "workspace", "policy_version", 10**30),
    "digits without end": lambda lines: [
        lines[0],
        b'["workspace",{"policy_version":' + b"9" * 5000 + b"}]\n",
    ],
    "half a letter": lambda lines: changed(lines, "workspace", "name", "\ud800"),
    "no such day": lambda lines: changed(lines, "round", "call_on", "2026-02-31"),
    "no such person": lambda lines: changed(lines, "initiative", "lead_id", "U_NOBODY"),
    "no such stage": lambda lines: changed(lines, "initiative", "stage", "nonsense"),
}


@pytest.mark.parametrize("damage", BACKUPS)
def test_a_damaged_backup_restores_nothing(cli: Cli, damage: str) -> None:
    cli.run("backup", "good")
    lines = gzip.decompress((cli.folder / "good").read_bytes()).splitlines(keepends=True)
    (cli.folder / "bad").write_bytes(gzip.compress(b"".join(BACKUPS[damage](lines))))
    cli.settings["DATABASE_URL"] = f"sqlite:///{cli.folder / 'new.db'}"

    said = cli.refused("restore", "bad")

    assert said.startswith("bad: ")
    with sqlite3.connect(cli.folder / "new.db") as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    connection.close()


def test_a_backup_cut_inside_its_packing_restores_nothing(cli: Cli) -> None:
    cli.run("backup", "good")
    good = (cli.folder / "good").read_bytes()
    cli.settings["DATABASE_URL"] = f"sqlite:///{cli.folder / 'new.db'}"

    for kept in (len(good) // 2, len(good) - 4, 5, 0):
        (cli.folder / "bad").write_bytes(good[:kept])
        said = cli.refused("restore", "bad")
        assert "cut off or damaged" in said or "no backup that this Rollcall can read" in said


@pytest.mark.parametrize(
    "content",
    [b'{"a":' * 50_000, b"date: 2026-13-01", b"sheet: \x00", b"sheet: \xff", b"{"],
    ids=["deep", "no date", "NUL", "no UTF-8", "cut"],
)
def test_a_mapping_that_is_no_yaml_is_refused(cli: Cli, content: bytes) -> None:
    (cli.folder / "map.yml").write_bytes(content)
    (cli.folder / "list.csv").write_text("Name,Department\nTills,Retail\n")

    said = cli.refused("import", "inventory", "list.csv", "--map", "map.yml", "--dry-run")

    assert "it is not YAML" in said
