"""The Web API's endpoint: token, fault, scope, arguments; then the method itself."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from sandbox.api import METHODS
from sandbox.api.method import Call, Method, read_arguments, require_scopes
from sandbox.faults import Fault, FaultKind, Faults
from sandbox.manifest import Manifest
from sandbox.slack_error import SlackError
from sandbox.tickets import Tickets
from sandbox.workspace import Json, Workspace

BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
_MOST_CALLS_KEPT = 10_000
_NOT_CARRIED_OUT = {
    FaultKind.RATE_LIMITED,
    FaultKind.SERVER_ERROR,
    FaultKind.CLOSE_BEFORE_ACCEPT,
}


@dataclass(frozen=True)
class CallRecord:
    """A call as it was answered; arguments are left out, because people's words are in them."""

    method: str
    error: str | None
    fault: str | None
    at: datetime


class WebApi:
    """Answers /api/METHOD."""

    def __init__(
        self, workspace: Workspace, manifest: Manifest, tickets: Tickets, faults: Faults
    ) -> None:
        self._workspace, self._tickets, self._faults = workspace, tickets, faults
        self._scopes = frozenset(manifest.scopes)
        self.calls: list[CallRecord] = []

    async def answer(self, request: Request) -> Response:
        """Answer one call, with the fault that was asked for it."""
        name = request.path_params["method"]
        fault = self._faults.next_for(name)
        if fault and fault.kind in _NOT_CARRIED_OUT:
            self._record(name, None, fault)
            return await _failed(request, fault)
        if fault and fault.kind is FaultKind.LATE:
            await asyncio.sleep(fault.seconds)
        try:
            answer = await self._carry_out(name, request)
        except ClientDisconnect:
            return Response()  # who asked has died in the middle of its words; nobody hears this
        self._record(name, answer.get("error"), fault)
        await self._workspace.touch()
        if fault and fault.kind is FaultKind.CLOSE_AFTER_ACCEPT:
            return await _closed(request)
        if fault and fault.kind is FaultKind.SLOW:
            await _linger(request, fault.seconds)
        scopes = ",".join(sorted(self._scopes))
        return JSONResponse(answer, headers={"X-OAuth-Scopes": scopes})

    async def _carry_out(self, name: str, request: Request) -> Json:
        try:
            method = _method(name)
            given = await _given(request)
            _check_token(method, given.pop("token", None) or bearer(request))
            require_scopes(self._call(request), method.scopes)
            return {"ok": True, **method.run(self._call(request), read_arguments(method, given))}
        except SlackError as refusal:
            return {"ok": False, "error": refusal.code, **refusal.details}

    def _call(self, request: Request) -> Call:
        host = request.headers["host"]
        return Call(self._workspace, self._tickets, self._scopes, host)

    def _record(self, method: str, error: str | None, fault: Fault | None) -> None:
        kind = fault.kind if fault else None
        self.calls.append(CallRecord(method, error, kind, self._workspace.clock.now()))
        del self.calls[:-_MOST_CALLS_KEPT]


def _method(name: str) -> Method:
    if name not in METHODS:
        raise SlackError("unknown_method", req_method=name)
    return METHODS[name]


def _check_token(method: Method, token: str | None) -> None:
    if method.by_anybody:
        return
    if not token:
        raise SlackError("not_authed")
    if token not in (BOT_TOKEN, APP_TOKEN):
        raise SlackError("invalid_auth")
    if token != (APP_TOKEN if method.by_app_token else BOT_TOKEN):
        raise SlackError("not_allowed_token_type")


def bearer(request: Request) -> str | None:
    """Return the token that a request carries in its header."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


async def _given(request: Request) -> Json:
    """Return the arguments, from the query, a form or a JSON body."""
    given: Json = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            body: Any = json.loads(await request.body() or b"{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return given | body
    form = await request.form()
    return given | {name: str(value) for name, value in form.items()}


async def _failed(request: Request, fault: Fault) -> Response:
    """Answer a call that is not carried out."""
    if fault.kind is FaultKind.RATE_LIMITED:
        return JSONResponse(
            {"ok": False, "error": "ratelimited"},
            status_code=429,
            headers={"Retry-After": str(int(fault.seconds))},
        )
    if fault.kind is FaultKind.SERVER_ERROR:
        return JSONResponse({"ok": False, "error": "internal_error"}, status_code=500)
    return await _closed(request)


async def _linger(request: Request, seconds: float) -> None:
    """Let time pass, unless whoever asked has gone."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass


async def _closed(request: Request) -> Response:
    """Close the connection without a byte of an answer."""
    request.scope["state"]["transport"].abort()
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()
