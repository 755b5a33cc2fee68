"""Watches the socket: one that goes deaf is opened anew, and each is closed for good."""

import threading
import time
from collections.abc import Callable

import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient

DEAF_AFTER_SECONDS = 60.0  # Slack pings every few seconds, and answers the SDK's own pings
_log = structlog.get_logger("rollcall.socket")


def close_for_good(client: SocketModeClient) -> None:
    """Close the socket once what was received is answered.

    A session of the SDK's that begins at this moment forgets that it was told to end, and the SDK
    would wait for it forever: it is told until it has heard.
    """
    client.auto_reconnect_enabled = False
    client.message_workers.shutdown(wait=True)
    closing = threading.Thread(target=client.close, name="closing")
    closing.start()
    while closing.is_alive():
        client.current_session_state.terminated = True
        closing.join(0.1)


class SocketWatch:
    """Knows when Slack was last heard. Seconds are of a clock that only goes forward."""

    def __init__(
        self,
        client: SocketModeClient,
        deaf_after_seconds: float = DEAF_AFTER_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._deaf_after, self._clock = client, deaf_after_seconds, clock
        self._heard_at = clock()
        self._last_pong: float | None = None
        client.on_message_listeners.append(lambda _message: self._hear())

    def age(self) -> float:
        """Return the seconds since Slack was last heard: a message, or the answer to a ping."""
        session = self._client.current_session
        pong = session.last_ping_pong_time if session is not None else None
        if pong is not None and pong != self._last_pong:
            self._last_pong = pong
            self._hear()
        return self._clock() - self._heard_at

    def look(self) -> bool:
        """Open a new connection in the place of a deaf one; return whether it was."""
        age = self.age()
        if age <= self._deaf_after:
            return False
        _log.warning("socket_deaf", silent_seconds=round(age))
        self._hear()  # the new one has its own time to be heard
        try:
            self._client.connect_to_new_endpoint(force=True)
        except (SlackClientError, OSError) as error:
            _log.warning("socket_not_opened", error=type(error).__name__)
        return True

    def _hear(self) -> None:
        self._heard_at = self._clock()
