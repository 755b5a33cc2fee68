"""`rollcall doctor`: what it finds in a workspace that is served, and what it judges by."""

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli.examination import examine, policy_channels
from bot.cli.judgement import Answer, Check, channel_check, clock_check, scopes_check
from bot.clock import utc_now
from bot.services import build_services
from bot.settings import Settings
from sandbox.clock import SandboxClock
from sandbox.faults import Fault, FaultKind
from sandbox.manifest import Manifest, read_manifest
from sandbox.sandbox import Sandbox, build_sandbox
from sandbox.server import SandboxServer, listen, url_of
from sandbox.web_api import APP_TOKEN, BOT_TOKEN
from sandbox.workspace import Channel
from storage.engine import connect
from storage.schema import migrate_down
from tests.acceptance.rig import ROOT, a_workspace
from tests.cli import Cli
from tests.conftest import Postgres
from tests.factories import (
    COORDINATION,
    TEAM,
    a_person,
    a_policy,
    an_initiative,
    settle_in,
)
from workflows import policies
from workflows.policy_document import Channels

START = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHECKS = [
    "settings",
    "policy",
    "bot token",
    "app token",
    "scopes",
    "channel coordination",
    "database",
    "migrations",
    "clock",
]
NOT_CHECKED = "not checked: "


@dataclass(frozen=True)
class Office:
    """A workspace that is served, and a machine on which all is well until a test changes it."""

    cli: Cli
    sandbox: Sandbox
    server: SandboxServer

    def diagnose(self, **faults: str) -> dict[str, Check]:
        """Examine without starting a process."""
        settings = Settings.model_validate({k.lower(): v for k, v in self.cli.settings.items()})
        return {check.name: check for check in examine(settings, faults)}

    def ill(self, **faults: str) -> dict[str, Check]:
        """Return the checks that are not well."""
        found = self.diagnose(**faults)
        return {name: check for name, check in found.items() if not check.ok}

    @property
    def channel(self) -> Channel:
        return self.sandbox.workspace.channels[COORDINATION]

    def do(self, work: Callable[[], object]) -> None:
        self.server.do(work)


@contextmanager
def an_office(folder: Path, manifest: Manifest) -> Iterator[Office]:
    listening = listen()
    workspace = a_workspace(SandboxClock(folder / "clock.json", start_at=START))
    sandbox = build_sandbox(workspace, manifest, url_of(listening))
    with SandboxServer(sandbox, listening) as server:
        cli = Cli(folder, f"{server.url}/api/")
        tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
        cli.settings |= tokens | {"CLOCK_FILE": str(folder / "clock.json")}
        yield Office(cli, sandbox, server)


@pytest.fixture
def manifest() -> Manifest:
    return read_manifest(ROOT / "manifest.yml")


@pytest.fixture
def office(tmp_path: Path, manifest: Manifest, sqlite_template: Path) -> Iterator[Office]:
    (tmp_path / "rollcall.db").write_bytes(sqlite_template.read_bytes())
    with an_office(tmp_path, manifest) as office:
        yield office


def test_where_all_is_well_every_check_says_so_and_it_ends_with_0(office: Office) -> None:
    ended = office.cli.run("doctor")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert [line.split("  ")[1].strip() for line in marks(ended.stdout, "✓")] == CHECKS
    assert not marks(ended.stdout, "✗")


def test_where_nothing_is_well_every_check_is_made_and_it_ends_with_1(office: Office) -> None:
    office.cli.settings = {
        "SLACK_APP_TOKEN": "secret",
        "SLACK_API_URL": "http://127.0.0.1:1/api/",
        "DATABASE_URL": "postgresql+psycopg://rollcall:secret@127.0.0.1:1/rollcall",
        "POLICY_FILE": "nowhere.yml",
    }

    ended = office.cli.run("doctor")

    assert (ended.returncode, ended.stderr) == (1, "")
    assert "secret" not in ended.stdout
    assert "SLACK_BOT_TOKEN: is not set → " in ended.stdout
    assert "SLACK_APP_TOKEN: has to begin with xapp- → " in ended.stdout
    assert "POLICY_FILE: can't be read (No such file or directory) → " in ended.stdout
    assert "Connection refused" in ended.stdout
    assert len(marks(ended.stdout, "✗")) == 10  # each of them, and settings twice
    assert not marks(ended.stdout, "✓")


def test_a_failure_is_said_in_its_line_with_what_helps(office: Office) -> None:
    office.do(lambda: office.channel.members.remove("U0ROLLCALL"))

    ended = office.cli.run("doctor")

    assert (ended.returncode, ended.stderr) == (1, "")
    (line,) = marks(ended.stdout, "✗")
    assert f"the bot is not in {COORDINATION} → in that channel: /invite @Rollcall" in line


def test_examining_changes_nothing_in_the_workspace_and_opens_no_socket(office: Office) -> None:
    office.diagnose()

    calls = [call.method for call in office.sandbox.web_api.calls]
    assert calls == ["auth.test", "apps.connections.open", "conversations.history"]
    assert not office.sandbox.sockets.open
    assert not office.channel.messages


def test_without_slack_s_address_no_token_is_sent_anywhere(office: Office) -> None:
    ill = office.ill(SLACK_API_URL="write an address")

    assert not office.sandbox.web_api.calls
    assert ill["settings"].said == "SLACK_API_URL: write an address"
    for name in ("bot token", "app token", "scopes", "channels", "clock"):
        assert ill[name].said.startswith(NOT_CHECKED)


def put_in_force(office: Office, policy: str) -> None:
    engine = connect(office.cli.settings["DATABASE_URL"])
    policies.adopt(build_services(engine, utc_now), TEAM, "Tests", policy)
    engine.dispose()


def test_a_policy_in_force_that_is_that_of_the_file_is_well(office: Office) -> None:
    put_in_force(office, "# ours\n" + a_policy())

    assert office.diagnose()["policy in force"] == Check(
        "policy in force", True, "that of POLICY_FILE"
    )


def test_a_file_that_differs_from_the_policy_in_force_is_warned_of_and_keeps_nothing_from_serving(
    office: Office,
) -> None:
    put_in_force(office, a_policy(update={"words": 100}))

    ended = office.cli.run("doctor")

    assert (ended.returncode, ended.stderr) == (0, "")
    (line,) = marks(ended.stdout, "!")
    assert "POLICY_FILE: it differs from the policy in force → run: rollcall policy diff" in line


def test_what_a_policy_s_levels_lack_is_warned_of(office: Office) -> None:
    policy = a_policy(features=["escalations"], people={"programme_manager": "U0MAX"})
    (office.cli.folder / "policy.yml").write_text(policy, encoding="utf-8")
    put_in_force(office, policy)
    engine = connect(office.cli.settings["DATABASE_URL"])
    settle_in(
        build_services(engine, utc_now),
        an_initiative(),
        persons=[a_person("U0MAX", name="Max", deactivated=True)],
    )
    engine.dispose()

    ended = office.cli.run("doctor")

    warned = " ".join(marks(ended.stdout, "!"))
    assert ended.returncode == 0
    assert "levels.coe: escalations are on, and nobody holds the CoE → name people" in warned
    assert "levels.coe.fallback: nobody stands in" in warned
    assert "people.programme_manager: Max has left → name somebody else" in warned
    assert "levels.steering.executives: no executive for Finance" in warned


def test_a_policy_with_faults_is_told_with_its_lines_and_no_channel_is_looked_for(
    office: Office,
) -> None:
    (office.cli.folder / "policy.yml").write_text(a_policy(update={"minutes": -1}))

    ill = office.ill()

    assert list(ill) == ["policy", "channels"]
    assert "update.minutes" in ill["policy"].said
    assert "rollcall policy" in ill["policy"].advice
    assert ill["channels"].said.startswith(NOT_CHECKED)


@pytest.mark.parametrize("content", [b"\xff\xfe\xff", None])
def test_a_policy_that_can_not_be_read_is_told(office: Office, content: bytes | None) -> None:
    file = office.cli.folder / "policy.yml"
    file.unlink()
    file.mkdir() if content is None else file.write_bytes(content)

    said = office.ill()["policy"].said

    why = "Is a directory" if content is None else "it is not UTF-8 text"
    assert said == f"POLICY_FILE: can't be read ({why})"


def test_a_bot_token_that_slack_refuses_is_told_and_the_clock_is_still_compared(
    office: Office,
) -> None:
    office.cli.settings["SLACK_BOT_TOKEN"] = "xoxb-secret"

    ill = office.ill()

    assert list(ill) == ["bot token", "scopes", "channels"]
    assert ill["bot token"].said == "Slack refuses (invalid_auth)"
    assert "SLACK_BOT_TOKEN" in ill["bot token"].advice


def test_an_app_token_that_slack_refuses_is_told(office: Office) -> None:
    office.cli.settings["SLACK_APP_TOKEN"] = "xapp-secret"

    ill = office.ill()

    assert list(ill) == ["app token"]
    assert ill["app token"].said == "Slack refuses (invalid_auth)"
    assert "connections:write" in ill["app token"].advice


def test_an_app_token_may_be_missing_where_requests_are_signed(office: Office) -> None:
    del office.cli.settings["SLACK_APP_TOKEN"]

    assert list(office.ill()) == ["app token"]

    office.cli.settings["SLACK_SIGNING_SECRET"] = "secret"

    assert not office.ill()


def test_slack_in_trouble_is_no_reason_to_change_a_token(office: Office) -> None:
    fault = Fault("auth.test", FaultKind.RATE_LIMITED)
    office.do(lambda: office.sandbox.faults.pending.append(fault))

    ill = office.ill()

    assert ill["bot token"].said == "Slack refuses (ratelimited)"
    assert ill["bot token"].advice == "try again in a minute"


def test_a_scope_that_is_missing_is_named(tmp_path: Path, manifest: Manifest) -> None:
    manifest.scopes.remove("users:read.email")
    with an_office(tmp_path, manifest) as office:
        check = office.ill()["scopes"]

    assert check.said == "missing: users:read.email"
    assert check.advice.startswith("reinstall the app from manifest.yml")


def test_a_channel_that_no_scope_opens_is_told(tmp_path: Path, manifest: Manifest) -> None:
    manifest.scopes.remove("channels:history")
    with an_office(tmp_path, manifest) as office:
        check = office.ill()["channel coordination"]

    assert check.said == f"{COORDINATION} can't be read: a scope is missing"


def test_scopes_beyond_the_manifest_are_named_and_do_no_harm(
    tmp_path: Path, manifest: Manifest
) -> None:
    manifest.scopes.append("reactions:read")
    with an_office(tmp_path, manifest) as office:
        check = office.diagnose()["scopes"]

    assert check == Check("scopes", True, "complete; not needed: reactions:read")


def test_a_channel_that_does_not_exist_is_told(office: Office) -> None:
    policy = a_policy(channels={"coordination": "C0NOWHERE99"})
    (office.cli.folder / "policy.yml").write_text(policy)

    check = office.ill()["channel coordination"]

    assert "C0NOWHERE99 does not exist, or is private and without the bot" in check.said
    assert "channels.coordination" in check.advice


def test_a_private_channel_without_the_bot_is_told_as_slack_tells_it(office: Office) -> None:
    def close() -> None:
        office.channel.is_private = True
        office.channel.members.remove("U0ROLLCALL")

    office.do(close)

    assert "private and without the bot" in office.ill()["channel coordination"].said


def test_the_example_s_channel_is_told_as_such_and_not_asked_for(office: Office) -> None:
    policy = a_policy(channels={"coordination": "C0000000000"})
    (office.cli.folder / "policy.yml").write_text(policy)

    ill = office.ill()

    assert list(ill) == ["policy", "channels"]
    assert ill["policy"].said == "channels.coordination: still the example's id"
    assert "Open channel details" in ill["policy"].advice


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-", "holds nothing after xoxb-"),
        ("SLACK_APP_TOKEN", "xapp-…", "holds a character that no token has"),
        ("SLACK_SIGNING_SECRET", "se…cret", "holds a character that no token has"),
        ("SLACK_API_URL", "slack.com", "write an address such as https://slack.com/api/"),
        ("DATABASE_URL", "mysql://secret", "write sqlite:///FILE or postgresql+psycopg://"),
        ("HEALTH_ADDRESS", "9090", "write HOST:PORT, such as 127.0.0.1:9090"),
        ("HEALTH_ADDRESS", "127.0.0.1:99999", "the port has to be a whole number from 1 to 65535"),
        ("HEARTBEAT_URL", "hc-ping.example", "write an address such as https://"),
        ("LOG_LEVEL", "loud", "write DEBUG, INFO, WARNING or ERROR"),
        ("LOG_FORMAT", "xml", "write console or json"),
    ],
)
def test_the_form_of_every_variable_is_looked_at(
    office: Office, name: str, value: str, said: str
) -> None:
    office.cli.settings[name] = value

    ended = office.cli.run("doctor")

    assert (ended.returncode, ended.stderr) == (1, "")
    assert f"{name}: {said}" in " ".join(ended.stdout.split())
    assert "secret" not in ended.stdout


def test_a_database_that_is_not_there_yet_is_told_and_not_made(office: Office) -> None:
    file = office.cli.folder / "rollcall.db"
    file.unlink()

    ill = office.ill()

    assert list(ill) == ["database", "migrations"]
    assert ill["database"].advice == "run: rollcall migrate"
    assert not file.exists()


def test_a_database_that_can_not_be_opened_is_told(office: Office) -> None:
    office.cli.settings["DATABASE_URL"] = f"sqlite:///{office.cli.folder}/nowhere/rollcall.db"

    ill = office.ill()

    assert list(ill) == ["database", "migrations"]
    assert ill["database"].said.startswith("DATABASE_URL: can't be opened (")
    assert ill["migrations"].said.startswith(NOT_CHECKED)


@pytest.mark.parametrize(
    ("moved", "advice"),
    [(migrate_down, "run: rollcall migrate"), (None, "git pull && make setup")],
)
def test_a_database_of_another_rollcall_is_told(
    office: Office, moved: Callable[..., None] | None, advice: str
) -> None:
    engine = connect(office.cli.settings["DATABASE_URL"])
    if moved:
        moved(engine)
    else:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    ill = office.ill()

    assert list(ill) == ["migrations"]
    assert advice in ill["migrations"].advice


def test_a_database_whose_revision_can_not_be_read_is_told(office: Office) -> None:
    engine = connect(office.cli.settings["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE alembic_version RENAME version_num TO lost"))
    engine.dispose()

    ill = office.ill()

    assert list(ill) == ["migrations"]
    assert ill["migrations"].said == "can't be read (OperationalError)"


def test_on_postgresql_all_is_well_too(office: Office, postgres: Postgres) -> None:
    office.cli.settings["DATABASE_URL"] = postgres.fresh_url()

    assert not office.ill()
    assert office.diagnose()["database"].said == "it opens (postgresql)"


def test_a_machine_whose_clock_is_off_is_told_by_how_much(office: Office) -> None:
    del office.cli.settings["CLOCK_FILE"]  # the workspace is in November 2026
    off = round(abs((office.sandbox.workspace.clock.offset).total_seconds()))

    ill = office.ill()

    assert list(ill) == ["clock"]
    seconds = int(ill["clock"].said.split()[0])
    assert abs(seconds - off) <= 5
    assert ill["clock"].advice == "turn on time synchronisation (NTP)"


@pytest.mark.parametrize("written", ["", "{}", "[]", '{"offset_seconds": "x"}'])
def test_a_clock_file_that_holds_no_clock_is_told(office: Office, written: str) -> None:
    file = office.cli.folder / "mine.json"
    file.write_text(written)
    office.cli.settings["CLOCK_FILE"] = str(file)

    assert office.ill()["clock"].said == "CLOCK_FILE: holds no clock"


@pytest.mark.parametrize("body", [b"<html>Hello</html>", b"[1]", b"null", b"\xff\xfe", b""])
def test_what_answers_and_is_no_slack_is_told(office: Office, body: bytes) -> None:
    with another_server(body) as url:
        office.cli.settings["SLACK_API_URL"] = url

        ill = office.ill()

    assert list(ill) == ["bot token", "app token", "scopes", "channels", "clock"]
    assert ill["bot token"].said.startswith("Slack can't be reached (")
    assert "SLACK_API_URL" in ill["bot token"].advice


@pytest.mark.parametrize("seconds", [-60, -59, 0, 59, 60])
def test_a_minute_off_is_well(seconds: int) -> None:
    assert clock_check(dated(NOON), NOON + timedelta(seconds=seconds)).ok


@pytest.mark.parametrize(
    ("seconds", "said"), [(61, "61 seconds ahead of Slack's"), (-61, "61 seconds behind Slack's")]
)
def test_more_than_a_minute_off_is_not(seconds: int, said: str) -> None:
    check = clock_check(dated(NOON), NOON + timedelta(seconds=seconds))

    assert (check.ok, check.said) == (False, said)


@pytest.mark.parametrize("headers", [{}, {"date": "yesterday"}])
def test_an_answer_without_a_date_compares_no_clock(headers: dict[str, str]) -> None:
    assert clock_check(Answer(headers=headers), NOON).said.startswith(NOT_CHECKED)


def test_an_answer_without_scopes_compares_none() -> None:
    assert scopes_check(Answer(), frozenset({"commands"})).said.startswith(NOT_CHECKED)


def test_no_scope_at_all_is_every_scope_missing() -> None:
    check = scopes_check(Answer(headers={"x-oauth-scopes": ""}), frozenset({"b", "a"}))

    assert (check.ok, check.said) == (False, "missing: a, b")


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("is_archived", "unarchive it"),
        ("missing_scope", "reinstall the app"),
        ("ratelimited", "try again in a minute"),
        ("team_access_not_granted", "see that channels.coordination"),
    ],
)
def test_every_refusal_of_a_channel_comes_with_what_helps(error: str, advice: str) -> None:
    check = channel_check("coordination", COORDINATION, Answer(error=error))

    assert not check.ok
    assert check.advice.startswith(advice)


def test_every_channel_that_the_policy_names_is_looked_for() -> None:
    class Wider(Channels):
        escalation: str | None = None
        more: tuple[str, ...] = ()

    channels = Wider(coordination=COORDINATION, more=("C1", "C2"))

    found = list(policy_channels(channels))
    assert found == [("coordination", COORDINATION), ("more", "C1"), ("more", "C2")]


def marks(printed: str, mark: str) -> list[str]:
    return [line for line in printed.splitlines() if line.lstrip().startswith(mark)]


def dated(instant: datetime) -> Answer:
    return Answer(headers={"date": format_datetime(instant, usegmt=True)})


def another_server(body: bytes) -> AbstractContextManager[str]:
    """Serve the same few bytes to everybody."""

    class Same(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response_only(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    @contextmanager
    def serving() -> Iterator[str]:
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Same) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield f"http://127.0.0.1:{server.server_address[1]}/api/"
            server.shutdown()
            thread.join()

    return serving()
