"""Signed HTTP: what the workspace posts to an app that listens on an address."""

import asyncio
import hashlib
import hmac
import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from sandbox.app_transport import Unanswered
from sandbox.clock import machine_timestamp
from sandbox.workspace import Json

ACK_SECONDS = 3.0


@dataclass(frozen=True)
class HttpEvents:
    """Posts to one address, each request signed."""

    url: str
    signing_secret: str
    # A signature holds five minutes of the machine's time, whatever a rehearsal's clock says.
    timestamp: Callable[[], float] = machine_timestamp
    ack_seconds: float = ACK_SECONDS

    async def deliver(self, kind: str, payload: Json, attempt: int = 0) -> Any:
        """Post a payload once, as `AppTransport` says."""
        return await asyncio.to_thread(self._post, kind, payload, attempt)

    def _post(self, kind: str, payload: Json, attempt: int) -> Any:
        body, content_type = _body(kind, payload)
        request = urllib.request.Request(
            self.url, body, self._headers(body, attempt) | {"Content-Type": content_type}
        )
        try:
            # No proxy: the app is on this machine, whatever the environment says of the web.
            direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with direct.open(request, timeout=self.ack_seconds) as response:
                answer = response.read().decode(errors="replace")
        except (OSError, HTTPException) as error:
            raise Unanswered(str(error)) from None
        return _read(answer)

    def _headers(self, body: bytes, attempt: int) -> dict[str, str]:
        timestamp = str(int(self.timestamp()))
        signed = b"v0:" + timestamp.encode() + b":" + body
        signature = hmac.new(self.signing_secret.encode(), signed, hashlib.sha256).hexdigest()
        headers = {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={signature}",
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        return headers


def _body(kind: str, payload: Json) -> tuple[bytes, str]:
    """Return the body as Slack shapes it: JSON for events, a form for all else."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _read(answer: str) -> Any:
    try:
        return json.loads(answer) if answer else None
    except ValueError:
        return {"text": answer}
