"""The two transports to an app, walked by one person who waits for each answer."""

import http.client
import json
import threading
from itertools import count
from queue import Queue
from time import perf_counter
from typing import Any, Protocol
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier
from websockets.sync.server import ServerConnection, serve

from bot.receiving.http import EVENTS_PATH

SECRET = "a-signing-secret"
_PATIENCE_SECONDS = 30.0
_RESTED_SECONDS = 3.0  # uvicorn closes a connection that has rested for five

Json = dict[str, Any]


class Transport(Protocol):
    """A way to an app."""

    def ask(self, kind: str, payload: Json) -> Any:
        """Deliver a payload and return the app's answer, or None where that is empty."""
        ...


class SocketPeer:
    """Slack's side of Socket Mode: whoever connects is handed out as a transport."""

    def __init__(self) -> None:
        self._arrived: Queue[ServerConnection] = Queue()
        self._ended = threading.Event()
        self._server = serve(
            self._keep, "127.0.0.1", 0, compression=None, ping_interval=None, close_timeout=1
        )
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def next_transport(self) -> "SocketTransport":
        """Wait for the next app that connects."""
        return SocketTransport(self._arrived.get(timeout=_PATIENCE_SECONDS))

    def stop(self) -> None:
        self._ended.set()
        self._server.shutdown()

    def _keep(self, connection: ServerConnection) -> None:
        self._arrived.put(connection)
        self._ended.wait()


class SocketTransport:
    """One connection of an app."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection, self._numbers = connection, count()

    def ask(self, kind: str, payload: Json) -> Any:
        envelope_id = str(next(self._numbers))
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": True,
            "payload": payload,
        }
        self._connection.send(json.dumps(envelope))
        said = json.loads(self._connection.recv(timeout=_PATIENCE_SECONDS))
        assert said["envelope_id"] == envelope_id
        return said.get("payload") or None


class HttpTransport:
    """Signed requests on one connection that is kept open."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._connection = http.client.HTTPConnection(address, timeout=_PATIENCE_SECONDS)
        self._verifier = SignatureVerifier(SECRET)
        self._used_at = perf_counter()

    def ask(self, kind: str, payload: Json) -> Any:
        if perf_counter() - self._used_at > _RESTED_SECONDS:
            self._connection.close()  # it opens again by itself
        fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        body = urlencode(fields).encode()
        self._connection.request("POST", EVENTS_PATH, body, self._headers(body))
        response = self._connection.getresponse()
        answer = response.read()
        self._used_at = perf_counter()
        assert response.status == 200, (response.status, answer)
        return json.loads(answer) if answer else None

    def _headers(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._verifier.clock.now()))
        signature = self._verifier.generate_signature(timestamp=timestamp, body=body)
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature or "",
        }
