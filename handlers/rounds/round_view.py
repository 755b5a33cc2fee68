"""The window with every update of a round, page by page: worst first, and who is missing."""

import json
from zoneinfo import ZoneInfo

from handlers.blocks.text import Block, context, date_text, fitting, section
from handlers.blocks.windows import window
from handlers.paging import page_buttons
from handlers.updates.answers import UNCHANGED, missing_line, update_heading, update_texts
from storage.models import Confidence, Initiative, Update
from workflows.updates.policy import TEXT_FIELDS
from workflows.updates.reading import RoundReport

PAGE_ACTION = "turn_page"  # the action ids of the buttons begin so
_PER_PAGE, _PAGE_BYTES = 12, 80_000  # updates, whole texts; a view takes 100 blocks and 250 kB
_MOST_MISSING = 40
_WORST_FIRST = (Confidence.OFF_TRACK, Confidence.AT_RISK, Confidence.ON_TRACK)


def build(report: RoundReport, names: dict[str, str], zone: ZoneInfo, page: int = 0) -> Block:
    """Return one page of a round's updates; a page beyond the last shows the last."""
    paged = _paged(report)
    pages = len(paged)
    page = min(page, pages - 1)
    blocks: list[Block] = [] if page else _missing(report)
    for initiative, update in paged[page]:
        author = names.get(update.author_id, update.author_id)
        blocks += [
            section(update_heading(initiative, update, author, zone)),
            *([context(UNCHANGED)] if report.is_unchanged(update) else []),
            update_texts(update),
            {"type": "divider"},
        ]
    if not report.filed:
        blocks.append(section("Nothing has been filed for this call yet."))
    if pages > 1:
        blocks.append(context(f"Page {page + 1} of {pages}"))
    blocks += page_buttons(PAGE_ACTION, f"{report.round.call_on}", page, pages)
    called = context(f"For the call on {date_text(report.round.call_on)}")
    return window("Updates", [called, *blocks])


def _paged(report: RoundReport) -> list[list[tuple[Initiative, Update]]]:
    """Return the updates, worst first, by the pages that they fit on; at least one page."""
    pages: list[list[tuple[Initiative, Update]]] = [[]]
    held = 0
    for one in sorted(report.filed, key=lambda pair: _WORST_FIRST.index(pair[1].confidence)):
        size = sum(len(json.dumps(getattr(one[1], field))) for field in TEXT_FIELDS)
        if len(pages[-1]) == _PER_PAGE or (pages[-1] and held + size > _PAGE_BYTES):
            pages.append([])
            held = 0
        pages[-1].append(one)
        held += size
    return pages


def _missing(report: RoundReport) -> list[Block]:
    absent = [missing_line(standing) for standing in report.missing]
    if not absent:
        return []
    lines = [f"*{len(absent)} not filed*", *absent]
    return [section(fitting(lines, _MOST_MISSING + 1)), {"type": "divider"}]
