"""What asks nothing of Slack needs no token; what is wrong here is said before Slack is asked."""

import json
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pytest
import yaml

from bot.clock import utc_now
from bot.services import build_services
from storage.engine import connect
from tests.cli import Cli
from tests.factories import a_policy
from workflows import policies

ROOT = Path(__file__).parents[3]
HEADER = "key,name,department,department_leads,lead,deputies,stage\n"
INVENTORY = "Key,Project name,Department,Purpose\nFIN-1,Forecast,Finance,Plans cash\n"
LEFT_OUT = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "POLICY_FILE")


@pytest.fixture
def alone(migrated: Cli) -> Cli:
    """Return a `rollcall` that knows its workspace, and has neither token, policy nor Slack."""
    engine = connect(migrated.settings["DATABASE_URL"])
    policies.adopt(build_services(engine, utc_now), "T1", "Tests", a_policy())
    engine.dispose()
    return cut_off(migrated)


def cut_off(cli: Cli) -> Cli:
    for name in LEFT_OUT:
        del cli.settings[name]
    (cli.folder / "policy.yml").unlink()
    cli.settings |= {"SLACK_API_URL": "nowhere", "SLACK_SIGNING_SECRET": "se…cret"}
    return cli


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("migrate",), "it is current now"),
        (("promises",), "No promises match"),
        (("backup", "a.backup"), "workspace"),
        (("audit", "verify"), "all is as it was written"),
        (("audit", "export", "audit.jsonl"), "audit.jsonl: 1 entry"),
        (("export", "registry.csv"), "registry.csv: 0 initiatives"),
        (("import", "inventory", "in.csv", "--dry-run", "--yes"), "1 new"),
        (("import", "inventory", "in.csv", "--yes"), "Stored: 1 new"),
        (("policy", "mine.yml"), "mine.yml is valid"),
        (("--help",), "Usage: "),
        (("import", "--help"), "Usage: "),
    ],
)
def test_what_needs_no_slack_asks_for_no_token(
    alone: Cli, command: tuple[str, ...], said: str
) -> None:
    (alone.folder / "in.csv").write_text(INVENTORY, encoding="utf-8")
    (alone.folder / "mine.yml").write_text(a_policy(), encoding="utf-8")

    ended = alone.run(*command)

    assert ended.returncode == 0, ended.stderr
    assert said in ended.stdout


def test_an_import_is_undone_and_a_backup_restored_without_slack(alone: Cli) -> None:
    (alone.folder / "in.csv").write_text(INVENTORY, encoding="utf-8")
    alone.run("import", "inventory", "in.csv", "--yes")
    alone.run("backup", "a.backup")

    undone = alone.run("import", "undo")
    alone.settings["DATABASE_URL"] = f"sqlite:///{alone.folder / 'fresh.db'}"
    restored = alone.run("restore", "a.backup")
    exported = alone.run("export", "again.csv")

    assert "in.csv: 1 removed" in undone.stdout
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "again.csv: 1 initiatives" in exported.stdout


def test_a_setting_that_a_command_needs_is_refused_and_no_other(alone: Cli) -> None:
    alone.settings["LOG_LEVEL"] = "loud"

    assert alone.refused("migrate") == "LOG_LEVEL: write DEBUG, INFO, WARNING or ERROR\n"


@pytest.mark.parametrize("command", [("import",), ("import", "inventory")])
def test_a_file_that_is_not_there_is_said_before_a_token_is_asked_for(
    migrated: Cli, command: tuple[str, ...]
) -> None:
    cut_off(migrated)

    said = migrated.refused(*command, "nowhere.csv")

    assert said == "nowhere.csv can't be read: No such file or directory.\n"


def test_a_file_with_faults_is_refused_before_a_token_is_asked_for(migrated: Cli) -> None:
    (migrated.folder / "in.csv").write_text(HEADER + "OPS-01,,Operations,,U1,,flying\n")

    assert "row 2, name: is empty" in cut_off(migrated).refused("import", "in.csv")


@pytest.mark.parametrize(
    "command", [("import", "in.csv"), ("import", "inventory", "in.csv"), ("export", "out.csv")]
)
def test_where_slack_has_to_be_asked_the_token_is(migrated: Cli, command: tuple[str, ...]) -> None:
    (migrated.folder / "in.csv").write_text(HEADER + "OPS-01,Routes,Operations,,U1,,pilot\n")

    assert "SLACK_BOT_TOKEN: is not set" in cut_off(migrated).refused(*command)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("demo", "--port", "99999"), "the port has to be a whole number from 1 to 65535"),
        (("demo", "--port", "0"), "the port has to be a whole number from 1 to 65535"),
        (("demo", "--port", "abc"), "the port has to be a whole number from 1 to 65535"),
        (("promises", "--limit", "0"), "write a whole number, 1 or more"),
        (("promises", "--limit", "many"), "write a whole number, 1 or more"),
    ],
)
def test_a_number_that_is_none_is_refused_in_our_words(
    cli: Cli, command: tuple[str, ...], said: str
) -> None:
    ended = cli.run(*command)

    assert ended.returncode == 2
    assert said in ended.stderr


def test_it_says_which_it_is(cli: Cli) -> None:
    assert cli.run("--version").stdout == f"Rollcall {metadata.version('rollcall')}\n"


def test_the_policy_s_next_dates_are_told_over_a_clock_change(cli: Cli) -> None:
    at(
        cli, datetime(2026, 10, 21, 19, 0, tzinfo=UTC)
    )  # the call begins: it isn't the next any more
    del cli.settings["SLACK_BOT_TOKEN"]

    said = cli.run("policy").stdout  # POLICY_FILE's

    assert said.splitlines()[1:] == [
        "",
        "The next 3 rounds, on the clock of America/New_York:",
        "  round opens    Fri 23 Oct 2026 00:00   Fri 30 Oct 2026 00:00   Fri 06 Nov 2026 00:00",
        "  prompt         Mon 26 Oct 2026 09:00   Mon 02 Nov 2026 09:00   Mon 09 Nov 2026 09:00",
        "  reminder       Tue 27 Oct 2026 09:00   Tue 03 Nov 2026 09:00   Tue 10 Nov 2026 09:00",
        "  round closes   Wed 28 Oct 2026 14:00   Wed 04 Nov 2026 14:00   Wed 11 Nov 2026 14:00",
        "  call           Wed 28 Oct 2026 15:00   Wed 04 Nov 2026 15:00   Wed 11 Nov 2026 15:00",
        "Prompt and reminder come at these hours on each lead's own clock.",
    ]


def test_a_prompt_before_working_hours_is_told_for_when_it_comes(cli: Cli) -> None:
    at(cli, datetime(2026, 10, 21, 18, 59, tzinfo=UTC))
    written = a_policy(round={"prompt_time": "06:30"})
    (cli.folder / "policy.yml").write_text(written, encoding="utf-8")

    said = cli.run("policy").stdout

    assert "  prompt         Mon 19 Oct 2026 09:00 " in said


def test_the_example_s_ids_are_told_as_such(cli: Cli) -> None:
    example = yaml.safe_load((ROOT / "policy.example.yml").read_text(encoding="utf-8"))
    example["people"] = {"programme_manager": "U0000000000"}
    (cli.folder / "policy.yml").write_text(yaml.safe_dump(example), encoding="utf-8")

    said = cli.run("policy").stdout

    assert "But channels.coordination still holds the example's id: put your own there." in said
    assert "But people.programme_manager still holds the example's id" in said


def at(cli: Cli, instant: datetime) -> None:
    """Let the command's clock be at an instant, give or take how long it takes to start."""
    offset = (instant - utc_now()).total_seconds()
    file = cli.folder / "clock.json"
    file.write_text(json.dumps({"offset_seconds": offset}), encoding="utf-8")
    cli.settings["CLOCK_FILE"] = str(file)
