"""Signed HTTP: what an app that listens on an address is posted."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import Clock, SignatureVerifier

from sandbox.http_events import ACK_SECONDS, HttpEvents
from sandbox.workspace import Json
from tests.sandbox.conftest import (
    ANA,
    OPEN,
    Stage,
    a_button,
    a_window,
    running,
    typed,
)
from tests.waiting import wait_until

SECRET = "a signing secret"


@dataclass
class Posted:
    """A request as the app received it."""

    body: str
    headers: dict[str, str]

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body).items()}

    def is_signed_with(self, secret: str, clock: Clock | None = None) -> bool:
        verifier = SignatureVerifier(secret, clock or Clock())
        return verifier.is_valid_request(self.body, self.headers)


@dataclass
class Listener:
    """An app behind a web server: it answers as it is told."""

    answer: tuple[int, str] = (200, "")
    posted: list[Posted] = field(default_factory=list)
    url: str = ""

    @contextmanager
    def listening(self) -> Iterator[None]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._endpoint())
        self.url = f"http://127.0.0.1:{server.server_address[1]}/slack/events"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield
        server.shutdown()
        thread.join()
        server.server_close()

    def _endpoint(self) -> type[BaseHTTPRequestHandler]:
        listener = self

        class Endpoint(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                listener.posted.append(Posted(body, dict(self.headers)))
                status, answer = listener.answer
                self.send_response(status)
                self.end_headers()
                self.wfile.write(answer.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Endpoint


@pytest.fixture(scope="module")
def shared_listener() -> Iterator[Listener]:
    listener = Listener()
    with listener.listening():
        yield listener


@pytest.fixture
def listener(shared_listener: Listener) -> Listener:
    shared_listener.posted.clear()
    shared_listener.answer = (200, "")
    return shared_listener


@pytest.fixture(scope="module")
def shared_stage(shared_listener: Listener) -> Iterator[Stage]:
    """A workspace whose app is reached over HTTP."""
    with running(transport=HttpEvents(shared_listener.url, SECRET)) as stage:
        yield stage


def type_command(stage: Stage) -> str:
    notice: str = stage.act("command", user=ANA, channel=OPEN, text="/ai-status show A & B")[
        "notice"
    ]
    return notice


def test_a_command_is_posted_as_a_form(listener: Listener, stage: Stage) -> None:
    notice = type_command(stage)

    [posted] = listener.posted
    assert notice == ""
    assert posted.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert posted.form["command"] == "/ai-status"
    assert posted.form["text"] == "show A & B"
    assert posted.form["user_id"] == ANA


def test_the_sdk_accepts_the_signature_by_the_secret_alone(
    listener: Listener, stage: Stage
) -> None:
    type_command(stage)

    [posted] = listener.posted
    assert posted.is_signed_with(SECRET)
    assert not posted.is_signed_with("another secret")


def test_a_body_that_was_touched_is_not_accepted(listener: Listener, stage: Stage) -> None:
    type_command(stage)

    touched = Posted(listener.posted[0].body + "&user_id=U0BEN", listener.posted[0].headers)

    assert not touched.is_signed_with(SECRET)


def test_a_signature_is_of_the_machines_time_also_in_a_rehearsal(
    listener: Listener, stage: Stage
) -> None:
    stage.act("clock", by_seconds=14 * 86_400)

    type_command(stage)

    assert listener.posted[0].is_signed_with(SECRET)


def test_an_answer_in_json_is_shown_to_the_sender(listener: Listener, stage: Stage) -> None:
    listener.answer = (200, json.dumps({"text": "Here"}))

    type_command(stage)

    [message] = stage.ask("messages", channel=OPEN)["messages"]
    assert (message["text"], message["ephemeral_to"]) == ("Here", ANA)


def test_an_answer_in_words_is_shown_to_the_sender(listener: Listener, stage: Stage) -> None:
    listener.answer = (200, "Here")

    type_command(stage)

    assert stage.ask("messages", channel=OPEN)["messages"][0]["text"] == "Here"


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_command_that_is_answered_with_an_error_has_failed_and_is_not_posted_again(
    listener: Listener, stage: Stage, status: int
) -> None:
    listener.answer = (status, "")

    notice = type_command(stage)

    assert notice == "/ai-status failed because the app did not respond. Please try again."
    assert len(listener.posted) == 1


def test_a_click_is_posted_as_json_in_a_form(listener: Listener, stage: Stage) -> None:
    ts = stage.client().chat_postMessage(channel=OPEN, text="Due", blocks=[a_button()])["ts"]

    stage.act(
        "press",
        user=ANA,
        channel=OPEN,
        ts=ts,
        block_id="buttons",
        action_id="open_form",
        facts={"type": "button", "value": "7"},
    )

    payload = json.loads(listener.posted[0].form["payload"])
    assert listener.posted[0].is_signed_with(SECRET)
    assert (payload["type"], payload["actions"][0]["value"]) == ("block_actions", "7")


def test_a_window_is_answered_in_the_body(listener: Listener, stage: Stage) -> None:
    opened: Json = stage.client().views_open(trigger_id=stage.trigger(), view=a_window())["view"]
    where = {"user": ANA, "view_id": opened["id"]}
    stage.act("fill", **where, block_id="progress", action_id="text", state=typed("Words"))
    errors = {"progress": "Too long to say."}
    listener.answer = (200, json.dumps({"response_action": "errors", "errors": errors}))

    [still_open] = stage.act("submit", **where)["views"]

    assert still_open["errors"] == errors


def test_an_event_is_posted_as_json_until_it_is_taken(listener: Listener, stage: Stage) -> None:
    stage.sandbox.events.retry_after_seconds = (0.0, 0.2, 0.2)
    listener.answer = (500, "")

    stage.act("home", user=ANA)
    wait_until(lambda: len(listener.posted) == 2)
    listener.answer = (200, "")
    wait_until(lambda: len(listener.posted) == 3)

    first, second, third = listener.posted
    assert first.headers["Content-Type"] == "application/json"
    assert json.loads(first.body)["event"]["type"] == "app_home_opened"
    assert json.loads(first.body)["event_id"] == json.loads(third.body)["event_id"]
    assert "X-Slack-Retry-Num" not in first.headers
    assert [one.headers["X-Slack-Retry-Num"] for one in (second, third)] == ["1", "2"]
    assert third.is_signed_with(SECRET)


def test_an_app_that_is_not_there_has_not_answered(stage: Stage) -> None:
    gone = Listener()
    with gone.listening():
        pass
    with running(transport=HttpEvents(gone.url, SECRET)) as other:
        notice = type_command(other)

    assert notice.startswith("/ai-status failed because the app did not respond.")


def test_slack_waits_three_seconds_for_an_answer() -> None:
    assert HttpEvents("http://127.0.0.1:1/", SECRET).ack_seconds == ACK_SECONDS == 3
