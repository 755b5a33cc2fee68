"""Watches the socket: a dead one is opened anew, and each is closed for good."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection

LOOK_EVERY_SECONDS = 1.0  # each look pings Slack
DEAF_AFTER_SECONDS = 6.0  # without a word or an answer to a ping
_MOST_PATIENCE_SECONDS = 32.0  # between attempts to open a socket: Slack allows few
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
    """Pings Slack, knows when it was last heard, and opens another socket in a dead one's place.

    The SDK would notice one that was cut without a goodbye after a minute. Seconds are of a clock
    that only goes forward.
    """

    def __init__(
        self,
        client: SocketModeClient,
        deaf_after_seconds: float = DEAF_AFTER_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._deaf_after, self._clock = client, deaf_after_seconds, clock
        self._heard_at = clock()
        self._last_pong: float | None = None
        self._is_lost = False  # from when a connection is found dead until the next one speaks
        self._patience = LOOK_EVERY_SECONDS
        self._again_at = clock()
        client.on_message_listeners.append(lambda _message: self._hear())

    def age(self) -> float:
        """Return the seconds since Slack was last heard: a message, or the answer to a ping."""
        session = self._client.current_session
        pong = session.last_ping_pong_time if session is not None else None
        if pong is not None and pong != self._last_pong:
            self._last_pong = pong
            self._hear()
        return self._clock() - self._heard_at

    def is_open(self) -> bool:
        """Tell whether there is a connection that Slack was heard on."""
        return self._client.is_connected() and not self._is_lost

    def look(self) -> bool:
        """Open a new connection in the place of a dead one; return whether it was."""
        age = self.age()
        if age <= self._deaf_after and self._ping():
            return False
        if self._clock() >= self._again_at:
            self._open_anew(age)
        return True

    def _ping(self) -> bool:
        """Send Slack a ping; return whether it could be sent."""
        session = self._client.current_session
        if session is None or not session.is_active():
            return False
        try:
            session.ping(f"{session.session_id}:{self._clock()}")
        except (OSError, ValueError):  # ValueError: TLS was ended under our hands
            return False
        return True

    def _open_anew(self, age: float) -> None:
        _log.warning("socket_dead", silent_seconds=round(age))
        self._is_lost = True
        self._again_at = self._clock() + self._patience
        self._patience = min(self._patience * 2, _MOST_PATIENCE_SECONDS)
        try:
            _cut(self._client.current_session)
            self._client.connect_to_new_endpoint()
        except (SlackClientError, OSError) as error:
            _log.warning("socket_not_opened", error=type(error).__name__)
        else:
            self._heard_at = self._clock()  # the new one has its own time to be heard

    def _hear(self) -> None:
        self._heard_at, self._is_lost = self._clock(), False
        self._patience = LOOK_EVERY_SECONDS


def _cut(session: Connection | None) -> None:
    """End a connection at once: the SDK would wait until its reader has read for three seconds."""
    if session is None or session.sock is None:
        return
    with suppress(OSError):
        session.sock.shutdown(socket.SHUT_RDWR)
    session.disconnect()
