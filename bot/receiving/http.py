"""The bot behind signed HTTP: Slack posts events, commands and clicks to it."""

import signal
import socket
from types import FrameType

import structlog
import uvicorn
from slack_bolt import App, BoltResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.clock import utc_now
from bot.receiving.connections import ImpatientProtocol
from bot.receiving.payloads import MalformedError, read_request
from bot.receiving.signatures import fault_of

EVENTS_PATH = "/slack/events"
LARGEST_BODY = 1_000_000  # bytes; a view of Slack's is 250 kB at the most
_log = structlog.get_logger("rollcall.http")


def serve_http(app: App, listening: socket.socket, signing_secret: str) -> None:
    """Serve at a socket until SIGTERM or SIGINT; requests under way are finished."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _noted)
    host, port = listening.getsockname()[:2]
    uvicorn.Server(server_config(app, host, port, signing_secret)).run(sockets=[listening])


def server_config(app: App, host: str, port: int, signing_secret: str) -> uvicorn.Config:
    """Return how the web server is to run."""
    return uvicorn.Config(
        build_http(app, signing_secret),
        host=host,
        port=port,
        http=ImpatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )


def build_http(app: App, signing_secret: str) -> ASGIApp:
    """Return the web application. Nothing is read of what Slack has not signed."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await _answer(app, signing_secret, request)
        except ClientDisconnect:
            return  # nobody is there any more
        await response(scope, receive, send)

    return answer


async def _answer(app: App, signing_secret: str, request: Request) -> Response:
    if int(request.headers.get("content-length", 0)) > LARGEST_BODY:
        return Response(status_code=413)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return Response(status_code=413)
    fault = fault_of(signing_secret, request.scope["headers"], bytes(body), utc_now().timestamp())
    if fault is not None:
        _log.info("request_refused", why=fault)
        return Response(status_code=401)
    if request.url.path != EVENTS_PATH or request.method != "POST":
        return Response(status_code=404)
    return await _let_in(app, bytes(body), dict(request.headers))


async def _let_in(app: App, body: bytes, headers: dict[str, str]) -> Response:
    try:
        asked = read_request(body, headers)
    except MalformedError as error:
        _log.warning("request_malformed", why=str(error))
        return Response(status_code=400)
    return _response(await run_in_threadpool(app.dispatch, asked))


def _noted(_signal: int, _frame: FrameType | None) -> None:
    """Do nothing: uvicorn ends by itself, then raises the signal again under this handler.

    Under Python's own it would end the process before the scheduler has finished.
    """


def _response(answer: BoltResponse) -> Response:
    response = Response(content=answer.body, status_code=answer.status)
    for name, values in answer.headers.items():
        for value in values:
            response.headers[name] = value
    return response
