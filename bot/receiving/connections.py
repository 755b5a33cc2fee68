"""Connections that can't be held open: whoever doesn't say what they want in time is cut off.

uvicorn limits how long a connection may be idle between two requests, but not how long a request
takes to come; slow headers or bodies could pile up until nobody else gets in.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS = 10.0  # for headers and body; Slack sends both at once
_LINGER_SECONDS = 1.0  # for whoever still sends after the answer, so that they can read it
MOST_UNFINISHED = 128  # each can hold a megabyte; past it, who has dawdled longest is cut off
_WHOLE = (h11.DONE, h11.MUST_CLOSE, h11.CLOSED)
_UNAUTHORIZED = b"HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class ImpatientProtocol(H11Protocol):
    """Cuts off, without a word, who has not sent a whole request by its deadline."""

    request_seconds = REQUEST_SECONDS
    most_unfinished = MOST_UNFINISHED

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give the first request its time; where too many wait already, cut off the slowest."""
        super().connection_made(transport)
        self._give(self.request_seconds)
        unfinished = [
            one
            for one in self.connections
            if isinstance(one, ImpatientProtocol) and one.deadline is not None
        ]
        if len(unfinished) > self.most_unfinished:
            min(unfinished, key=_due).cut()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what came; a request that is whole now has no deadline any more."""
        super().data_received(data)
        if self.conn.their_state in _WHOLE:
            self._stop()
        elif self.deadline is None:
            self._give(self.request_seconds)

    def on_response_complete(self) -> None:
        """Give the next request its time, and little to what still comes of an answered one."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._give(_LINGER_SECONDS)
        elif self.conn.their_state is h11.IDLE:
            self._give(self.request_seconds)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP like all else that bears no signature."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.write(_UNAUTHORIZED)
        self.transport.close()

    def cut(self) -> None:
        """End the connection at once."""
        self._stop()
        self.transport.abort()

    def _give(self, seconds: float) -> None:
        self._stop()
        self.deadline = self.loop.call_later(seconds, self.cut)

    def _stop(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None


def _due(connection: ImpatientProtocol) -> float:
    assert connection.deadline is not None  # those that wait have one
    return connection.deadline.when()
