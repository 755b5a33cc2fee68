import gzip
import json
import os
import resource
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from storage.backup import (
    NotEmptyError,
    OtherRevisionError,
    RowsRefusedError,
    SchemaRefusedError,
    restore_backup,
    write_backup,
    write_backup_of,
)
from storage.backup_file import BackupDamagedError, BackupRefusedError, NotABackupError
from storage.engine import connect, snapshot, transactions
from storage.models import AuditEntry, Workspace
from storage.schema import SchemaState, newest_revision, schema_state
from tests.conftest import Postgres
from tests.factories import MONDAY_9AM, TEAM
from tests.storage.filling import everything, fill
from tests.waiting import PATIENCE_SECONDS

BOTH = ["sqlite", "postgresql"]
Lines = list[bytes]


@pytest.fixture(params=BOTH)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of either kind, without any table."""
    url = f"sqlite:///{tmp_path / 'fresh.db'}"
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.fresh_url("template1")
    engine = connect(url)
    yield engine
    engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "rollcall.backup"


@pytest.fixture
def good(tmp_path: Path, sqlite_template: Path, file: Path) -> Path:
    """A backup of a filled database."""
    (tmp_path / "source.db").write_bytes(sqlite_template.read_bytes())
    source = connect(f"sqlite:///{tmp_path / 'source.db'}")
    fill(source)
    write_backup(source, file)
    source.dispose()
    return file


def rewrite(file: Path, change: Callable[[Lines], Lines]) -> None:
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(change(lines))))


def an_entry(key: str, subject: str = "FIN-01") -> AuditEntry:
    return AuditEntry(
        workspace_id=TEAM,
        id=key,
        at=MONDAY_9AM,
        actor_id="U_LEAD",
        action="file_update",
        subject=subject,
        outcome="done",
    )


def add(engine: Engine, *rows: SQLModel) -> None:
    with transactions(engine)() as session:
        session.add_all(rows)


# From either kind of database to either kind


def test_what_was_backed_up_is_restored_to_the_last_value(
    engine: Engine, fresh: Engine, file: Path
) -> None:
    fill(engine)

    written = write_backup(engine, file)
    restored = restore_backup(fresh, file)

    assert everything(fresh) == everything(engine)
    assert written == restored == dict.fromkeys(SQLModel.metadata.tables, 2)


def test_a_database_without_tables_gets_them_with_the_rows(fresh: Engine, good: Path) -> None:
    restore_backup(fresh, good)

    assert schema_state(fresh) is SchemaState.CURRENT


def test_a_migrated_database_without_rows_can_be_restored_into(engine: Engine, good: Path) -> None:
    restore_backup(engine, good)

    assert {len(rows) for rows in everything(engine).values()} == {2}


def test_more_rows_than_fit_into_a_batch_all_arrive(
    engine: Engine, fresh: Engine, file: Path
) -> None:
    add(engine, *(an_entry(f"{number:04}") for number in range(1203)))

    write_backup(engine, file)
    restore_backup(fresh, file)

    assert everything(fresh) == everything(engine)


def test_a_database_without_rows_makes_a_backup_without_rows(
    engine: Engine, fresh: Engine, file: Path
) -> None:
    write_backup(engine, file)

    assert set(restore_backup(fresh, file).values()) == {0}


def test_a_backup_of_what_was_restored_is_the_same_file(fresh: Engine, good: Path) -> None:
    again = good.with_name("again.backup")

    restore_backup(fresh, good)
    write_backup(fresh, again)

    assert sorted(gzip.decompress(again.read_bytes()).splitlines()) == sorted(
        gzip.decompress(good.read_bytes()).splitlines()
    )


def test_no_table_refers_to_itself() -> None:
    """A restore would need the rows of such a table in order, and does not care for it."""
    for table in SQLModel.metadata.tables.values():
        assert table not in {key.column.table for key in table.foreign_keys}


# One state of the database


def test_what_others_write_meanwhile_is_neither_seen_nor_held_up(
    engine: Engine, fresh: Engine, file: Path
) -> None:
    add(engine, Workspace(workspace_id=TEAM, name="Before"), an_entry("before"))
    before = everything(engine)
    bot = connect(engine.url.render_as_string(hide_password=False))

    with snapshot(engine) as connection:
        connection.execute(text("SELECT count(*) FROM workspace"))
        with bot.begin() as writing:
            writing.execute(text("UPDATE workspace SET name = 'After'"))
            writing.execute(text("DELETE FROM audit_entry"))
        add(bot, Workspace(workspace_id="T2", name="Later"), an_entry("later"))
        write_backup_of(connection, file)

    restore_backup(fresh, file)
    assert everything(fresh) == before != everything(bot)
    bot.dispose()


def test_a_backup_waits_for_nobody_who_writes(engine: Engine, file: Path) -> None:
    bot = connect(engine.url.render_as_string(hide_password=False))

    with bot.begin() as writing:
        writing.execute(text("INSERT INTO workspace VALUES ('T1', 'Half done', 0)"))
        counts = write_backup(engine, file)

    assert counts["workspace"] == 0
    bot.dispose()


def test_a_row_that_somebody_is_adding_is_waited_for_and_refuses_the_restore(
    postgres: Postgres, good: Path
) -> None:
    url = postgres.fresh_url()
    target, other, watching = connect(url), connect(url), connect(url)

    with ThreadPoolExecutor(max_workers=1) as pool, other.begin() as writing:
        writing.execute(text("INSERT INTO workspace VALUES ('T9', 'In the middle', 0)"))
        restoring = pool.submit(restore_backup, target, good)
        while not restoring.done() and not somebody_waits(watching):
            pass
        writing.commit()
        with pytest.raises(NotEmptyError, match="workspace"):
            restoring.result(timeout=PATIENCE_SECONDS)

    for engine in (target, other, watching):
        engine.dispose()


def somebody_waits(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


# The file


def test_only_its_owner_reads_the_file(engine: Engine, file: Path) -> None:
    before = os.umask(0)
    try:
        write_backup(engine, file)
    finally:
        os.umask(before)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_disk_that_is_full_leaves_nothing_behind(engine: Engine, file: Path) -> None:
    fill(engine)

    with full_disk(), pytest.raises(OSError, match="File too large"):
        write_backup(engine, file)

    assert list(file.parent.iterdir()) == []


def test_a_disk_that_is_full_leaves_the_older_file_as_it_was(engine: Engine, good: Path) -> None:
    fill(engine)
    held = good.read_bytes()

    with full_disk(), pytest.raises(OSError, match="File too large"):
        write_backup(engine, good)

    assert good.read_bytes() == held
    assert list(good.parent.iterdir()) == [good]


def test_a_database_that_is_not_current_is_not_backed_up(fresh: Engine, file: Path) -> None:
    with pytest.raises(SchemaRefusedError):
        write_backup(fresh, file)

    assert list(file.parent.iterdir()) == []


@contextmanager
def full_disk() -> Iterator[None]:
    """Have the kernel refuse every file of this process that grows over 100 bytes.

    SQLite needs to be connected before: it has files of its own to make.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# What is refused, and that nothing comes of it


def refused(engine: Engine, file: Path, error: type[BackupRefusedError]) -> str:
    """Return the sentence, once it is certain that the database has not so much as a table."""
    with pytest.raises(error) as raised:
        restore_backup(engine, file)
    with engine.connect() as connection:
        assert not engine.dialect.has_table(connection, "workspace")
    return str(raised.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"key,name\n",
        gzip.compress(b""),
        gzip.compress(b"\xff\n"),
        gzip.compress(b'{"format": "rollcall-backup/2", "revision": "0001", "tables": []}\n'),
        gzip.compress(b'["workspace", {}]\n'),
    ],
    ids=["empty", "csv", "no-lines", "not-utf-8", "other-format", "no-header"],
)
def test_a_file_that_is_no_backup_is_refused(fresh: Engine, file: Path, content: bytes) -> None:
    file.write_bytes(content)

    assert "no backup that this Rollcall can read" in refused(fresh, file, NotABackupError)


@pytest.mark.parametrize("part", [0.01, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_refused(fresh: Engine, good: Path, part: float) -> None:
    content = good.read_bytes()
    good.write_bytes(content[: int(len(content) * part)])

    assert "cut off or damaged" in refused(fresh, good, BackupDamagedError)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:-1],
        lambda lines: [*lines[:-2], lines[-1]],
        lambda lines: [*lines[:5], lines[5][:-9]],
        lambda lines: [*lines, lines[5]],
        lambda lines: lines + lines,
        lambda lines: [*lines[:1], b'["nothing",{}]\n', *lines[1:]],
        lambda lines: [lines[0], lines[1].replace(b"workspace_id", b"team_id"), *lines[2:]],
        lambda lines: [line.replace(b'"2026-11-25T', b'"soon') for line in lines],
        lambda lines: [lines[0].replace(b'"draft"', b'"note"'), *lines[1:]],
    ],
    ids=[
        "no trailer",
        "a row is gone",
        "half a line",
        "a row after the trailer",
        "twice",
        "an unknown table",
        "an unknown column",
        "no instant",
        "other tables",
    ],
)
def test_a_file_with_damaged_lines_is_refused(
    fresh: Engine, good: Path, change: Callable[[Lines], Lines]
) -> None:
    rewrite(good, change)

    refused(fresh, good, BackupDamagedError)


def test_a_file_with_one_wrong_byte_is_refused(fresh: Engine, good: Path) -> None:
    content = bytearray(good.read_bytes())
    content[-6] ^= 1  # in gzip's checksum of it all
    good.write_bytes(content)

    refused(fresh, good, BackupDamagedError)


def with_revision(revision: str) -> Callable[[Lines], Lines]:
    def change(lines: Lines) -> Lines:
        header = json.loads(lines[0]) | {"revision": revision}
        return [json.dumps(header).encode() + b"\n", *lines[1:]]

    return change


def test_a_backup_of_a_newer_version_is_refused_with_what_helps(fresh: Engine, good: Path) -> None:
    rewrite(good, with_revision("9999"))

    said = refused(fresh, good, OtherRevisionError)

    assert "revision 9999" in said
    assert "git pull && make setup" in said


def test_an_older_revision_is_told_to_be_migrated_afterwards(file: Path) -> None:
    said = str(OtherRevisionError(file, newest_revision()))

    assert "made by an older Rollcall" in said
    assert "rollcall migrate" in said


def test_a_row_that_the_database_can_not_hold_is_named_by_table_and_not_quoted(
    postgres: Postgres, tmp_path: Path, sqlite_template: Path, file: Path
) -> None:
    (tmp_path / "source.db").write_bytes(sqlite_template.read_bytes())
    source, target = connect(f"sqlite:///{tmp_path / 'source.db'}"), connect(postgres.fresh_url())
    # SQLite does not hold a text to its length; PostgreSQL does.
    add(source, an_entry("first"), an_entry("second", subject="private" * 100))
    write_backup(source, file)

    with pytest.raises(RowsRefusedError, match="a row of audit_entry") as raised:
        restore_backup(target, file)

    assert "private" not in str(raised.value)
    assert not any(everything(target).values())
    source.dispose()
    target.dispose()


def test_a_row_that_refers_to_nothing_is_refused(fresh: Engine, good: Path) -> None:
    def without_workspaces(lines: Lines) -> Lines:
        trailer = json.loads(lines[-1])
        trailer["counts"]["workspace"] = 0
        kept = [line for line in lines[:-1] if not line.startswith(b'["workspace"')]
        return [*kept, json.dumps(trailer).encode() + b"\n"]

    rewrite(good, without_workspaces)

    assert "refused a row of" in refused(fresh, good, RowsRefusedError)


@pytest.mark.parametrize("table", ["workspace", "audit_entry"])
def test_a_database_that_holds_any_row_is_left_as_it_was(
    engine: Engine, good: Path, table: str
) -> None:
    workspace = Workspace(workspace_id="T2", name="In use")
    add(engine, workspace if table == "workspace" else an_entry("kept"))
    before = everything(engine)

    with pytest.raises(NotEmptyError, match=f"already holds rows .in {table}."):
        restore_backup(engine, good)

    assert everything(engine) == before


def test_a_database_with_other_tables_and_no_revision_is_refused(fresh: Engine, good: Path) -> None:
    with fresh.begin() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (id int)"))

    refused(fresh, good, SchemaRefusedError)


def test_a_database_of_a_newer_version_is_refused(engine: Engine, good: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaRefusedError) as raised:
        restore_backup(engine, good)

    assert raised.value.state is SchemaState.AHEAD
    assert not any(everything(engine).values())
