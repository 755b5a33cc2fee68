"""The two ways in which Slack reaches the bot: a socket that we open, or requests to us."""

import signal
import socket
import threading
from types import FrameType
from typing import Protocol

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.jobs.ticking import ticking
from bot.receiving.http import serve_http
from bot.receiving.sockets import LOOK_EVERY_SECONDS, SocketWatch, close_for_good
from bot.refusals import code_of
from bot.settings import Settings, StartRefusedError

_NEVER_SECONDS = 1e9
_log = structlog.get_logger("rollcall.serve")


class Receiver(Protocol):
    """How Slack's payloads come in."""

    def age(self) -> float | None:
        """Return the seconds since Slack was last heard, or None where that says nothing."""

    def is_open(self) -> bool:
        """Tell whether Slack can reach us, as far as we know."""

    def serve(self) -> None:
        """Serve until SIGTERM or SIGINT; what has been received is answered before the end.

        Raises:
            StartRefusedError: Slack does not let us.
        """


class HttpReceiver:
    """Slack posts to us."""

    def __init__(self, app: App, listening: socket.socket, signing_secret: str) -> None:
        self._app, self._listening, self._secret = app, listening, signing_secret

    def age(self) -> float | None:
        """Return None: there is no connection to be heard on."""
        return None

    def is_open(self) -> bool:
        """Return True: whoever wants to connects."""
        return True

    def serve(self) -> None:
        """Serve until told to stop."""
        serve_http(self._app, self._listening, self._secret)


class SocketReceiver:
    """We keep a socket open to Slack."""

    def __init__(self, app: App, settings: Settings) -> None:
        assert settings.slack_app_token is not None  # refused above
        # The SDK's own look goes by the wall clock; ours is in its place.
        self._handler = SocketModeHandler(
            app, settings.slack_app_token.get_secret_value(), ping_interval=_NEVER_SECONDS
        )
        self._watch = SocketWatch(self._handler.client)

    def age(self) -> float | None:
        """Return the seconds since Slack was last heard."""
        return self._watch.age()

    def is_open(self) -> bool:
        """Tell whether there is a socket that Slack was heard on."""
        return self._watch.is_open()

    def serve(self) -> None:
        """Serve until SIGTERM or SIGINT; what has been received is answered before the end."""
        told_to_stop = threading.Event()

        def stop(_signal: int, _frame: FrameType | None) -> None:
            told_to_stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        try:
            self._handler.connect()
        except (SlackClientError, OSError) as error:
            code = code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
            raise StartRefusedError(f"SLACK_APP_TOKEN: no socket can be opened ({code})") from None
        _log.info("connected")
        with ticking("socket", LOOK_EVERY_SECONDS, self._watch.look):
            told_to_stop.wait()
        close_for_good(self._handler.client)
