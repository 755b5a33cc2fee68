"""The window with every update of a round, page by page."""

from datetime import date
from zoneinfo import ZoneInfo

from handlers.blocks.answers import update_heading, update_texts
from handlers.blocks.text import Block, button, context, date_text, plain, section
from workflows.updates.reading import RoundReport

TURN_PAGE = "turn_page"  # the action ids of the buttons begin so
_PER_PAGE = 12  # updates: whole texts, two blocks each, under a view's 250 kB


def build(report: RoundReport, names: dict[str, str], zone: ZoneInfo, page: int = 0) -> Block:
    """Return one page of a round's updates; a page beyond the last shows the last."""
    pages = max(1, -(-len(report.filed) // _PER_PAGE))
    page = min(page, pages - 1)
    blocks: list[Block] = []
    for initiative, update in report.filed[page * _PER_PAGE : (page + 1) * _PER_PAGE]:
        author = names.get(update.author_id, update.author_id)
        blocks += [
            section(update_heading(initiative, update, author, zone)),
            update_texts(update),
            {"type": "divider"},
        ]
    if not blocks:
        blocks = [section("Nothing was filed for this call yet.")]
    if pages > 1:
        blocks += [
            context(f"Page {page + 1} of {pages}"),
            _turning(report.round.call_on, page, pages),
        ]
    return {
        "type": "modal",
        "title": plain("Updates"),
        "close": plain("Close"),
        "blocks": [context(f"For the call on {date_text(report.round.call_on)}"), *blocks],
    }


def read_turn(value: str) -> tuple[date, int]:
    """Read which round and page a button asks for."""
    call_on, page = value.split(" ")
    return date.fromisoformat(call_on), int(page)


def _turning(call_on: date, page: int, pages: int) -> Block:
    turns = [("Previous", page - 1), ("Next", page + 1)]
    return {
        "type": "actions",
        "elements": [
            button(label, f"{TURN_PAGE}_{label.lower()}", f"{call_on} {target}")
            for label, target in turns
            if 0 <= target < pages
        ],
    }
