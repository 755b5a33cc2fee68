"""Block Kit payloads, checked as strictly as Slack checks them."""

import json
from typing import Any, Literal

from pydantic import ValidationError

from sandbox.limits.faults import line, worded
from sandbox.limits.strict import Strict, chooser
from sandbox.limits.views import VIEW_BYTES, Home, MessageBlocks, Modal, ViewBlocks
from sandbox.limits.whole import across_blocks, across_message, across_view

Surface = Literal["message", "modal", "home"]

_VIEWS = chooser(Modal, Home)


def check_blocks(blocks: object, surface: Surface) -> list[str]:
    """Return the faults of a list of blocks, in Slack's words; none if it is fine."""
    holder: dict[str, Any] = {"blocks": blocks}
    shape: type[Strict] = MessageBlocks if surface == "message" else ViewBlocks
    try:
        shape.model_validate(holder)
    except ValidationError as error:
        return worded(error)
    across = across_message(holder["blocks"]) if surface == "message" else across_view(holder)
    return across_blocks(holder["blocks"], surface) + across


def check_view(view: object) -> list[str]:
    """Return the faults of a modal or a home tab, in Slack's words; none if it is fine."""
    try:
        _VIEWS(view)
    except ValidationError as error:
        return worded(error)
    found: dict[str, Any] = dict(view) if isinstance(view, dict) else {}
    if len(_compact(found)) > VIEW_BYTES:
        return [line(f"must be less than {VIEW_BYTES + 1} bytes")]
    return across_blocks(found["blocks"], found["type"]) + across_view(found)


def _compact(view: dict[str, Any]) -> bytes:
    return json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode()
