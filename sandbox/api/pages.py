"""Pages of long answers: a limit and a cursor that says where the next one begins."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from sandbox.slack_error import SlackError

Item = TypeVar("Item")


def page_of(items: Sequence[Item], limit: int, cursor: str | None) -> tuple[list[Item], str]:
    """Return at most `limit` items from the cursor on, and the next cursor (empty at the end).

    Raises:
        SlackError: the cursor is none of ours, or the limit is out of bounds.
    """
    if not 1 <= limit <= 1000:
        raise SlackError("invalid_limit")
    start = _read_cursor(cursor) if cursor else 0
    following = start + limit
    return list(items[start:following]), _cursor(following) if following < len(items) else ""


def _cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _read_cursor(cursor: str) -> int:
    try:
        kind, _, start = base64.b64decode(cursor, validate=True).decode().partition(":")
        if kind != "next":
            raise SlackError("invalid_cursor")
        return int(start)
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None
