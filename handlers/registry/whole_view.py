"""The window with the texts of an entry that it shows the beginning of, whole, page by page."""

from collections.abc import Sequence

from handlers.blocks.text import Block, clip, context, paragraphs, section
from handlers.blocks.windows import window
from handlers.paging import page_buttons
from handlers.registry.entry_view import long_texts
from workflows.registry.recording import Known

PAGE_ACTION = "turn_whole"  # the action ids of the buttons begin so
_PAGE_LENGTH = 6000  # characters; a view takes 250 kB, in which a sign can take twelve bytes

Pages = list[list[tuple[str, str]]]  # of labels and what stands under them


def whole_window(known: Known, page: int = 0) -> Block:
    """Return one page of the long texts of an entry; a page beyond the last shows the last."""
    key = known.initiative.key
    pages = paged(long_texts(known.facts))
    page = min(page, len(pages) - 1)
    blocks: list[Block] = [section(f"*{key} · {clip(known.facts.name, 150)}*")]
    if pages[page]:
        blocks.append(paragraphs(pages[page]))
    else:
        blocks.append(section("Its texts have become shorter: all of them stand in its entry now."))
    if len(pages) > 1:
        blocks.append(context(f"Page {page + 1} of {len(pages)}"))
    return window(clip(key, 24), [*blocks, *page_buttons(PAGE_ACTION, key, page, len(pages))])


def paged(texts: Sequence[tuple[str, str]], length: int = _PAGE_LENGTH) -> Pages:
    """Return texts with their labels by the pages that they fit on; at least one page."""
    pages: Pages = [[]]
    held = 0
    for label, piece in [(label, piece) for label, text in texts for piece in _cut(text, length)]:
        if pages[-1] and held + len(piece) > length:
            pages.append([])
            held = 0
        pages[-1].append((label, piece))
        held += len(piece)
    return pages


def _cut(text: str, length: int) -> list[str]:
    """Return a text in pieces, each ending with a word where there are any."""
    pieces = []
    while len(text) > length:
        end = max(text.rfind(blank, length // 2, length) for blank in " \n") + 1 or length
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text]
