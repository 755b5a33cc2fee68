"""Opening a window, and changing one that somebody has open."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

_log = structlog.get_logger("rollcall.views")
_LOCKS = 64


class WindowQueue:
    """Lets one thing happen to a window at a time.

    Slack shows errors beside fields until the window is changed. So a change that a keystroke
    asked for has to be at Slack before the submission that came after it is answered.
    """

    def __init__(self) -> None:
        self._locks = [threading.Lock() for _ in range(_LOCKS)]

    @contextmanager
    def of(self, view: dict[str, Any]) -> Iterator[None]:
        """Wait until nobody else in this process is at the window, and keep others waiting."""
        with self._locks[hash(view["id"]) % _LOCKS]:
            yield


def show_view(client: WebClient, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Show a window: on top of the one that the press came from, or as a new one.

    Raises:
        SlackApiError, SlackRequestError, OSError: Slack did not take it.
    """
    is_within = (body.get("view") or {}).get("type") == "modal"
    show = client.views_push if is_within else client.views_open
    show(trigger_id=body.get("trigger_id", ""), view=view)


def change_view(client: WebClient, view: dict[str, Any], fresh: dict[str, Any]) -> None:
    """Redraw a window, unless it was closed or changed meanwhile.

    What Slack doesn't take now is left as it is: the next click or keystroke comes with the
    window's newest state, and an error in its place would be worse than an old line.
    """
    try:
        client.views_update(view_id=view["id"], hash=view.get("hash"), view=fresh)
    except (SlackApiError, SlackRequestError, OSError) as error:
        code = error.response["error"] if isinstance(error, SlackApiError) else ""
        _log.info("view_unchanged", error=code or type(error).__name__)
