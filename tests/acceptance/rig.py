"""A company of three in a local workspace, and the real bot in a process of its own."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import httpx
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot.people import look_up
from bot.services import build_services
from sandbox.app_transport import AppTransport
from sandbox.clock import SandboxClock
from sandbox.manifest import read_manifest
from sandbox.sandbox import Sandbox, build_sandbox
from sandbox.server import SandboxServer, listen, url_of
from sandbox.web_api import APP_TOKEN, BOT_TOKEN
from sandbox.workspace import Channel, User, Workspace
from storage.engine import connect
from tests.cli import Running, run_to_its_end
from tests.factories import COORDINATION, a_policy
from tests.waiting import PATIENCE_SECONDS, be_patient, wait_until
from workflows.due import next_due_at
from workflows.heartbeat import last_sweep
from workflows.importing import find_people, import_rows, read_rows
from workflows.services import Actor, Services

ROOT = Path(__file__).parents[2]
SECRET = "a-signing-secret"
LEAD, DEPUTY, HEAD = "U0LEAD", "U0DEPUTY", "U0HEAD"
INITIATIVES = """key,name,department,department_leads,lead,deputies,stage
FIN-01,Forecast,Finance,head@firm.example,lead@firm.example,deputy@firm.example,pilot
FIN-02,Invoices,Finance,head@firm.example,deputy@firm.example,,pilot
"""

A_MINUTE = timedelta(seconds=61)  # after it, what nobody answered for is looked for again

Json = dict[str, Any]


def a_workspace(clock: SandboxClock) -> Workspace:
    people = [
        User(LEAD, "lead", "Lena Ortiz", email="lead@firm.example", tz="America/New_York"),
        User(DEPUTY, "deputy", "Dev Anand", email="deputy@firm.example", tz="Asia/Kolkata"),
        User(HEAD, "head", "Heda Moor", email="head@firm.example", tz="Europe/Berlin"),
    ]
    workspace = Workspace(clock=clock, users={person.id: person for person in people})
    members = {*workspace.users, workspace.bot_user_id}
    workspace.channels[COORDINATION] = Channel(COORDINATION, "ai-coordination", members)
    return workspace


@dataclass
class Rig:
    """The workspace's server, the bot's settings, and what a person can do."""

    folder: Path
    database_url: str
    sandbox: Sandbox
    server: SandboxServer
    engine: Engine
    bots: list[Running] = field(default_factory=list)
    initiatives: str = INITIATIVES  # as CSV
    looked_at: set[tuple[str, str]] = field(default_factory=set)  # channel and ts
    expected_errors: set[str] = field(default_factory=set)  # events in the log
    settings: dict[str, str] = field(default_factory=dict)  # of the bot, beside the usual ones
    is_measured: bool = True  # whether the bots' lines count as covered; it makes them slow

    def run(self, *arguments: str) -> CompletedProcess[str]:
        """Run a command of `rollcall` to its end."""
        return run_to_its_end(ROOT, self._environment(), *arguments)

    def start_bot(self, *arguments: str) -> Running:
        """Start `rollcall serve`; its log goes to a file."""
        bot = Running(
            ("serve", *arguments),
            self._environment(),
            self.folder / "bot.log",
            is_measured=self.is_measured,
        )
        self.bots.append(bot)
        return bot

    def start_on_socket(self) -> Running:
        """Start the bot and wait until it is connected."""
        bot = self.start_bot()
        wait_until(lambda: self.open_sockets() or bot.poll() is not None)
        assert bot.poll() is None, self.log
        return bot

    def import_company(self) -> None:
        """Take the initiatives and their people in, as `rollcall import` does."""
        client = WebClient(token=BOT_TOKEN, base_url=f"{self.server.url}/api/")
        rows = read_rows(self.initiatives.encode())
        found = find_people(rows, lambda reference: look_up(client, reference))
        actor = Actor(self.sandbox.workspace.team_id, "test")
        import_rows(self.services, actor, rows, found)

    @property
    def log(self) -> str:
        """Return what every bot of this rig has logged."""
        file = self.folder / "bot.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def do(self, act: str, **given: Any) -> Json:
        """Do something as a person would."""
        answer = httpx.post(f"{self.server.url}/driver/{act}", json=given, timeout=PATIENCE_SECONDS)
        assert answer.status_code == 200, answer.text
        done: Json = answer.json()
        return done

    def ask(self, question: str, **given: str) -> Json:
        """Look at the workspace."""
        answered: Json = httpx.get(
            f"{self.server.url}/driver/{question}", params=given, timeout=PATIENCE_SECONDS
        ).json()
        if question == "messages":
            self.looked_at.update((given["channel"], one["ts"]) for one in answered["messages"])
        return answered

    def open_sockets(self) -> int:
        """Count the bot's sockets."""
        return len(self.ask("state")["sockets"])

    def texts(self, channel_id: str) -> list[str]:
        """Return what the bot said in a place, as the notification on a phone shows it."""
        return [message["text"] for message in self.ask("messages", channel=channel_id)["messages"]]

    def top_view(self, user_id: str) -> Json | None:
        """Return the window on somebody's screen."""
        views = self.ask("views", user=user_id)["views"]
        return views[-1] if views else None

    def open_form(self, user_id: str, text: str = "/ai-status") -> Json:
        """Open the update form by the command and return it."""
        self.do("command", user=user_id, channel=COORDINATION, text=text)
        form = self.top_view(user_id)
        assert form is not None, self.log
        return form

    def fill(self, user_id: str, form: Json, **texts: str) -> None:
        """Type into the form's fields."""
        for block in form["blocks"]:
            if block["type"] == "input" and (typed := texts.get(block["block_id"])) is not None:
                element = block["element"]
                self.do(
                    "fill",
                    user=user_id,
                    view_id=form["id"],
                    block_id=block["block_id"],
                    action_id=element["action_id"],
                    state={"type": element["type"], "value": typed},
                )

    def choose_on_track(self, user_id: str, form: Json) -> None:
        """Choose the first of the form's confidences."""
        block = next(one for one in form["blocks"] if one.get("block_id") == "confidence")
        element = block["element"]
        self.do(
            "fill",
            user=user_id,
            view_id=form["id"],
            block_id="confidence",
            action_id=element["action_id"],
            state={"type": element["type"], "selected_option": element["options"][0]},
        )

    def move_clock_to(self, instant: datetime) -> None:
        """Let time pass until an instant, with all that falls due on the way."""
        by = instant - self.sandbox.workspace.clock.now()
        assert self.do("clock", by_seconds=by.total_seconds())["kept_up"], self.log

    def check_silence(self) -> None:
        """Let three more sweeps go by, and find no message that no test has looked at.

        Nor may there be an error in the log that the test doesn't expect.
        """
        if any(bot.poll() is None for bot in self.bots) and self.open_sockets():
            for _ in range(3):
                self.sweep_once_more()
        channels = self.sandbox.workspace.channels
        said = {(c.id, m.ts): m.text for c in channels.values() for m in c.messages if m.metadata}
        unexpected = [text for name, text in said.items() if name not in self.looked_at]
        assert not unexpected, f"messages that nobody expected: {unexpected[:5]}"
        errors = [line for line in self.log.splitlines() if "[error" in line]
        surprising = [e for e in errors if not any(known in e for known in self.expected_errors)]
        assert not surprising, f"errors in the log: {surprising[:5]}"

    def sweep_once_more(self) -> None:
        """Let a minute pass, and wait until a sweep and a delivery have gone through in it."""
        self.sandbox.workspace.clock.move_to(self.sandbox.workspace.clock.now() + A_MINUTE)
        now = self.sandbox.workspace.clock.now()
        wait_until(lambda: (beat := last_sweep(self.services)) and beat.beat_at >= now)
        wait_until(lambda: (due := next_due_at(self.services)) is None or due > now)

    @property
    def team_id(self) -> str:
        """Return the workspace's id."""
        return self.sandbox.workspace.team_id

    def stop(self) -> None:
        """End every bot that still runs."""
        for bot in self.bots:
            if bot.poll() is None:
                bot.kill()
            bot.wait()
        self.engine.dispose()

    @property
    def services(self) -> Services:
        """Return the bot's database, on the workspace's clock."""
        now = self.sandbox.workspace.clock.now
        return build_services(self.engine, now)

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{self.server.url}/api/",
            "DATABASE_URL": self.database_url,
            "POLICY_FILE": str(self.folder / "policy.yml"),
            "CLOCK_FILE": str(self.folder / "clock.json"),
            **self.settings,
        }


def build_rig(
    folder: Path,
    database_url: str,
    present: datetime,
    transport: AppTransport | None = None,
    company: Callable[[SandboxClock], Workspace] = a_workspace,
) -> tuple[Rig, SandboxServer]:
    """Put a rig together; the server is not started yet."""
    (folder / "policy.yml").write_text(a_policy(), encoding="utf-8")
    (folder / "initiatives.csv").write_text(INITIATIVES, encoding="utf-8")
    workspace = company(SandboxClock(folder / "clock.json", start_at=present))
    engine = connect(database_url)
    services = build_services(engine, workspace.clock.now)
    listening = listen()
    sandbox = build_sandbox(
        workspace,
        read_manifest(ROOT / "manifest.yml"),
        url_of(listening),
        next_due=lambda: next_due_at(services),
        transport=transport,
    )
    be_patient(sandbox)
    server = SandboxServer(sandbox, listening)
    rig = Rig(folder, database_url, sandbox, server, engine)
    # On PostgreSQL the same lines run; measured, a bot starts in twice the time.
    rig.is_measured = database_url.startswith("sqlite")
    return rig, server
