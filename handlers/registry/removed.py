"""What was taken away from an entry, with the button that puts it back."""

from handlers.blocks.text import Block, button, listed, plain, section
from handlers.blocks.windows import notice
from handlers.registry.entry_words import dependency_text, milestone_text
from workflows.registry.removing import Removed

UNDO = "undo_removal"  # a button; its value is the key and the version that took it away
_MOST_NAMED = 10


def blocks(removed: Removed) -> list[Block]:
    """Return what has gone, the button that undoes it, and who waits for it."""
    key, version = removed.known.initiative.key, removed.known.version
    if removed.milestone is not None:
        text = f"🗑️ Removed from *{key}*: {milestone_text(removed.milestone)}"
    elif removed.dependency is not None:
        text = f"🗑️ Removed: *{key}* {dependency_text(removed.dependency)}"
    else:
        return []
    told = [section(text, button("Undo", UNDO, f"{key} {version}"))]
    if removed.waiting:
        who = listed(list(removed.waiting), _MOST_NAMED)
        verb = "waits" if len(removed.waiting) == 1 else "wait"
        told.append(section(f"⚠️ *{who} {verb} for it.* Talk to the lead, or undo it."))
    return told


def window(removed: Removed) -> Block:
    """Return the window that stands in place of what was taken away."""
    gone = notice("It had been removed before.", title="Removed")
    return {**gone, "close": plain("Done"), "blocks": blocks(removed) or gone["blocks"]}


def back(key: str) -> Block:
    """Return the window that says that it is undone."""
    done = notice(f"✅ Undone: *{key}* is as it was before.", title="Undone")
    return {**done, "close": plain("Done")}
