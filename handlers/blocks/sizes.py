"""How much a message holds: what doesn't fit any more is counted, and said."""

from collections.abc import Callable, Sequence

from handlers.blocks.text import Block, Text, context

MOST_BLOCKS = 50  # of a message
MOST_CHARACTERS = 10_000  # Slack takes some 13,000 and says so nowhere


def characters(node: object) -> int:
    """Return how many characters of text a block, or several, hold."""
    if isinstance(node, dict):
        own = len(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(characters(child) for child in node.values())
    return sum(map(characters, node)) if isinstance(node, list) else 0


def fits(blocks: list[Block]) -> bool:
    """Tell whether a message takes so many blocks and characters."""
    return len(blocks) <= MOST_BLOCKS and characters(blocks) <= MOST_CHARACTERS


def first_blocks(
    several: Sequence[list[Block]], most: int, length: int, more: Callable[[int], Text]
) -> list[Block]:
    """Return the blocks of the first things, and a line that says how many more there are.

    That is at most so many things, and so many characters.
    """
    blocks: list[Block] = []
    for place, one in enumerate(several):
        if place == most or (blocks and characters(blocks) + characters(one) > length):
            return [*blocks, context(more(len(several) - place))]
        blocks += one
    return blocks
