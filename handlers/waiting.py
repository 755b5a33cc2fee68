"""*Waits for you*: the one list of what is asked of somebody, in the App Home and in a window."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from handlers.blocks.text import Block, Text, context, cut, header, marked, plain, section
from handlers.contributed import Waiting, what_waits
from handlers.views import change_view
from workflows.services import Actor, Services

WINDOW = "waits_for_you"  # the window's callback id; nothing is sent with it
MOST_SHOWN = 10
_LONGEST = 900  # characters of one line
TITLE = "Waits for you"
_NOTHING = "🎉 Nothing waits for you. Have a good day!"


def waiting_blocks(several: Sequence[Waiting]) -> list[Block]:
    """Return the first things that wait for somebody, each with its press; the rest is counted."""
    rows = [section(_clipped(one.line), one.pressed) for one in several[:MOST_SHOWN]]
    hidden = len(several) - MOST_SHOWN
    more = [context(f"And {hidden:,} more, which come up as these are done.")] if hidden > 0 else []
    return [*rows, *more] or [section(_NOTHING)]


def _clipped(line: Text) -> Text:
    return cut(marked(line), _LONGEST)


def headed(several: Sequence[Waiting]) -> list[Block]:
    """Return the same below its title, for the App Home."""
    return [header(TITLE), *waiting_blocks(several)]


def waiting_window(several: Sequence[Waiting]) -> Block:
    """Return the window that shows it anywhere."""
    return {
        "type": "modal",
        "callback_id": WINDOW,
        "title": plain(TITLE),
        "close": plain("Close"),
        "blocks": waiting_blocks(several),
    }


def keep_current(
    client: WebClient, services: Services, actor: Actor, zone: ZoneInfo, body: dict[str, Any]
) -> None:
    """Show the list as it is now, where something was pressed in its window."""
    view = body.get("view") or {}
    if view.get("callback_id") == WINDOW:
        change_view(client, view, waiting_window(what_waits(services, actor, zone)))
