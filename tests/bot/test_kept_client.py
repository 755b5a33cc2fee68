"""Calls to Slack share connections, and nothing is sent twice."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from slack_sdk.errors import SlackApiError

from bot.kept_client import KeptClient
from tests.waiting import wait_until


class Stub(BaseHTTPRequestHandler):
    """Answers as Slack does, and remembers by which connection it was asked."""

    protocol_version = "HTTP/1.1"
    status: ClassVar[int] = 200
    answer: ClassVar[Any] = {"ok": True}
    asked: ClassVar[list[tuple[int, str, bytes]]]
    open: ClassVar[set[socket.socket]]

    def setup(self) -> None:
        super().setup()
        self.open.add(self.connection)

    def finish(self) -> None:
        self.open.discard(self.connection)
        super().finish()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.client_address[1], self.path, body))
        if self.answer is None:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        words = json.dumps(self.answer).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def slack(**facts: Any) -> Iterator[tuple[KeptClient, type[Stub]]]:
    stub = type("OneStub", (Stub,), {"asked": [], "open": set(), **facts})
    server = ThreadingHTTPServer(("127.0.0.1", 0), stub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/api/"
        yield KeptClient(token="xoxb-1", base_url=url, timeout=20, retry_handlers=[]), stub
    finally:
        server.shutdown()
        server.server_close()


def test_calls_one_after_the_other_go_by_one_connection() -> None:
    with slack() as (client, stub):
        for _ in range(3):
            client.chat_postMessage(channel="C1", text="Hello")

    assert len(stub.asked) == 3
    assert len({port for port, *_ in stub.asked}) == 1
    assert {path for _, path, _ in stub.asked} == {"/api/chat.postMessage"}


def test_a_connection_that_slack_has_closed_meanwhile_is_replaced_before_it_is_used() -> None:
    with slack() as (client, stub):
        client.api_test()
        for connection in list(stub.open):
            connection.shutdown(socket.SHUT_RDWR)
        wait_until(lambda: not stub.open)
        client.api_test()

    assert len(stub.asked) == 2
    assert len({port for port, *_ in stub.asked}) == 2


def test_what_fails_under_way_is_unanswered_and_sent_once() -> None:
    with slack(answer=None) as (client, stub), pytest.raises(OSError):
        client.chat_postMessage(channel="C1", text="Hello")

    assert len(stub.asked) == 1


@pytest.mark.parametrize(("status", "error"), [(429, "ratelimited"), (500, "fatal_error")])
def test_an_error_of_slack_s_is_read_as_ever(status: int, error: str) -> None:
    answer = {"ok": False, "error": error}

    with (
        slack(status=status, answer=answer) as (client, _),
        pytest.raises(SlackApiError) as raised,
    ):
        client.api_test()

    assert raised.value.response.status_code == status
    assert raised.value.response["error"] == error
    assert raised.value.response.headers["Retry-After"] == "7"


def test_threads_at_once_have_connections_of_their_own() -> None:
    with slack() as (client, stub):
        threads = [threading.Thread(target=client.api_test) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(stub.asked) == 8


@pytest.mark.parametrize(("no_proxy", "is_proxied"), [("", True), ("127.0.0.1", False)])
def test_a_proxy_of_the_environment_is_used_but_for_what_it_leaves_out(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, is_proxied: bool
) -> None:
    with slack() as (proxy, stub):
        monkeypatch.setenv("http_proxy", proxy.base_url.removesuffix("/api/"))
        monkeypatch.setenv("no_proxy", no_proxy)
        with slack() as (named, other):
            client = KeptClient(token="xoxb-1", base_url=named.base_url, timeout=20)
            client.api_test()

    assert (len(stub.asked), len(other.asked)) == ((1, 0) if is_proxied else (0, 1))
    if is_proxied:
        assert stub.asked[0][1].startswith("http://127.0.0.1:")
