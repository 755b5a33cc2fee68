"""The workspace's server: the Web API, the sockets, the driver and the page, on one address."""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from email.utils import format_datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from sandbox.clock import SandboxClock
from sandbox.driver import driver_routes
from sandbox.file_server import file_routes
from sandbox.responses import answer_by_url
from sandbox.sandbox import Sandbox
from sandbox.slack_error import SlackError

HOST = "127.0.0.1"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def listen(port: int = 0) -> socket.socket:
    """Take a port of the loopback; 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    taken = socket.create_server((HOST, port))
    taken.setblocking(False)
    # asyncio sets it only where the protocol was named; each answer would come 40 ms late.
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return taken


def url_of(listening: socket.socket) -> str:
    """Return the address of a port that was taken."""
    return f"http://{HOST}:{listening.getsockname()[1]}"


def build_server(sandbox: Sandbox, page: Sequence[BaseRoute] = ()) -> Starlette:
    """Return the web application."""

    async def answer_response_url(request: Request) -> Response:
        if sandbox.faults.next_for("response_url"):
            return JSONResponse({"ok": False, "error": "internal_error"}, status_code=500)
        try:
            given = await request.json()
            answer_by_url(sandbox.workspace, sandbox.tickets, request.path_params["name"], given)
        except SlackError as refusal:
            status = 404 if refusal.code in ("expired_url", "used_url") else 400
            return JSONResponse({"ok": False, "error": refusal.code}, status_code=status)
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, status_code=400)
        await sandbox.workspace.touch()
        return PlainTextResponse("ok")

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> Any:
        yield
        await sandbox.events.finish()

    application = Starlette(
        routes=[
            Route("/api/{method}", sandbox.web_api.answer, methods=["GET", "POST"]),
            Route("/response/{name}", answer_response_url, methods=["POST"]),
            WebSocketRoute("/link/", sandbox.sockets.serve),
            *driver_routes(sandbox),
            *file_routes(sandbox),
            *page,
        ],
        lifespan=lifespan,
    )
    application.add_middleware(OwnPagesOnly)
    application.add_middleware(Dated, sandbox.workspace.clock)
    return application


class OwnPagesOnly:
    """Refuses what another site's page sends: the workspace asks nobody who they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in the application's place where the request is not from here."""
        headers = {name: value.decode("latin-1") for name, value in scope.get("headers", ())}
        host = headers.get(b"host", "")
        origin = headers.get(b"origin")
        foreign = origin is not None and urlsplit(origin).netloc != host
        if scope["type"] == "http" and (foreign or urlsplit(f"//{host}").hostname not in _LOOPBACK):
            refusal = PlainTextResponse("Only this machine's own page may ask.", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


class Dated:
    """Dates every answer by the workspace's clock, which may be far from the machine's."""

    def __init__(self, app: ASGIApp, clock: SandboxClock) -> None:
        self._app, self._clock = app, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on the request, and the answer with its date."""

        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self._clock.now(), usegmt=True).encode()
                message["headers"] = [*message.get("headers", ()), (b"date", date)]
            await send(message)

        await self._app(scope, receive, send_dated)


class SandboxServer:
    """The server in a thread of its own, from `with` to its end."""

    def __init__(
        self, sandbox: Sandbox, listening: socket.socket, page: Sequence[BaseRoute] = ()
    ) -> None:
        self.url = url_of(listening)
        self._sandbox, self._listening, self._page = sandbox, listening, page
        self._server: uvicorn.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def __enter__(self) -> "SandboxServer":
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None and self._loop is not None
        ended = asyncio.run_coroutine_threadsafe(self._sandbox.workspace.close(), self._loop)
        ended.result()
        self._server.should_exit = True
        self._thread.join()

    def do(self, work: Callable[[], Any]) -> Any:
        """Run something on the server's loop, where nothing else touches the workspace."""
        assert self._loop is not None

        async def run() -> Any:
            return work()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        config = uvicorn.Config(
            build_server(self._sandbox, self._page),
            http=ClosingProtocol,
            ws=CuttableSocket,
            ws_ping_interval=10,
            date_header=False,  # it would be the machine's
            log_config=None,
            access_log=False,
        )
        self._server = _TellingServer(config, self._ready.set)
        await self._server.serve(sockets=[self._listening])


class _TellingServer(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell_ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell_ready()


def _with_transport(application: Any, protocol: Any) -> Any:
    """Return an application that finds its connection in the scope's state."""

    async def with_transport(scope: Any, receive: Any, send: Any) -> None:
        scope.setdefault("state", {})["transport"] = protocol.transport
        await application(scope, receive, send)

    return with_transport


class CuttableSocket(WebSocketsSansIOProtocol):
    """Hands the application its connection, so that it can cut one or leave it unread."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.app = _with_transport(self.app, self)


class ClosingProtocol(H11Protocol):
    """Hands the application its connection, so that it can close one without an answer."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.app = _with_transport(self.app, self)
