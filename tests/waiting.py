"""Waiting in tests: for the event, never for a time; the one limit is for what never comes."""

import socket
import time
from collections.abc import Callable
from typing import Any

from sandbox.sandbox import Sandbox

# A last guard against hanging forever. No test may depend on how fast the machine is: it is
# minutes where milliseconds are usual, and nothing waits longer than it needs.
PATIENCE_SECONDS = 300.0
CLOSED_SECONDS = 10.0  # for what was sent to a bot that was killed: it is lost anyway
_LOOKS_EVERY_SECONDS = 0.01


def wait_until(condition: Callable[[], Any]) -> Any:
    """Return what the condition gives once it gives something."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(_LOOKS_EVERY_SECONDS)
    return found


def be_patient(sandbox: Sandbox) -> None:
    """Let the workspace wait for the bot for as long as it takes, where Slack would give up."""
    sandbox.sockets.ack_seconds = PATIENCE_SECONDS
    sandbox.sockets.closed_seconds = CLOSED_SECONDS
    sandbox.tickets.trigger_seconds = PATIENCE_SECONDS
    sandbox.rehearsal.catch_up_seconds = PATIENCE_SECONDS


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
