"""A socket that goes deaf without an error is opened again, and each can be closed for good."""

import base64
import hashlib
import json
import queue
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient

from bot.receiving.sockets import (
    DEAF_AFTER_SECONDS,
    LOOK_EVERY_SECONDS,
    SocketWatch,
    close_for_good,
)
from tests.fakes import Seconds
from tests.waiting import PATIENCE_SECONDS, wait_until

DEAF_AFTER = 60.0
_HANDSHAKE = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455


class DeafSlack:
    """Opens sockets as Slack does, and then says nothing and answers no ping."""

    def __init__(self) -> None:
        self.opened: queue.Queue[socket.socket] = queue.Queue()
        self._connections: list[socket.socket] = []
        self.asked, self.refuses = 0, False  # for the address of a socket
        self._listening = socket.create_server(("127.0.0.1", 0))
        url = f"ws://127.0.0.1:{self._listening.getsockname()[1]}/"

        slack = self

        class Opening(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                slack.asked += 1
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(
                    json.dumps({"ok": not slack.refuses, "url": url, "error": "x"}).encode()
                )

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._web = HTTPServer(("127.0.0.1", 0), Opening)
        self.api_url = f"http://127.0.0.1:{self._web.server_port}/api/"
        self._threads = [
            threading.Thread(target=self._web.serve_forever),
            threading.Thread(target=self._shake_hands),
        ]
        for thread in self._threads:
            thread.start()

    def say(self, connection: socket.socket, text: str) -> None:
        """Send one short text frame."""
        body = text.encode()
        connection.sendall(bytes([0x81, len(body)]) + body)

    def stop(self) -> None:
        self._web.shutdown()
        self._web.server_close()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()
        for connection in self._connections:
            connection.close()

    def _shake_hands(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return  # told to stop
            asked = connection.recv(4096).decode()
            lines = dict(line.split(": ", 1) for line in asked.split("\r\n")[1:] if ": " in line)
            key = next(
                value for name, value in lines.items() if name.lower() == "sec-websocket-key"
            )
            proof = base64.b64encode(hashlib.sha1((key + _HANDSHAKE).encode()).digest()).decode()
            connection.sendall(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Accept: {proof}\r\n\r\n".encode()
            )
            self._connections.append(connection)
            self.opened.put(connection)


@pytest.fixture
def deaf() -> Iterator[DeafSlack]:
    slack = DeafSlack()
    yield slack
    slack.stop()


@pytest.fixture
def client(deaf: DeafSlack) -> Iterator[SocketModeClient]:
    client = SocketModeClient(
        app_token="xapp-1",
        web_client=WebClient(token="xapp-1", base_url=deaf.api_url),
        ping_interval=3600,  # the SDK's own look is kept out of this
    )
    client.connect()
    yield client
    client.close()


def test_a_socket_that_nothing_is_heard_on_is_opened_anew(
    deaf: DeafSlack, client: SocketModeClient
) -> None:
    clock = Seconds()
    watch = SocketWatch(client, DEAF_AFTER, clock)
    deaf.opened.get(timeout=PATIENCE_SECONDS)
    clock.now = DEAF_AFTER
    too_early = watch.look()
    clock.now += 0.1

    was_deaf = watch.look()

    assert (too_early, was_deaf) == (False, True)
    assert deaf.opened.get(timeout=PATIENCE_SECONDS)  # the second connection
    assert watch.age() == 0


def test_a_socket_that_speaks_is_left_alone(deaf: DeafSlack, client: SocketModeClient) -> None:
    clock, heard = Seconds(), threading.Event()
    watch = SocketWatch(client, DEAF_AFTER, clock)
    client.on_message_listeners.append(lambda _message: heard.set())
    connection = deaf.opened.get(timeout=PATIENCE_SECONDS)
    clock.now = DEAF_AFTER + 1
    deaf.say(connection, '{"type":"hello"}')
    assert heard.wait(PATIENCE_SECONDS)

    assert watch.age() == 0
    assert watch.look() is False
    assert deaf.opened.empty()


def test_a_socket_that_was_cut_without_a_goodbye_is_opened_anew_at_once(
    deaf: DeafSlack, client: SocketModeClient
) -> None:
    watch = SocketWatch(client, DEAF_AFTER, Seconds())  # no time passes
    was_open = watch.is_open()
    deaf.opened.get(timeout=PATIENCE_SECONDS).close()

    wait_until(watch.look)  # the first ping may still be taken by this machine

    connection = deaf.opened.get(timeout=PATIENCE_SECONDS)
    not_heard_yet = watch.is_open()
    deaf.say(connection, '{"type":"hello"}')
    wait_until(watch.is_open)
    assert (was_open, not_heard_yet) == (True, False)


def test_while_no_socket_can_be_opened_it_asks_ever_more_seldom(
    deaf: DeafSlack, client: SocketModeClient
) -> None:
    clock = Seconds()
    watch = SocketWatch(client, DEAF_AFTER, clock)
    deaf.opened.get(timeout=PATIENCE_SECONDS)
    client.disconnect()
    deaf.asked = 0
    deaf.refuses = True

    for _ in range(120):
        watch.look()
        clock.now += 1

    assert deaf.asked == 8  # after 1, 2, 4, 8, 16, 32, 32 seconds
    assert not watch.is_open()
    deaf.refuses = False
    clock.now += 32
    watch.look()
    assert deaf.opened.get(timeout=PATIENCE_SECONDS)


def test_silence_is_noticed_within_ten_seconds() -> None:
    assert DEAF_AFTER_SECONDS + LOOK_EVERY_SECONDS < 10


class LateState:
    """The SDK's, of a session that begins at the moment at which it is told to end."""

    def __init__(self) -> None:
        self._terminated, self._told = False, threading.Event()

    @property
    def terminated(self) -> bool:
        return self._terminated

    @terminated.setter
    def terminated(self, told: bool) -> None:
        if told:
            self._told.set()
        else:  # the SDK's first line, before it reads
            self.begun.set()
            self._told.wait(PATIENCE_SECONDS)
            wait_until(lambda: not self.client.is_connected())
        self._terminated = told

    begun = threading.Event()
    client: SocketModeClient


def test_a_session_that_begins_as_it_is_told_to_end_keeps_nobody_waiting(
    deaf: DeafSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slack_sdk.socket_mode.builtin.client.ConnectionState", LateState)
    web_client = WebClient(token="xapp-1", base_url=deaf.api_url)
    client = SocketModeClient(app_token="xapp-1", web_client=web_client, ping_interval=3600)
    monkeypatch.setattr(LateState, "client", client, raising=False)
    client.connect()
    deaf.opened.get(timeout=PATIENCE_SECONDS)
    assert LateState.begun.wait(PATIENCE_SECONDS)

    closing = threading.Thread(target=close_for_good, args=[client], daemon=True)
    closing.start()
    closing.join(PATIENCE_SECONDS)

    assert not closing.is_alive()
