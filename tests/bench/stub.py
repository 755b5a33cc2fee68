"""A server that says ok to every method of Slack's, as fast as is simple: a process of its own.

`python -m tests.bench.stub SOCKET_URL [CERTIFICATE KEY]` writes its port to standard output and
serves, over TLS where it has a certificate, until it is told to stop. It reads no argument of any
call.
"""

import asyncio
import json
import re
import ssl
import sys

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"


def answers(socket_url: str) -> dict[str, dict[str, object]]:
    """Return what each method answers beyond ok."""
    return {
        "auth.test": {"team": "Bench", "team_id": "T1", "user_id": "U0BOT", "bot_id": "B0BOT"},
        "apps.connections.open": {"url": socket_url},
        "chat.postMessage": {"channel": "C0BENCH0001", "ts": "1790000000.000100"},
        "conversations.history": {"messages": []},
        "conversations.open": {"channel": {"id": "D0BENCH0001"}},
        "users.info": {"user": {"id": "U0", "name": "somebody", "tz": "America/New_York"}},
    }


class Answering(asyncio.Protocol):
    """One connection."""

    def __init__(self, answers: dict[bytes, bytes], usual: bytes) -> None:
        self._answers, self._usual = answers, usual
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(_END)) >= 0:
            head = self._received[:end]
            length = _LENGTH.search(head)
            whole = end + len(_END) + (int(length[1]) if length else 0)
            if len(self._received) < whole:
                return
            self._received = self._received[whole:]
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        assert self._transport is not None
        method = head.split(b" ", 2)[1].rpartition(b"/")[2]
        self._transport.write(self._answers.get(method, self._usual))
        if b"connection: close" in head.lower():
            self._transport.close()


def response(answer: object) -> bytes:
    body = json.dumps(answer).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + _END + body


async def serve(socket_url: str, *certificate: str) -> None:
    known = {
        method.encode(): response({"ok": True, **said})
        for method, said in answers(socket_url).items()
    }
    usual = response({"ok": True, "view": {"id": "V1", "hash": "1.x"}})
    loop = asyncio.get_running_loop()
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*certificate)
    server = await loop.create_server(
        lambda: Answering(known, usual), "127.0.0.1", 0, backlog=500, ssl=tls
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
