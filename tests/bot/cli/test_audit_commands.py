"""`rollcall audit` as a process: without Slack, with a sentence for each thing that is wrong."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import utc_now
from bot.services import build_services
from storage.engine import connect
from storage.schema import migrate
from tests.cli import Cli
from tests.conftest import Postgres
from tests.factories import TEAM, a_policy
from tests.workflows.audit_log.logged import seal
from workflows import audit, policies
from workflows.services import Actor

SEAL = "f" * 64
Touch = Callable[..., None]


@pytest.fixture(params=["sqlite", "postgresql"])
def logged(request: pytest.FixtureRequest, tmp_path: Path) -> Cli:
    """A `rollcall` without a token, whose log has three sealed entries and one that is not."""
    cli = Cli(tmp_path, "nowhere")
    del cli.settings["SLACK_BOT_TOKEN"], cli.settings["SLACK_APP_TOKEN"]
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        cli.settings["DATABASE_URL"] = postgres.fresh_url()
    engine = connect(cli.settings["DATABASE_URL"])
    migrate(engine)
    services = build_services(engine, utc_now)
    policies.adopt(services, TEAM, "Tests", a_policy())

    def act(subject: str) -> None:
        with services.transaction() as session:
            audit.record(session, services.now(), Actor(TEAM, "U_LEAD"), "deed", subject)

    act("FIN-01")
    act("FIN-02")
    seal(services)
    act("FIN-03")
    engine.dispose()
    return cli


@pytest.fixture
def touch(logged: Cli) -> Touch:
    """Do what nobody should do, by the driver."""

    def touch(*statements: str) -> None:
        engine = connect(logged.settings["DATABASE_URL"])
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    return touch


def test_a_log_that_nobody_touched_is_said_to_be_so_with_what_is_not_sealed(logged: Cli) -> None:
    ended = logged.run("audit", "verify")

    first, second, third = ended.stdout.splitlines()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert first == "T1: all is as it was written; 3 entries sealed."
    assert second.startswith("  Not sealed yet: 1 entry: ")
    assert third.startswith("  The last seal is ")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE audit_entry SET subject = 'FIN-99' WHERE subject = 'FIN-01'",
            " was changed, or the one before it together with its seal.",
        ),
        ("DELETE FROM audit_entry WHERE subject = 'FIN-01'", "Position 2: missing; it was entry "),
        ("DELETE FROM audit_link WHERE position = 2", "Position 2: missing."),
        ("DELETE FROM audit_link WHERE position = 2", "somebody else, or its seal was removed."),
        ("DELETE FROM audit_link WHERE position <= 2", "Position 1 to 2: missing."),
        (
            f"UPDATE audit_link SET hash = '{SEAL}' WHERE position = 2",
            "Position 2: the seal was changed; entry ",
        ),
        (
            "UPDATE audit_link SET position = 9 WHERE position = 2",
            " was moved; it belongs at position 2.",
        ),
        (
            "DELETE FROM audit_entry WHERE subject = 'FIN-03'",
            ": missing; it was removed before it was sealed.",
        ),
    ],
)
def test_what_was_touched_is_named_in_a_sentence(
    logged: Cli, touch: Touch, statement: str, said: str
) -> None:
    touch(statement)

    ended = logged.run("audit", "verify")

    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout.startswith("T1: the audit log was touched.\n")
    assert said in ended.stdout


def test_a_seal_that_was_kept_tells_of_an_end_that_is_gone(logged: Cli, touch: Touch) -> None:
    told = logged.run("audit", "verify").stdout
    kept = told.partition("The last seal is ")[2][:64]

    whole = logged.run("audit", "verify", "--seal", kept)
    touch(
        "DELETE FROM audit_link WHERE position = 3",
        "DELETE FROM audit_entry WHERE subject = 'FIN-02'",
    )
    cut = logged.run("audit", "verify", "--seal", kept)

    assert whole.returncode == 0
    assert cut.returncode == 1
    assert f"The seal {kept} isn't in the log" in cut.stdout


def test_an_empty_log_is_said_to_be_so(logged: Cli, touch: Touch) -> None:
    touch(*(f"DELETE FROM audit_{name}" for name in ("entry", "link", "unsealed")))

    ended = logged.run("audit", "verify")

    assert (ended.returncode, ended.stdout) == (0, "The audit log is empty.\n")


def test_the_log_is_written_to_a_file_that_only_its_owner_reads(logged: Cli) -> None:
    file = logged.folder / "audit.jsonl"

    ended = logged.run("audit", "export", "audit.jsonl")

    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert (ended.returncode, ended.stdout) == (0, "audit.jsonl: 4 entries.\n")
    assert [line["subject"] for line in lines] == ["v1", "FIN-01", "FIN-02", "FIN-03"]
    assert [line["position"] for line in lines] == [1, 2, 3, None]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_place_that_can_not_be_written_is_named(logged: Cli) -> None:
    said = logged.refused("audit", "export", "nowhere/audit.jsonl")

    assert said == "nowhere/audit.jsonl can't be written: No such file or directory.\n"


def test_a_database_that_was_never_migrated_is_not_verified(tmp_path: Path) -> None:
    assert "Run: rollcall migrate" in Cli(tmp_path, "nowhere").refused("audit", "verify")
