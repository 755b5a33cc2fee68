"""Socket Mode: the app's connections, and which of them an envelope goes to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from slack_sdk import WebClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as open_socket

from sandbox.socket_mode import ACK_SECONDS, MOST_SOCKETS, Sockets
from sandbox.tickets import Tickets
from tests.sandbox.conftest import ANA, OPEN, SILENCE, App, Stage
from tests.waiting import PATIENCE_SECONDS, wait_until

NO_ANSWER = "/ai-status failed because the app did not respond. Please try again."


def type_command(stage: Stage, text: str = "/ai-status help") -> str:
    """Type a command; return what its sender is told in the app's place."""
    notice: str = stage.act("command", user=ANA, channel=OPEN, text=text)["notice"]
    return notice


@pytest.fixture
def plain_sockets(stage: Stage) -> Iterator[ExitStack]:
    """Where plain connections are kept open until the test ends."""
    with ExitStack() as kept:
        yield kept
    wait_until(lambda: not stage.sandbox.sockets.open)


def a_plain_socket(client: WebClient, kept: ExitStack) -> ClientConnection:
    url = client.apps_connections_open(app_token="xapp-sandbox")["url"]
    return kept.enter_context(open_socket(url, proxy=None))


def test_a_connection_begins_with_hello(fresh_app: App) -> None:
    [hello] = fresh_app.hellos

    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": "A0ROLLCALL"}


def test_slack_waits_three_seconds_for_an_acknowledgement(stage: Stage) -> None:
    assert Sockets(Tickets(), "A1").ack_seconds == ACK_SECONDS == 3


def test_each_envelope_goes_to_one_of_two_connections(
    connect: Callable[[], App], stage: Stage
) -> None:
    one, other = connect(), connect()

    for number in range(4):
        assert type_command(stage, f"/ai-status {number}") == ""

    assert other.hellos[0]["num_connections"] == 2
    assert len(one.requests) == len(other.requests) == 2
    texts = {request.payload["text"] for request in one.requests + other.requests}
    assert texts == {"0", "1", "2", "3"}


def test_an_app_has_ten_connections_at_most(
    client: WebClient, plain_sockets: ExitStack, stage: Stage
) -> None:
    for number in range(MOST_SOCKETS):
        hello = json.loads(a_plain_socket(client, plain_sockets).recv(timeout=PATIENCE_SECONDS))
        assert hello["num_connections"] == number + 1

    refusal = json.loads(a_plain_socket(client, plain_sockets).recv(timeout=PATIENCE_SECONDS))

    assert refusal == {"type": "disconnect", "reason": "too_many_websockets"}
    assert len(stage.ask("state")["sockets"]) == MOST_SOCKETS


def test_an_address_opens_one_connection(client: WebClient, plain_sockets: ExitStack) -> None:
    url = client.apps_connections_open(app_token="xapp-sandbox")["url"]
    plain_sockets.enter_context(open_socket(url, proxy=None))

    with pytest.raises(InvalidStatus), open_socket(url, proxy=None):
        pass


def test_a_made_up_address_opens_none(stage: Stage) -> None:
    url = stage.server.url.replace("http://", "ws://") + "/link/?ticket=made-up"

    with pytest.raises(InvalidStatus), open_socket(url, proxy=None):
        pass


def test_what_is_no_acknowledgement_is_passed_over(
    client: WebClient, plain_sockets: ExitStack, stage: Stage
) -> None:
    socket = a_plain_socket(client, plain_sockets)
    for nonsense in ("not json", "[]", "{}", '{"envelope_id": {}}', '{"envelope_id": "other"}'):
        socket.send(nonsense)

    stage.sandbox.sockets.ack_seconds = 0.1
    notice = type_command(stage)

    assert notice == NO_ANSWER
    assert len(stage.sandbox.sockets.open) == 1


def test_a_command_that_is_not_acknowledged_is_not_delivered_again(
    connect: Callable[[], App], stage: Stage
) -> None:
    app = connect()
    app.answer = lambda request: SILENCE
    stage.sandbox.sockets.ack_seconds = 0.1

    notice = type_command(stage, "/ai-status first")
    app.answer = lambda request: None
    stage.sandbox.sockets.ack_seconds = PATIENCE_SECONDS
    type_command(stage, "/ai-status second")

    assert notice == NO_ANSWER
    wait_until(lambda: len(app.requests) == 2)
    assert [request.payload["text"] for request in app.requests] == ["first", "second"]


def test_what_a_connection_took_with_it_when_it_ended_is_not_waited_for(
    client: WebClient, plain_sockets: ExitStack, stage: Stage
) -> None:
    socket = a_plain_socket(client, plain_sockets)
    stage.sandbox.sockets.closed_seconds = 0.1

    def take_it_along() -> None:
        socket.recv()  # hello
        socket.recv()  # the command
        socket.close()

    taking = threading.Thread(target=take_it_along)
    taking.start()
    notice = type_command(stage)
    taking.join()

    assert stage.sandbox.sockets.ack_seconds == PATIENCE_SECONDS
    assert notice == NO_ANSWER


def test_with_no_connection_a_command_is_lost_at_once(stage: Stage) -> None:
    assert type_command(stage) == NO_ANSWER


def test_a_dropped_connection_is_opened_again(fresh_app: App, stage: Stage) -> None:
    stage.act("sockets", drop=True)

    wait_until(lambda: len(fresh_app.hellos) == 2)
    assert type_command(stage) == ""
    assert [request.payload["text"] for request in fresh_app.requests] == ["help"]


def test_an_app_that_is_asked_to_connects_again(fresh_app: App, stage: Stage) -> None:
    stage.act("sockets", refresh=True)

    wait_until(lambda: len(fresh_app.hellos) == 2)
    assert type_command(stage) == ""
    assert [request.payload["text"] for request in fresh_app.requests] == ["help"]
    assert stage.ask("state")["sockets"][-1]["envelopes"] == 1  # the new one has it


def test_connections_are_counted_with_what_they_were_handed(fresh_app: App, stage: Stage) -> None:
    type_command(stage)

    [socket] = stage.ask("state")["sockets"]

    assert socket["envelopes"] == 1
