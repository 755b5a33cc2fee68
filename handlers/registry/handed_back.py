"""What tells whoever named a lead that it isn't theirs."""

from handlers.blocks.message import Message
from handlers.blocks.personal import EDIT
from handlers.blocks.text import button, clip, section
from storage.models import Initiative

NOT_MINE = "not_mine"  # a button; its value is the key of the initiative


def handed_back(initiative: Initiative, lead_name: str) -> Message:
    """Return what tells whoever named a lead that it isn't theirs."""
    said = f"{lead_name} says that {initiative.key} isn't theirs."
    rest = f"{clip(initiative.name, 150)} has no lead now, so nobody is asked for its update."
    return Message(
        text=said,
        blocks=[section(f"*{said}*\n{rest}", button("Name a lead", EDIT, initiative.key))],
    )
