"""What `rollcall` refuses, and the sentence it does so with."""

import pytest
from sqlalchemy import make_url, text

from storage.engine import connect
from tests.cli import Cli
from tests.conftest import Postgres
from tests.factories import a_policy

ROW = "FIN-01,Forecast,Finance,U1,U1,,pilot\n"
HEADER = "key,name,department,department_leads,lead,deputies,stage\n"


def test_a_missing_setting_is_named(cli: Cli) -> None:
    del cli.settings["SLACK_BOT_TOKEN"]

    assert "SLACK_BOT_TOKEN: is not set" in cli.refused("serve")


def test_every_wrong_setting_is_named_and_none_is_shown(cli: Cli) -> None:
    cli.settings |= {"SLACK_BOT_TOKEN": "secret", "LOG_LEVEL": "secret", "DATABASE_URL": "secret"}

    said = cli.refused("serve")

    for name in ("SLACK_BOT_TOKEN", "LOG_LEVEL", "DATABASE_URL"):
        assert f"{name}: " in said


@pytest.mark.parametrize(
    ("arguments", "name"),
    [(("serve",), "SLACK_APP_TOKEN"), (("serve", "--http", "127.0.0.1:1"), "SLACK_SIGNING_SECRET")],
)
def test_each_mode_names_the_secret_that_it_needs(
    cli: Cli, arguments: tuple[str, ...], name: str
) -> None:
    del cli.settings["SLACK_APP_TOKEN"]

    assert f"{name}: is not set" in cli.refused(*arguments)


def test_a_database_that_is_behind_is_refused_with_the_command_that_helps(cli: Cli) -> None:
    said = cli.refused("serve")

    assert "Run: rollcall migrate" in said


def test_a_database_that_is_ahead_is_refused_with_the_command_that_helps(migrated: Cli) -> None:
    engine = connect(migrated.settings["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    said = migrated.refused("serve")

    assert "migrated by a newer Rollcall" in said
    assert "git pull && make setup" in said


def test_migrate_brings_it_up_to_date_and_says_so(cli: Cli) -> None:
    ended = cli.run("migrate")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "it is current now" in ended.stdout


def test_a_token_that_slack_refuses_is_named(migrated: Cli) -> None:
    migrated.settings["SLACK_BOT_TOKEN"] = "xoxb-another-secret"

    assert "SLACK_BOT_TOKEN: Slack refuses it (invalid_auth)" in migrated.refused("serve")


def test_a_slack_that_can_not_be_reached_is_named(migrated: Cli) -> None:
    migrated.settings["SLACK_API_URL"] = "http://127.0.0.1:1/api/"

    assert "SLACK_API_URL: Slack can't be reached" in migrated.refused("serve")


def test_a_policy_that_is_not_there_is_named(migrated: Cli) -> None:
    migrated.settings["POLICY_FILE"] = "nowhere.yml"

    assert "POLICY_FILE: the policy can't be read" in migrated.refused("serve")


def test_a_policy_with_faults_is_refused_with_line_and_path(migrated: Cli) -> None:
    policy = migrated.folder / "policy.yml"
    policy.write_text(a_policy(update={"minutes": -1}), encoding="utf-8")

    said = migrated.refused("policy", str(policy))

    assert "update.minutes" in said
    assert "line " in said
    assert "update.minutes" in migrated.refused("serve")


def test_a_valid_policy_is_told_to_be_so(cli: Cli) -> None:
    ended = cli.run("policy", "policy.yml")

    assert ended.returncode == 0
    assert "Wednesday at 15:00 America/New_York" in ended.stdout


def test_a_file_with_faults_imports_nothing_and_names_each_by_row(migrated: Cli) -> None:
    file = migrated.folder / "in.csv"
    file.write_text(HEADER + ROW + "OPS-01,,Operations,,U1,,flying\n", encoding="utf-8")

    said = migrated.refused("import", "in.csv")

    assert "nothing was imported" in said
    assert "row 3, name: is empty" in said
    assert "row 3, stage: " in said


def test_an_import_says_what_it_did_and_again_that_nothing_changed(migrated: Cli) -> None:
    (migrated.folder / "in.csv").write_text(HEADER + ROW, encoding="utf-8")

    dry, first, second = (
        migrated.run("import", "in.csv", *options) for options in (["--dry-run"], [], [])
    )

    assert "nothing was stored" in dry.stdout
    assert "1 new" in first.stdout
    assert "1 same" in second.stdout


def test_an_import_says_how_many_people_have_another_place(migrated: Cli) -> None:
    file = migrated.folder / "in.csv"
    file.write_text(HEADER + ROW.replace("U1", "U1 (de-by)"), encoding="utf-8")

    first, second = (migrated.run("import", "in.csv") for _ in range(2))

    assert "1 person has another country or region than before." in first.stdout
    assert "country" not in second.stdout


def test_promises_are_listed_and_audited(migrated: Cli) -> None:
    (migrated.folder / "in.csv").write_text(HEADER + ROW, encoding="utf-8")
    migrated.run("import", "in.csv")

    listed, audited = migrated.run("promises"), migrated.run("promises", "--audit")

    # An import makes no round; serving does, and nothing serves here.
    assert (listed.returncode, listed.stdout) == (0, "No promises match.\n")
    found = "T1  next round: nothing will open it\nT1  next audit: nothing will begin it\n"
    assert (audited.returncode, audited.stdout) == (1, found)


def test_an_address_that_is_none_is_refused(migrated: Cli) -> None:
    migrated.settings["SLACK_SIGNING_SECRET"] = "secret"

    assert "--http: write HOST:PORT" in migrated.refused("serve", "--http", "3000")


@pytest.mark.parametrize(
    "command", [("serve",), ("migrate",), ("import", "in.csv"), ("promises",), ("doctor",)]
)
@pytest.mark.parametrize(
    ("database_url", "why"),
    [
        ("postgresql+psycopg://u:secret@127.0.0.1:1/d", "Connection refused"),
        ("sqlite:////nowhere/at/all/rollcall.db", "folder has to exist"),
    ],
)
def test_every_command_refuses_a_database_that_can_not_be_opened_in_a_sentence(
    cli: Cli, command: tuple[str, ...], database_url: str, why: str
) -> None:
    cli.settings["DATABASE_URL"] = database_url

    ended = cli.run(*command)

    said = ended.stdout + ended.stderr
    assert ended.returncode == 1, ended
    assert "DATABASE_URL: " in said
    assert why in said
    assert "secret" not in said
    assert "Traceback" not in said


def test_an_address_whose_port_is_no_number_is_refused(cli: Cli) -> None:
    cli.settings["DATABASE_URL"] = "postgresql+psycopg://u:secret@127.0.0.1:port/d"

    assert "DATABASE_URL: the port, after HOST:, has to be a number" in cli.refused("migrate")


def test_a_database_that_the_server_does_not_know_is_named(cli: Cli, postgres: Postgres) -> None:
    known = make_url(postgres.fresh_url())
    unknown = known.set(database="elsewhere", password="secret")
    cli.settings["DATABASE_URL"] = unknown.render_as_string(hide_password=False)

    said = cli.refused("migrate")

    assert "DATABASE_URL: the database can't be opened" in said
    assert "elsewhere" in said


def test_a_file_that_is_no_database_is_named(cli: Cli) -> None:
    (cli.folder / "rollcall.db").write_text("secret " * 100)

    assert "DATABASE_URL: the database is damaged" in cli.refused("migrate")


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("nowhere.yml", "No such file or directory"),
        (".", "Is a directory"),
        ("latin.yml", "it is not UTF-8 text"),
    ],
)
def test_a_policy_that_can_not_be_read_is_refused_by_its_name(
    cli: Cli, file: str, why: str
) -> None:
    (cli.folder / "latin.yml").write_bytes("Büro".encode("latin-1"))

    assert cli.refused("policy", file) == f"{file} can't be read: {why}.\n"


def test_a_policy_with_a_date_that_is_none_is_a_fault_of_the_policy(cli: Cli) -> None:
    (cli.folder / "policy.yml").write_text("call: 2026-13-01")

    assert "it has faults, so none of it is in force" in cli.refused("policy", "policy.yml")


def test_a_file_s_name_is_said_as_it_is_whatever_it_holds(cli: Cli) -> None:
    assert "a[/b].yml can't be read" in cli.refused("policy", "a[/b].yml")


def test_a_file_to_import_that_is_not_there_is_named(migrated: Cli) -> None:
    assert "nowhere.csv can't be read: No such" in migrated.refused("import", "nowhere.csv")


def test_settings_that_can_not_be_read_are_named(cli: Cli) -> None:
    (cli.folder / ".env").write_bytes(b"LOG_LEVEL=\xff")

    for command in ("migrate", "doctor"):
        assert ".env can't be read: it is not UTF-8 text" in cli.refused(command)


def test_slack_going_away_during_an_import_is_not_the_file_s_fault(migrated: Cli) -> None:
    (migrated.folder / "in.csv").write_text(HEADER + ROW.replace("U1,U1", "U1,lead@firm.example"))

    said = migrated.refused("import", "in.csv")

    assert "in.csv: nothing was imported" in said
    assert "Slack can't be reached (RemoteDisconnected)" in said
