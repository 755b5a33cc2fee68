"""Tells the pages that something changed: a stream of revisions, no contents."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sandbox.workspace import Workspace

_HEARTBEAT_SECONDS = 15.0  # a line now and then shows whether the browser is still there


async def revisions(workspace: Workspace, seen: int) -> AsyncIterator[str]:
    """Yield server-sent events: the revision now where it is not the one seen, then each change."""
    if workspace.revision != seen:
        seen = workspace.revision
        yield _event(seen)
    while not workspace.is_closed:
        try:
            async with asyncio.timeout(_HEARTBEAT_SECONDS):
                seen = await workspace.wait_for_change(seen)
        except TimeoutError:
            yield ": still here\n\n"
        else:
            yield _event(seen)


def event_stream(workspace: Workspace, request: Request) -> Response:
    """Answer with the stream; a browser that comes back says what it saw last."""
    last = request.headers.get("last-event-id") or request.query_params.get("seen", "")
    seen = int(last) if last.isdigit() else workspace.revision
    return StreamingResponse(
        revisions(workspace, seen),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _event(revision: int) -> str:
    return f"id: {revision}\nevent: revision\ndata: {revision}\n\n"
