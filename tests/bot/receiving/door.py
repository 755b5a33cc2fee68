"""The real door for tests: the bot's own web server on a real port, before a Slack that counts."""

import hashlib
import hmac
import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import uvicorn
from pydantic import SecretStr

from bot.app import build_app, build_bolt
from bot.clients import Introduced, answering_client, posting_client
from bot.clock import utc_now
from bot.receiving.connections import ImpatientProtocol
from bot.receiving.http import server_config
from bot.services import build_services
from bot.settings import Settings
from bot.workspaces import Workspace, Workspaces
from storage.engine import connect
from tests.factories import MONDAY_9AM, TEAM, a_policy
from tests.fakes import FakeClock
from workflows import policies
from workflows.services import Services

SECRET = "a-signing-secret"
FORM = "application/x-www-form-urlencoded"


class CountingSlack:
    """Says yes to whatever it is asked, and keeps where it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked.append(self.path)
                self.rfile.read(int(self.headers.get("content-length", 0)))
                user = {"id": "U1", "name": "lead", "tz": "Europe/Berlin"}
                body = json.dumps({"ok": True, "user": user, "view": {"id": "V1"}}).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST  # noqa: N815  (the library's name)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass
class Door:
    """A server that runs, and what stands behind it."""

    port: int
    slack: CountingSlack
    services: Services

    def post(self, body: bytes, headers: Mapping[str, str], method: str = "POST") -> int:
        """Send a whole request and return the status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(method, "/slack/events", body, dict(headers))
        status = connection.getresponse().status
        connection.close()
        return status

    def signed(self, body: bytes, content_type: str = FORM) -> int:
        """Send a request with Slack's signature and return the status."""
        return self.post(body, {"Content-Type": content_type, **signature(body)})

    def raw(self, *parts: bytes) -> bytes:
        """Send bytes as they are, then listen until the server ends the connection."""
        with self.open() as talking:
            for part in parts:
                talking.sendall(part)
            return heard(talking)

    def open(self) -> socket.socket:
        """Open a connection and send nothing."""
        return socket.create_connection(("127.0.0.1", self.port))


def heard(talking: socket.socket) -> bytes:
    """Return what the server says until it ends the connection."""
    said = b""
    try:
        while more := talking.recv(65536):
            said += more
    except ConnectionResetError:
        return said
    return said


def signature(body: bytes, timestamp: str | None = None) -> dict[str, str]:
    """Return the headers with which Slack signs a body."""
    timestamp = timestamp or str(int(utc_now().timestamp()))
    signed = b"v0:" + timestamp.encode() + b":" + body
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


@contextmanager
def opened(
    database_url: str, protocol: type[ImpatientProtocol] = ImpatientProtocol
) -> Iterator[Door]:
    """Serve from a migrated database until the end of the block."""
    slack = CountingSlack()
    settings = Settings(
        slack_bot_token=SecretStr("xoxb-secret"), slack_api_url=f"{slack.url}/api/", _env_file=None
    )
    engine = connect(database_url)
    services = build_services(engine, FakeClock(MONDAY_9AM))
    policies.adopt(services, TEAM, "Tests", a_policy())
    known = Introduced(TEAM, "Tests", "U_BOT", "B_BOT")
    clients = answering_client(settings), posting_client(settings)
    workspaces = Workspaces([Workspace(known, *clients)])
    app = build_app(build_bolt(workspaces), services, workspaces)
    config = server_config(app, "127.0.0.1", 0, SECRET)
    config.http = protocol
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    serving = threading.Thread(target=server.run, args=([listening],))
    serving.start()
    try:
        yield Door(listening.getsockname()[1], slack, services)
    finally:
        server.should_exit = True
        serving.join()
        slack.stop()
        engine.dispose()
