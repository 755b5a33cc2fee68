"""`rollcall backup` and `rollcall restore` as processes."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.alone import alone_on
from storage.engine import connect
from storage.schema import migrate
from tests.cli import Cli
from tests.conftest import Postgres
from tests.storage.filling import everything, fill

FILE = "rollcall.backup"


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path, "http://127.0.0.1:1/api/")  # no Slack is needed


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, cli: Cli) -> Cli:
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        cli.settings["DATABASE_URL"] = postgres.fresh_url()
    engine = connect(cli.settings["DATABASE_URL"])
    migrate(engine)
    fill(engine)
    engine.dispose()
    return cli


@pytest.fixture
def migrated(cli: Cli) -> Cli:
    engine = connect(cli.settings["DATABASE_URL"])
    migrate(engine)
    engine.dispose()
    return cli


def rows_of(cli: Cli) -> object:
    engine = connect(cli.settings["DATABASE_URL"])
    rows = everything(engine)
    engine.dispose()
    return rows


def names_in(folder: Path) -> set[str]:
    """Return what lies there, without the database and the policy."""
    return {file.name for file in folder.iterdir()} - {
        *(f"rollcall.db{end}" for end in ("", "-wal", "-shm", ".lock")),
        "policy.yml",
    }


def test_a_backup_is_restored_into_a_database_that_was_not_there(filled: Cli) -> None:
    before = rows_of(filled)

    backed_up = filled.run("backup", FILE)
    filled.settings["DATABASE_URL"] = f"sqlite:///{filled.folder / 'new.db'}"
    restored = filled.run("restore", FILE)

    assert (backed_up.returncode, backed_up.stderr) == (0, "")
    assert (restored.returncode, restored.stderr) == (0, "")
    assert ["audit_entry", "2"] in [line.split() for line in backed_up.stdout.splitlines()]
    assert restored.stdout == backed_up.stdout
    assert rows_of(filled) == before
    assert stat.S_IMODE((filled.folder / FILE).stat().st_mode) == 0o600


def test_a_file_that_is_there_is_replaced_only_when_told_so(filled: Cli) -> None:
    file = filled.folder / FILE
    file.write_bytes(b"older")

    said = filled.refused("backup", FILE)
    kept = file.read_bytes()
    replaced = filled.run("backup", FILE, "--force")

    assert "--force" in said
    assert kept == b"older"
    assert (replaced.returncode, names_in(filled.folder)) == (0, {FILE})
    assert file.read_bytes() != b"older"


def test_a_folder_is_never_replaced(filled: Cli) -> None:
    (filled.folder / FILE).mkdir()

    assert "this isn't a file, so it can't be replaced" in filled.refused("backup", FILE, "--force")


@pytest.mark.parametrize("where", ["nowhere/a.backup", "policy.yml/a.backup"])
def test_a_place_that_can_not_be_written_is_named_and_nothing_is_left(
    filled: Cli, where: str
) -> None:
    said = filled.refused("backup", where)

    assert "No backup was made." in said
    assert where.split("/")[0] in said
    assert names_in(filled.folder) == set()


def test_a_backup_is_made_while_the_bot_serves_and_writes(cli: Cli) -> None:
    engine = connect(cli.settings["DATABASE_URL"])
    migrate(engine)

    with alone_on(cli.settings["DATABASE_URL"]), engine.begin() as writing:
        writing.execute(text("INSERT INTO workspace VALUES ('T1', 'Half done', 0)"))
        ended = cli.run("backup", FILE)
    engine.dispose()

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ["workspace", "0"] in [line.split() for line in ended.stdout.splitlines()]


def test_a_database_that_was_never_migrated_is_not_backed_up(cli: Cli) -> None:
    assert "Run: rollcall migrate" in cli.refused("backup", FILE)
    assert names_in(cli.folder) == set()


def test_a_restore_beside_a_bot_that_serves_is_refused(filled: Cli) -> None:
    filled.run("backup", FILE)
    served = f"sqlite:///{filled.folder / 'served.db'}"
    filled.settings["DATABASE_URL"] = served

    with alone_on(served):
        said = filled.refused("restore", FILE)

    assert "another Rollcall serves this SQLite file" in said


def test_a_restore_over_rows_is_refused_and_changes_nothing(filled: Cli) -> None:
    filled.run("backup", FILE)
    before = rows_of(filled)

    said = filled.refused("restore", FILE)

    assert "already holds rows" in said
    assert "DATABASE_URL" in said
    assert rows_of(filled) == before


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_database_that_can_not_be_reached_is_named(migrated: Cli, command: str) -> None:
    migrated.run("backup", "good.backup")
    file = {"backup": FILE, "restore": "good.backup"}[command]
    migrated.settings["DATABASE_URL"] = "postgresql+psycopg://me:secret@127.0.0.1:1/rollcall"

    said = migrated.refused(command, file)

    assert "DATABASE_URL: the database can't be used" in said
    assert names_in(migrated.folder) == {"good.backup"}


def test_a_restore_of_something_else_is_refused(cli: Cli) -> None:
    assert "no backup that this Rollcall can read" in cli.refused("restore", "policy.yml")


def test_a_restore_of_a_file_that_is_cut_off_is_refused(filled: Cli) -> None:
    filled.run("backup", FILE)
    file = filled.folder / FILE
    file.write_bytes(file.read_bytes()[:-100])
    filled.settings["DATABASE_URL"] = f"sqlite:///{filled.folder / 'new.db'}"

    assert "cut off or damaged" in filled.refused("restore", FILE)


def test_a_restore_of_nothing_is_refused(cli: Cli) -> None:
    said = cli.refused("restore", "nowhere.backup")

    assert "nowhere.backup: No such file or directory. Nothing was restored." in said


def test_a_restore_into_a_folder_that_is_not_there_is_refused(filled: Cli) -> None:
    filled.run("backup", FILE)
    filled.settings["DATABASE_URL"] = f"sqlite:///{filled.folder / 'gone' / 'new.db'}"

    assert "Its folder has to exist" in filled.refused("restore", FILE)


def test_a_restore_into_a_database_of_a_newer_version_is_refused(filled: Cli) -> None:
    filled.run("backup", FILE)
    engine = connect(filled.settings["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    assert "migrated by a newer Rollcall" in filled.refused("restore", FILE)
