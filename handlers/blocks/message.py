"""A message as Slack takes it."""

from dataclasses import dataclass

from handlers.blocks.text import Block, Text, cut, marked, section

_LONGEST_TEXT = 3000  # characters; Slack advises against more than 4,000


@dataclass(frozen=True)
class Message:
    """A message as Slack takes it; `text` is for notifications and screen readers."""

    text: Text
    blocks: list[Block]

    @property
    def wire_text(self) -> str:
        """Return the text as Slack takes it: escaped, and not longer than anybody reads."""
        return cut(marked(self.text), _LONGEST_TEXT).wire


def settled() -> Message:
    """Return what is left of a message that has nothing to say any more."""
    said = "This is settled: there is nothing left to do."
    return Message(text=said, blocks=[section(said)])
