"""The two ways to reach the app: its sockets, or signed HTTP."""

from typing import Any, Protocol

from sandbox.workspace import Json


class Unanswered(Exception):  # noqa: N818  (what happened, and no error of ours)
    """The app did not acknowledge in time, or there is no way to reach it."""


class AppTransport(Protocol):
    """Brings payloads to the app."""

    async def deliver(self, kind: str, payload: Json, attempt: int = 0) -> Any:
        """Hand a payload over once and return what the app acknowledged it with.

        `kind` is events_api, slash_commands or interactive.

        Raises:
            Unanswered: no acknowledgement within three seconds.
        """
        ...
