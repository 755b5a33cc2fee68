"""Lists of escalations, oldest first."""

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.blocks.moments import day_near, moment_near
from handlers.blocks.sizes import first_blocks
from handlers.blocks.text import Block, button, clip, context, section
from handlers.escalations.words import KINDS, MARKS, STATES, level_text, name_of
from storage.models import Escalation
from workflows.escalations.policy import is_settled, next_level
from workflows.escalations.reading import Listed, Which

SHOW = "show_escalation"
_MOST, _LONGEST = 20, 8000
_NOTHING = {
    Which.OPEN: "Nothing is escalated. That's good news.",
    Which.MINE: "You have nothing escalated, and own nothing that is.",
    Which.KIND: "Nothing of this kind is open.",
    Which.INITIATIVE: "Nothing was ever escalated for this initiative.",
}


def listed(found: Listed, zone: ZoneInfo, now: datetime) -> list[Block]:
    """Return the list, each with a button that shows it."""
    if not found.several:
        return [section(_NOTHING[found.which])]
    rows = [[_row(found, one, zone, now)] for one in found.several]
    more = "and {count} more: `/ai-escalate list mine`, or a key, lists fewer."
    return [
        section(f"*{heading(found)}*"),
        *first_blocks(rows, _MOST, _LONGEST, lambda count: more.format(count=count)),
    ]


def heading(found: Listed) -> str:
    """Return what a list is of, and how many it has."""
    count = len(found.several)
    match found.which:
        case Which.MINE:
            return f"{count} open that you opened or own"
        case Which.KIND:
            return f"{KINDS[found.kind] if found.kind else 'All'}: {count} open"
        case Which.INITIATIVE:
            return f"{found.wanted}: {count} in all, newest first"
    return f"{count} open, oldest first"


def help_blocks(text: str, notice: str = "") -> list[Block]:
    """Return how the command is used, below what was wrong."""
    return [*([section(notice)] if notice else []), context(text)]


def _row(found: Listed, one: Escalation, zone: ZoneInfo, now: datetime) -> Block:
    today = now.astimezone(zone).date()
    opened = day_near(one.opened_at.astimezone(zone).date(), today)
    owner = found.names.get(one.owner_id or "", "") or level_text(one.kind, one.level)
    status = f"{STATES[one.state]}, with {owner}, since {opened}"
    if is_settled(one):
        status = STATES[one.state]
    elif one.moves_at is not None and (level := next_level(one.kind, one.level)):
        when = moment_near(one.moves_at, zone, now)
        status += f"; goes to {level_text(one.kind, level)} {when}"
    initiative = found.initiatives.get(one.initiative_key)
    title = clip(initiative.name, 80) if initiative else ""
    said = (
        f"{MARKS[one.kind]} *{name_of(one)}* · *{one.initiative_key}* {title}\n"
        f"{clip(' '.join(one.what.split()), 200)}\n{status}"
    )
    return section(said, button("Show", SHOW, name_of(one)))
