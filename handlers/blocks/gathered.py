"""Several messages to one person in one, and the quiet things that every message carries."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.blocks.message import Message
from handlers.blocks.personal import EDIT, OPEN_UPDATE
from handlers.blocks.sizes import fits
from handlers.blocks.text import (
    Block,
    clip,
    combine,
    context,
    fill,
    mention,
    moment_text,
    plain,
)
from storage.models import Heartbeat

EXPLAIN = "explain_message"  # the menu of each message; its value is the message's key


def together(messages: Sequence[Message]) -> tuple[Message, int]:
    """Return the first messages as one, and how many of them it holds; the first always fits."""
    count = 1
    while count < len(messages) and fits(_joined(messages[: count + 1])):
        count += 1
    blocks = _joined(messages[:count])
    text = combine([message.text for message in messages[:count]], " · ")
    return Message(text, blocks), count


def with_menu(message: Message, key: str) -> Message:
    """Return the message with a quiet menu that tells why it was sent.

    It stands at the first line that has room for it, else below.
    """
    menu: Block = {
        "type": "overflow",
        "action_id": EXPLAIN,
        "options": [{"text": plain("Why am I getting this?"), "value": clip(key, 150)}],
    }
    blocks = list(message.blocks)
    for position, block in enumerate(blocks):
        if block["type"] == "section" and "accessory" not in block:
            blocks[position] = {**block, "accessory": menu}
            return Message(message.text, blocks)
    blocks.append({"type": "actions", "elements": [menu]})
    return Message(message.text, blocks)


def with_lateness(
    message: Message, late: timedelta, standstill: Heartbeat | None, zone: ZoneInfo
) -> Message:
    """Return the message with a last line that says how late it comes and, if known, why."""
    said = f"This is {duration_text(late)} late"
    if standstill and standstill.down_from_at and standstill.down_until_at:
        said += f": I was down {_span(standstill.down_from_at, standstill.down_until_at, zone)}"
    return Message(message.text, [*message.blocks, context(f"{said}.")])


def instead_of(message: Message, recipient_id: str) -> Message:
    """Return the message as others read it: whom it was for, then what it says to them.

    The buttons that only they may press are gone.
    """
    who = mention(recipient_id)
    said = fill("This was for {who}, where Slack does not take it. It reads:", who=who)
    blocks = [_without_button(block) for block in message.blocks]
    text = fill("For {who}: {words}", who=who, words=message.text)
    return Message(text, [context(said), *blocks])


def duration_text(length: timedelta) -> str:
    """Return a length of time in its two largest units, as «2 h 5 min»."""
    minutes = round(length.total_seconds() / 60)
    days, minutes = divmod(minutes, 1440)
    hours, minutes = divmod(minutes, 60)
    units = ((days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join(f"{count} {unit}" for count, unit in units if count) or "0 min"


def _opens_form(block: Block) -> bool:
    return (block.get("accessory") or {}).get("action_id") in (OPEN_UPDATE, EDIT)


def _without_button(block: Block) -> Block:
    if not _opens_form(block):
        return block
    return {part: value for part, value in block.items() if part != "accessory"}


def _span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    return f"from {moment_text(start, zone)} to {moment_text(end, zone)}"


def _joined(messages: Iterable[Message]) -> list[Block]:
    blocks: list[Block] = []
    for message in messages:
        blocks += [{"type": "divider"}] if blocks else []
        blocks += message.blocks
    return blocks
