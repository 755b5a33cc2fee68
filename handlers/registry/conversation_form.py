"""The window that links a message to an initiative."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from handlers.blocks.text import Block, clip, plain
from storage.models import Initiative

SHORTCUT = "link_to_initiative"  # the message shortcut's id in the manifest
CALLBACK_ID = "link_conversation"
OWN, OTHER, WORDS = "own", "other", "words"
_MOST_OPTIONS = 100


class Linked(BaseModel):
    """The message that the window was opened on."""

    channel_id: str
    ts: str


def build(own: Sequence[Initiative], channel_id: str, ts: str, said: str) -> Block:
    """Return the window; `said` is the beginning of the message."""
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": Linked(channel_id=channel_id, ts=ts).model_dump_json(),
        "title": plain("Link to an initiative"),
        "submit": plain("Link"),
        "close": plain("Cancel"),
        "blocks": [
            *([_own(own)] if own else []),
            _line(OTHER, "Another one: its key or name" if own else "Its key or name", ""),
            _line(WORDS, "What is it about?", clip(" ".join(said.split()), 200)),
        ],
    }


def linked(view: Block) -> Linked:
    """Read which message it was."""
    return Linked.model_validate_json(view["private_metadata"])


def wanted(view: Block) -> tuple[str, str]:
    """Read the initiative, by whatever it was called, and the words."""
    values = view["state"]["values"]
    picked = (values.get(OWN, {}).get(OWN, {}).get("selected_option") or {}).get("value", "")
    typed = (values[OTHER][OTHER].get("value") or "").strip()
    return typed or picked, (values[WORDS][WORDS].get("value") or "").strip() or "Conversation"


def _own(own: Sequence[Initiative]) -> Block:
    options = [
        {"text": plain(clip(f"{one.key} {one.name}", 75)), "value": one.key}
        for one in own[:_MOST_OPTIONS]
    ]
    element: dict[str, Any] = {"type": "static_select", "action_id": OWN, "options": options}
    if len(options) == 1:
        element["initial_option"] = options[0]
    return {
        "type": "input",
        "block_id": OWN,
        "label": plain(_label(len(own))),
        "optional": True,
        "element": element,
    }


def _label(count: int) -> str:
    more = f" ({count - _MOST_OPTIONS} more: by key or name, below)" * (count > _MOST_OPTIONS)
    return f"One of yours{more}"


def _line(name: str, label: str, value: str) -> Block:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": name, "max_length": 200}
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "optional": True,
        "element": element | ({"initial_value": value} if value else {}),
    }
