"""`rollcall migrate`: once, whoever else begins at the same time; and the file is its owner's."""

import os
import stat
import threading
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from storage.engine import connect
from storage.schema import SchemaState, schema_state
from tests.cli import Cli
from tests.conftest import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def cli(request: pytest.FixtureRequest, tmp_path: Path) -> Cli:
    cli = Cli(tmp_path, "http://127.0.0.1:9/api/")
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        cli.settings["DATABASE_URL"] = postgres.fresh_url("template1")
    return cli


def test_three_that_migrate_at_once_all_end_well(cli: Cli) -> None:
    ended: list[CompletedProcess[str]] = []
    starting = [threading.Thread(target=lambda: ended.append(cli.run("migrate"))) for _ in range(3)]

    for one in starting:
        one.start()
    for one in starting:
        one.join()

    assert [one.returncode for one in ended] == [0, 0, 0], [one.stderr for one in ended]
    engine = connect(cli.settings["DATABASE_URL"])
    assert schema_state(engine) is SchemaState.CURRENT
    engine.dispose()


def test_an_sqlite_file_and_what_lies_beside_it_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    engine = connect(f"sqlite:///{tmp_path / 'rollcall.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE words (said text)")
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    os.umask(before)
    engine.dispose()

    assert modes == {
        "rollcall.db": 0o600,
        "rollcall.db-shm": 0o600,
        "rollcall.db-wal": 0o600,
    }


def test_a_file_that_is_there_keeps_the_mode_that_somebody_gave_it(tmp_path: Path) -> None:
    file = tmp_path / "rollcall.db"
    file.touch()
    file.chmod(0o640)

    engine = connect(f"sqlite:///{file}")
    engine.connect().close()
    engine.dispose()

    assert stat.S_IMODE(file.stat().st_mode) == 0o640
