"""Lists of initiatives, page by page."""

from handlers.blocks.text import (
    Block,
    button,
    clip,
    context,
    day_text,
    section,
)
from handlers.blocks.windows import window
from handlers.paging import page_buttons
from handlers.registry.entry_view import SHOW
from handlers.registry.entry_words import STAGE_WORDS
from storage.models import Initiative
from workflows.registry.listing import MINE, ListKind, Page, Wanted

PAGE_ACTION = "turn_list"  # the action ids of the buttons begin so
MOST_ASKED = 1500  # characters that a button remembers; its value takes 2,000


def list_window(page: Page) -> Block:
    """Return the window with a page of a list."""
    blocks = [context(_summary_line(page))]
    blocks += [_line(page, initiative) for initiative in page.initiatives]
    wanted = f"{page.wanted.kind} {page.wanted.words[:MOST_ASKED]}"
    blocks += page_buttons(PAGE_ACTION, wanted, page.number, page.pages)
    return window(_TITLES[page.wanted.kind], blocks)


def read_wanted(of: str) -> Wanted:
    """Read which list a page is of."""
    kind, _, words = of.partition(" ")
    return Wanted(ListKind(kind), words)


_TITLES = {
    ListKind.LIST: "Initiatives",
    ListKind.FIND: "Found",
    ListKind.STALE: "Stale entries",
}


def _summary_line(page: Page) -> str:
    words = clip(page.wanted.words, 60)
    title = f"“{words}”: " if words else ""
    count = f"{page.total:,} {'initiative' if page.total == 1 else 'initiatives'}"
    where = f" · page {page.number + 1} of {page.pages}" if page.pages > 1 else ""
    spelled = f" · read as “{clip(page.read_as, 60)}”" if page.read_as else ""
    if page.total == 0:
        return _nothing(page.wanted)
    if page.wanted.kind is ListKind.STALE:
        title = "Untouched for a week or more: "
    some = " · none has all of these words, these have some" if page.is_any else ""
    return f"{title}{count}{where}{spelled}{some}"


def _nothing(wanted: Wanted) -> str:
    """Return why a list is empty, and what would not be."""
    if wanted.kind is ListKind.STALE:
        return "No entry is stale."
    if wanted.kind is ListKind.FIND:
        return (
            f"Nothing found for “{clip(wanted.words, 60)}”. Try other words, or fewer; "
            "`/ai-project list` shows all initiatives."
        )
    if wanted.words == MINE:
        return "You lead no initiatives. `/ai-project list` shows everybody's."
    of = f" for “{clip(wanted.words, 60)}”" if wanted.words else " yet"
    return f"There are no initiatives{of}. `/ai-project new` adds one."


def _line(page: Page, initiative: Initiative) -> Block:
    entry = page.entries.get(initiative.key)
    target = f" · target {day_text(entry.target_on)}" if entry and entry.target_on else ""
    department = clip(initiative.department, 60)
    return section(
        f"*{initiative.key}*  {clip(initiative.name, 100)}\n"
        f"{STAGE_WORDS[initiative.stage]} · {department} · {_lead(page, initiative)}{target}",
        button("Show", SHOW, initiative.key),
    )


def _lead(page: Page, initiative: Initiative) -> str:
    if initiative.lead_id is None:
        return "no lead yet"
    return clip(page.names.get(initiative.lead_id, initiative.lead_id), 60)
