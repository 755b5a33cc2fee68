"""The local workspace as its tests meet it: a server on the loopback, apps made of the SDK."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from sandbox.api import METHODS
from sandbox.app_transport import AppTransport
from sandbox.clock import SandboxClock
from sandbox.events import RETRY_AFTER_SECONDS
from sandbox.manifest import Manifest
from sandbox.page.routes import page_routes
from sandbox.rehearsal import NextDue
from sandbox.sandbox import Sandbox, build_sandbox
from sandbox.server import SandboxServer, listen, url_of
from sandbox.workspace import Channel, Json, User, Workspace
from tests.waiting import be_patient, wait_until

BOT, ANA, BEN, CLEO = "U0ROLLCALL", "U0ANA", "U0BEN", "U0CLEO"
OPEN, CLOSED, ELSEWHERE = "C0OPEN", "C0CLOSED", "C0ELSE"  # the bot is in the first alone
START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
SCOPES = sorted({scope for method in METHODS.values() for scope in method.scopes})
EVENTS = ["app_home_opened", "user_change", "message.channels", "message.im"]
SILENCE = "silence"  # what an app answers that acknowledges nothing


def a_workspace() -> Workspace:
    people = [
        User(ANA, "ana", "Ana Ruiz", email="ana@example.com", tz="Europe/Madrid"),
        User(BEN, "ben", "Ben Okafor", email="ben@example.com"),
        User(CLEO, "cleo", "Cleo Marsh", email="cleo@example.com"),
    ]
    places = [
        Channel(OPEN, "open", {BOT, ANA, BEN}),
        Channel(CLOSED, "closed", {ANA, BEN}, is_private=True),
        Channel(ELSEWHERE, "elsewhere", {ANA}),
    ]
    return Workspace(
        clock=SandboxClock(start_at=START),
        users={user.id: user for user in people},
        channels={channel.id: channel for channel in places},
    )


def a_manifest(
    scopes: list[str] | None = None,
    events: list[str] | None = None,
    shortcuts: Sequence[Json] = (),
) -> Manifest:
    return Manifest.model_validate(
        {
            "features": {
                "bot_user": {"display_name": "Rollcall"},
                "slash_commands": [{"command": "/ai-status", "description": "Updates"}],
                "shortcuts": list(shortcuts),
            },
            "oauth_config": {"scopes": {"bot": SCOPES if scopes is None else scopes}},
            "settings": {
                "event_subscriptions": {"bot_events": EVENTS if events is None else events}
            },
        }
    )


@dataclass(frozen=True)
class Stage:
    """A workspace that is served, and somebody to ask it things."""

    server: SandboxServer
    sandbox: Sandbox
    http: httpx.Client

    @property
    def workspace(self) -> Workspace:
        return self.sandbox.workspace

    def client(self, token: str = "xoxb-sandbox", **named: Any) -> WebClient:
        named = {"retry_handlers": []} | named
        return WebClient(token=token, base_url=f"{self.server.url}/api/", **named)

    def act(self, name: str, /, **given: object) -> Json:
        """Do something by the driver."""
        answer: Json = self.http.post(f"/driver/{name}", json=given).json()
        return answer

    def ask(self, name: str, **query: str) -> Json:
        """Ask the driver something."""
        answer: Json = self.http.get(f"/driver/{name}", params=query).json()
        return answer

    def trigger(self, user_id: str = ANA) -> str:
        """Return a trigger id, as if somebody had just done something."""
        issued: str = self.server.do(lambda: self.sandbox.tickets.issue_trigger(user_id))
        return issued


@contextmanager
def running(
    manifest: Manifest | None = None,
    *,
    next_due: NextDue = lambda: None,
    transport: AppTransport | None = None,
) -> Iterator[Stage]:
    """Serve a workspace of three people and three channels."""
    listening = listen()
    url = url_of(listening)
    sandbox = build_sandbox(
        a_workspace(), manifest or a_manifest(), url, next_due=next_due, transport=transport
    )
    with (
        SandboxServer(sandbox, listening, page_routes(sandbox, ANA)) as server,
        httpx.Client(base_url=url, trust_env=False) as http,
    ):
        yield Stage(server, sandbox, http)


@pytest.fixture(scope="module")
def shared_stage() -> Iterator[Stage]:
    with running() as stage:
        yield stage


@pytest.fixture
def stage(shared_stage: Stage) -> Stage:
    """A workspace in which nothing has happened; its server goes on from test to test."""
    shared_stage.server.do(lambda: _start_over(shared_stage.sandbox))
    return shared_stage


@pytest.fixture
def client(stage: Stage) -> WebClient:
    return stage.client()


def _start_over(sandbox: Sandbox) -> None:
    workspace, fresh = sandbox.workspace, a_workspace()
    workspace.users = fresh.users | {BOT: workspace.users[BOT]}
    workspace.channels = fresh.channels
    workspace.last_ts_micros = 0
    workspace.files.clear()
    workspace.user_groups.clear()
    workspace.has_user_groups = True
    workspace.clock.move_to(START)
    for held in (workspace.modals, workspace.homes, sandbox.faults.pending, sandbox.web_api.calls):
        held.clear()
    be_patient(sandbox)
    sandbox.events.retry_after_seconds = RETRY_AFTER_SECONDS


def refused(call: Callable[..., Any], *positional: Any, **named: Any) -> Json:
    """Return what the Web API refuses a call with."""
    with pytest.raises(SlackApiError) as refusal:
        call(*positional, **named)
    answer: Json = refusal.value.response.data
    return answer


class App:
    """An app on Socket Mode: the SDK's own client, which answers as it is told."""

    def __init__(self, stage: Stage) -> None:
        self.hellos: list[Json] = []
        self.requests: list[SocketModeRequest] = []
        self.answer: Callable[[SocketModeRequest], Json | str | None] = lambda request: None
        self.socket = SocketModeClient(
            app_token="xapp-sandbox", web_client=stage.client(), ping_interval=1
        )
        self.socket.message_listeners.append(self._hear)
        self.socket.socket_mode_request_listeners.append(self._take)
        self.socket.connect()
        wait_until(lambda: self.hellos)

    def of(self, kind: str) -> list[SocketModeRequest]:
        return [request for request in self.requests if request.type == kind]

    def give_up(self) -> None:
        """Connect no more."""
        self.socket.auto_reconnect_enabled = False
        self.socket.closed = True
        self.socket.enqueue_message("")  # else the SDK waits a second for another message

    def _hear(self, _: BaseSocketModeClient, message: Json, __: str | None = None) -> None:
        if message.get("type") == "hello":
            self.hellos.append(message)

    def _take(self, socket: BaseSocketModeClient, request: SocketModeRequest) -> None:
        self.requests.append(request)
        answer = self.answer(request)
        if answer != SILENCE:
            socket.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))


@contextmanager
def connecting(stage: Stage) -> Iterator[Callable[[], App]]:
    """Connect apps as often as the function is called, and end them all."""
    apps: list[App] = []

    def another() -> App:
        apps.append(App(stage))
        return apps[-1]

    yield another
    for app in apps:
        app.give_up()
    stage.act("sockets", drop=True)  # else the SDK closes only when it has read for three seconds
    wait_until(lambda: not any(app.socket.is_connected() for app in apps))
    for app in apps:
        app.socket.close()
    wait_until(lambda: not stage.sandbox.sockets.open)


@pytest.fixture
def connect(stage: Stage) -> Iterator[Callable[[], App]]:
    """Connect an app of the shared workspace, as often as it is called."""
    with connecting(stage) as another:
        yield another


@pytest.fixture
def fresh_app(connect: Callable[[], App]) -> App:
    return connect()


@pytest.fixture(scope="module")
def shared_app(shared_stage: Stage) -> Iterator[App]:
    with connecting(shared_stage) as another:
        yield another()


@pytest.fixture
def app(stage: Stage, shared_app: App) -> App:
    """An app that has heard nothing yet; its connection stays open from test to test."""
    shared_app.requests.clear()
    shared_app.answer = lambda request: None
    return shared_app


def a_field(block_id: str = "progress", action_id: str = "text", **facts: Any) -> Json:
    """Return a field to type in."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": "Progress"},
        "element": {"type": "plain_text_input", "action_id": action_id},
    } | facts


def a_window(*blocks: Json, title: str = "Update", **facts: Any) -> Json:
    """Return a modal; it has one field if nothing else is said."""
    return {
        "type": "modal",
        "callback_id": "update",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": list(blocks) or [a_field()],
    } | facts


def a_home(text: str = "Your initiatives") -> Json:
    """Return an App Home."""
    return {"type": "home", "blocks": [a_section(text)]}


def a_section(text: str = "Hello") -> Json:
    """Return a block of text."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def a_button(action_id: str = "open_form", value: str = "7") -> Json:
    """Return a row with one button."""
    text = {"type": "plain_text", "text": "File it"}
    element = {"type": "button", "action_id": action_id, "value": value, "text": text}
    return {"type": "actions", "block_id": "buttons", "elements": [element]}


def typed(text: str) -> Json:
    """Return what a field holds once somebody has typed in it."""
    return {"type": "plain_text_input", "value": text}
