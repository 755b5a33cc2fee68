"""The form of a milestone, and what its date does to others, shown before it is saved."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from handlers.blocks.date_field import Dates, date_field, passed
from handlers.blocks.text import (
    Block,
    button,
    clip,
    combine,
    context,
    day_text,
    fitting,
    plain,
    section,
)
from handlers.registry.entry_words import days_text, milestone_text
from workflows.registry.cascade import Hit
from workflows.registry.editing import OpenEntry
from workflows.registry.facts import MilestoneFacts
from workflows.registry.milestones import MilestoneWanted, MovePreview

CALLBACK_ID, CONFIRM_ID = "milestone_form", "milestone_confirm"
PICK = "pick_milestone"
REMOVE = "remove_milestone"  # a button; its value is the key and the number
NAME = "name"
DATES = ("committed_on", "forecast_on", "reached_on")
_LABELS = {"committed_on": "Committed for", "forecast_on": "Expected now", "reached_on": "Reached"}
_A_NEW_ONE = "new"
_MOST_HITS = 12


class FormKey(BaseModel):
    """What the form remembers of itself."""

    key: str
    number: int | None


class Confirmation(BaseModel):
    """What is about to be saved."""

    key: str
    version: int = 0  # of the entry that it started from
    wanted: MilestoneWanted


def build(
    entry: OpenEntry, number: int | None, typed: Dates | None = None, name: str = ""
) -> Block:
    """Return the form of one milestone of an entry, or of a new one."""
    assert entry.facts is not None  # what has a key has facts
    known = next((one for one in entry.facts.milestones if one.number == number), None)
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": FormKey(key=entry.key, number=number).model_dump_json(),
        "title": plain("Milestone"),
        "submit": plain("Next"),
        "close": plain("Cancel"),
        "blocks": [
            _heading(entry, number),
            *([_removal(entry.key, known)] if known else []),
            _name_input(name or (known.name if known else ""), number),
            *(_date_input(part, number, known, typed) for part in DATES),
            context("Before it's saved, you'll see how I read the dates and who is affected."),
        ],
    }


def form_key(view: Block) -> FormKey:
    """Read which milestone the form is of."""
    return FormKey.model_validate_json(view["private_metadata"])


def suffix_of(number: int | None) -> str:
    """Return what ends the block ids of a milestone's dates.

    Slack keeps what was typed into a block of the same id: another milestone has others.
    """
    return f"_{number}" if number else ""


def name_block(number: int | None) -> str:
    """Return the id of the name's block, another for another milestone."""
    return f"{NAME}_{number or _A_NEW_ONE}"


def picked(value: str) -> int | None:
    """Read which milestone was picked; None: a new one."""
    return None if value == _A_NEW_ONE else int(value)


def parse_name(view: Block) -> str:
    """Read the name."""
    values = view["state"]["values"]
    field: Any = next((state for block, state in values.items() if block.startswith(NAME)), {})
    return (field.get(NAME, {}).get("value") or "").strip()


def confirm(preview: MovePreview, wanted: MilestoneWanted, today: date) -> Block:
    """Return the window that shows what will be saved, what has passed, and whom it hits."""
    remembered = Confirmation(key=preview.entry.key, version=preview.entry.version, wanted=wanted)
    lines = [f"*{preview.entry.key}*", milestone_text(preview.milestone)]
    return {
        "type": "modal",
        "callback_id": CONFIRM_ID,
        "private_metadata": remembered.model_dump_json(),
        "title": plain("Is this right?"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "blocks": [
            section("\n".join(lines)),
            *passed(_planned(wanted), today),
            *hit_blocks(preview.hits),
        ],
    }


def confirmation(view: Block) -> Confirmation:
    """Read what is to be saved."""
    return Confirmation.model_validate_json(view["private_metadata"])


def hit_blocks(hits: Sequence[Hit]) -> list[Block]:
    """Return whom a moved date hits, by how many days."""
    if not hits:
        return [context("Nobody who depends on it is affected.")]
    lines = [f"• {hit_text(hit)}" for hit in hits]
    count = f"{len(hits)} {'commitment' if len(hits) == 1 else 'commitments'}"
    return [section(combine([f"*{count} downstream*", fitting(lines, _MOST_HITS)]))]


def hit_text(hit: Hit) -> str:
    """Return what a moved date does to one commitment."""
    direction = "later" if hit.days > 0 else "earlier"
    now = f", now {day_text(hit.projected_on)}" if hit.projected_on else ""
    late = f", ⚠️ {days_text(hit.days_late)} after its commitment" if hit.days_late else ""
    return f"*{hit.name}*  {days_text(abs(hit.days))} {direction}{now}{late}"


def _planned(wanted: MilestoneWanted) -> tuple[date | None, ...]:
    return (wanted.committed_on, wanted.forecast_on) if wanted.reached_on is None else ()


def _heading(entry: OpenEntry, number: int | None) -> Block:
    assert entry.facts is not None  # what has a key has facts
    text = f"*{entry.key} · {clip(entry.facts.name, 150)}*"
    if not entry.facts.milestones:
        return section(f"{text}\nIts first milestone")
    options = [{"text": plain("A new one"), "value": _A_NEW_ONE}]
    options += [
        {"text": plain(clip(f"M{one.number} {one.name}", 75)), "value": str(one.number)}
        for one in entry.facts.milestones[-99:]
    ]
    wanted = str(number) if number else _A_NEW_ONE
    chosen = next((option for option in options if option["value"] == wanted), options[0])
    menu = {
        "type": "static_select",
        "action_id": PICK,
        "options": options,
        "initial_option": chosen,
    }
    return section(text, menu)


def _removal(key: str, known: MilestoneFacts) -> Block:
    remove = button(f"Remove M{known.number}", REMOVE, f"{key} {known.number}")
    return {"type": "actions", "elements": [remove]}


def _name_input(name: str, number: int | None) -> Block:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": NAME, "max_length": 200}
    return {
        "type": "input",
        "block_id": name_block(number),
        "label": plain("What will be done by then?"),
        "element": element | ({"initial_value": name} if name else {}),
    }


def _date_input(
    part: str, number: int | None, known: MilestoneFacts | None, typed: Dates | None
) -> Block:
    value: date | str | None = getattr(known, part) if known else None
    if part == "forecast_on" and known and known.forecast_on == known.committed_on:
        value = None  # it goes with the commitment until somebody says otherwise
    doubt = typed.doubtful.get(part) if typed else None
    if typed:
        value = typed.texts.get(part)
    block_id = f"{part}{suffix_of(number)}"
    return date_field(block_id, _LABELS[part], value, doubt, optional=part != "committed_on")
