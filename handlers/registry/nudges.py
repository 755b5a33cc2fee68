"""A stale entry of the registry, mentioned in a message that is sent anyway."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from handlers.blocks.message import Message
from handlers.blocks.personal import EDIT
from handlers.blocks.text import button, context, date_text, section
from storage.models import Entry

_MOST_NUDGED = 5


def with_nudges(message: Message, stale: Sequence[Entry], zone: ZoneInfo) -> Message:
    """Return the message with what was not touched for long, and a button for each."""
    blocks = list(message.blocks)
    for entry in stale[:_MOST_NUDGED]:
        touched = date_text(entry.changed_at.astimezone(zone).date())
        said = (
            f"🗂️ *{entry.initiative_key}* in the registry was last changed on {touched}. "
            "Is it still right?"
        )
        blocks.append(section(said, button("Check it", EDIT, entry.initiative_key)))
    if len(stale) > _MOST_NUDGED:
        blocks.append(context(f"And {len(stale) - _MOST_NUDGED} more: type `/ai-project stale`."))
    return Message(text=message.text, blocks=blocks)
