"""Windows that only show something."""

from collections.abc import Sequence

from handlers.blocks.text import Block, Text, plain, section


def window(title: str, blocks: Sequence[Block]) -> Block:
    """Return a window with nothing to send."""
    return {
        "type": "modal",
        "title": plain(title),
        "close": plain("Close"),
        "blocks": list(blocks),
    }


def notice(text: Text, title: str = "Rollcall") -> Block:
    """Return a small window that says something, in mrkdwn."""
    return window(title, [section(text)])
