"""Socket Mode: the app's open sockets, each envelope to one of them."""

import asyncio
import json
import uuid
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.app_transport import Unanswered
from sandbox.tickets import Tickets
from sandbox.workspace import Json

MOST_SOCKETS = 10
ACK_SECONDS = 3.0
_LASTS_SECONDS = 18_060  # what Slack tells an app at the beginning


@dataclass(eq=False)
class Socket:
    """One open connection of the app."""

    number: int
    websocket: WebSocket
    envelopes: int = 0  # handed over on this connection
    is_leaving: bool = False  # the app was asked to open another in its place
    is_silent: bool = False  # nothing comes or goes, though it is open
    waiting: "set[asyncio.Future[Any]]" = field(default_factory=set)  # for acknowledgements

    @property
    def transport(self) -> asyncio.Transport:
        """Return the connection below the protocol."""
        transport: asyncio.Transport = self.websocket.scope["state"]["transport"]
        return transport


@dataclass
class Sockets:
    """The app's connections."""

    tickets: Tickets
    app_id: str
    ack_seconds: float = ACK_SECONDS
    closed_seconds: float = ACK_SECONDS  # … where its connection has ended meanwhile
    open: list[Socket] = field(default_factory=list)
    _waiting: dict[str, "asyncio.Future[Any]"] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one connection until it closes."""
        if not self.tickets.use_socket(websocket.query_params.get("ticket", "")):
            await websocket.close(code=4001)
            return
        await websocket.accept()
        if len(self.open) >= MOST_SOCKETS:
            await websocket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await websocket.close()
            return
        socket = Socket(next(self._numbers), websocket)
        self.open.append(socket)
        try:
            await websocket.send_json(self._hello())
            await self._part_from_leaving()
            await self._listen(websocket)
        finally:
            self.open.remove(socket)
            # An app that was asked to connect again acknowledges on the new one; a dead one never.
            asyncio.get_running_loop().call_later(self.closed_seconds, _give_up, socket)

    async def deliver(self, kind: str, payload: Json, attempt: int = 0) -> Any:
        """Hand an envelope to the connection that had the fewest, as `AppTransport` says."""
        if not self.open:
            raise Unanswered("no socket is open")
        socket = min(self.open, key=lambda one: (one.is_leaving, one.envelopes))
        socket.envelopes += 1
        envelope_id = str(uuid.uuid4())
        acknowledged = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = acknowledged
        socket.waiting.add(acknowledged)
        envelope = _envelope(envelope_id, kind, payload, attempt)
        try:
            async with asyncio.timeout(self.ack_seconds):
                if not socket.is_silent:
                    await socket.websocket.send_json(envelope)
                return await acknowledged
        except (TimeoutError, RuntimeError, WebSocketDisconnect):
            raise Unanswered(f"the app did not acknowledge a {kind} in time") from None
        finally:
            del self._waiting[envelope_id]
            socket.waiting.discard(acknowledged)

    async def drop(self) -> None:
        """Close every connection without a word."""
        for socket in list(self.open):
            await socket.websocket.close(code=1011)

    def cut(self) -> None:
        """End every connection below the protocol, without the goodbye that it has."""
        for socket in self.open:
            socket.transport.close()

    def go_silent(self) -> None:
        """Leave every connection open, and neither read nor write on it any more."""
        for socket in self.open:
            socket.is_silent = socket.is_leaving = True
            socket.transport.pause_reading()

    async def refresh(self) -> None:
        """Ask the app to connect again, as Slack does every few hours."""
        for socket in list(self.open):
            socket.is_leaving = True
            await socket.websocket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def _part_from_leaving(self) -> None:
        """Close what a new connection stands in for; the SDK would read there for seconds more."""
        for socket in [one for one in self.open if one.is_leaving]:
            if socket.is_silent:
                socket.transport.abort()
            else:
                await socket.websocket.close()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "connection_info": {"app_id": self.app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": _LASTS_SECONDS},
        }

    async def _listen(self, websocket: WebSocket) -> None:
        try:
            async for text in websocket.iter_text():
                self._acknowledge(text)
        except WebSocketDisconnect:
            return

    def _acknowledge(self, text: str) -> None:
        try:
            said = json.loads(text)
            waiting = self._waiting.get(said["envelope_id"])
        except (ValueError, KeyError, TypeError):
            return  # nothing that Slack would understand, either
        if waiting is not None and not waiting.done():
            waiting.set_result(said.get("payload"))


def _give_up(socket: Socket) -> None:
    for acknowledged in socket.waiting:
        if not acknowledged.done():
            acknowledged.set_exception(Unanswered("the connection ended before it was answered"))


def _envelope(envelope_id: str, kind: str, payload: Json, attempt: int) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "type": kind,
        "accepts_response_payload": kind != "events_api",
        "payload": payload,
    }
    if kind == "events_api":
        envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
    return envelope
