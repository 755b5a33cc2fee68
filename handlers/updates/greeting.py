"""What somebody who writes to the bot is told it can do."""

from handlers.blocks.message import Message
from handlers.blocks.text import section


def greeting(*, is_guest: bool = False, is_manager: bool = False, files: bool = True) -> Message:
    """Return what answers somebody who writes to the bot; `files`: they answer for something."""
    lines = ["To file, press *Fill in* or type `/ai-status`."]
    if not files:
        lines = ["You have no updates to file."]
    if is_guest:
        lines = ["You're a guest here: you can read everything, and members file the updates."]
    lines.append("To look something up: `/ai-project find TEXT`.")
    if is_manager:
        lines.append("To import an inventory, send it to me here (CSV or XLSX).")
    lines.append("All commands: `/ai-status help` and `/ai-project help`.")
    return Message(text=lines[0].replace("*", ""), blocks=[section("👋 " + "\n".join(lines))])
