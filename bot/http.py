"""The bot behind signed HTTP: Slack posts events, commands and clicks to it."""

import signal
from types import FrameType

import uvicorn
from slack_bolt import App, BoltRequest, BoltResponse
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.settings import SettingsInvalidError

EVENTS_PATH = "/slack/events"


def serve_http(app: App, address: str) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished.

    Raises:
        SettingsInvalidError: the address is not HOST:PORT.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise SettingsInvalidError("--http: write HOST:PORT, such as 127.0.0.1:3000")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _noted)
    uvicorn.run(build_http(app), host=host, port=int(port), log_config=None, access_log=False)


def build_http(app: App) -> Starlette:
    """Return the web application; Bolt checks each request's signature."""

    async def receive(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", errors="replace")
        asked = BoltRequest(
            body=body, query=dict(request.query_params), headers=dict(request.headers)
        )
        return _response(await run_in_threadpool(app.dispatch, asked))

    return Starlette(routes=[Route(EVENTS_PATH, receive, methods=["POST"])])


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
