"""The form of a dependency, and what speaks against it, shown before it is saved."""

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
from handlers.registry.entry_words import KIND_WORDS, dependency_text
from storage.models import Access, DependencyKind
from workflows.registry.clashes import Clash
from workflows.registry.editing import OpenEntry
from workflows.registry.linking import DependencyWanted, LinkPreview

CALLBACK_ID, CONFIRM_ID = "link_form", "link_confirm"
REMOVE = "remove_dependency"  # a button; its value is the key and the number
KIND, THING, MILESTONE, ACCESS = "kind", "thing", "milestone", "access"
DATES = ("need_by", "until_on")
_LABELS = {"need_by": "Needed by", "until_on": "Until (people and platforms)"}
_ACCESS_WORDS = {Access.READS: "Reads it", Access.CHANGES: "Changes it"}
_MOST_LISTED = 10
_MOST_CLASHES = 10
_ALL = "0"  # of the initiative, not one milestone


class FormKey(BaseModel):
    """What the form remembers of itself."""

    key: str


class Confirmation(BaseModel):
    """What is about to be saved."""

    key: str
    version: int = 0  # of the entry that it started from
    wanted: DependencyWanted


def build(entry: OpenEntry, typed: Dates | None = None, view: Block | None = None) -> Block:
    """Return the form of a new dependency, below those that there are."""
    assert entry.facts is not None  # what has a key has facts
    known = [
        section(f"• {dependency_text(one)}", button("Remove", REMOVE, f"{entry.key} {one.number}"))
        for one in entry.facts.dependencies[-_MOST_LISTED:]
    ]
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": FormKey(key=entry.key).model_dump_json(),
        "title": plain("Dependency"),
        "submit": plain("Next"),
        "close": plain("Cancel"),
        "blocks": [
            section(f"*{entry.key} · {clip(entry.facts.name, 150)}* depends on …"),
            *known,
            *_inputs(entry, typed, _values(view)),
            context("Before it's saved, you'll see whether anything conflicts."),
        ],
    }


def form_key(view: Block) -> FormKey:
    """Read which entry the form is of."""
    return FormKey.model_validate_json(view["private_metadata"])


def parse(view: Block, dates: Dates) -> DependencyWanted:
    """Read the dependency; its dates were read before."""
    values = _values(view)
    milestone = int(values.get(MILESTONE) or _ALL)
    access = values.get(ACCESS)
    kind = DependencyKind(values[KIND])
    return DependencyWanted(
        kind=kind,
        thing=values.get(THING, ""),
        milestone=milestone or None,
        access=Access(access or "reads") if kind is DependencyKind.DATA else None,
        need_by=dates.days["need_by"],
        until_on=dates.days["until_on"],
    )


def confirm(preview: LinkPreview, wanted: DependencyWanted, today: date) -> Block:
    """Return the window that shows what will be saved, and what speaks against it."""
    remembered = Confirmation(key=preview.entry.key, version=preview.entry.version, wanted=wanted)
    blocks = [section(f"*{preview.entry.key}* {dependency_text(preview.dependency)}")]
    if preview.promised_on:
        blocks.append(
            section(
                f"⚠️ *Date at risk:* {preview.dependency.thing} "
                f"is expected on {day_text(preview.promised_on)}, later than needed. "
                "Talk to its lead, or move one of the two dates."
            )
        )
    if preview.clashes:
        lines = [f"• {clash_text(clash)}" for clash in preview.clashes]
        blocks.append(section(combine(["⚠️ *Others need it too*", fitting(lines, _MOST_CLASHES)])))
    if len(blocks) == 1:
        blocks.append(context("No conflicts found."))
    blocks[1:1] = passed((wanted.need_by, wanted.until_on), today)
    return {
        "type": "modal",
        "callback_id": CONFIRM_ID,
        "private_metadata": remembered.model_dump_json(),
        "title": plain("Is this right?"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def confirmation(view: Block) -> Confirmation:
    """Read what is to be saved."""
    return Confirmation.model_validate_json(view["private_metadata"])


def clash_text(clash: Clash) -> str:
    """Return how another initiative gets in the way."""
    thing = clip(clash.thing, 100)
    if clash.dependency.kind is DependencyKind.DATA:
        verb = "changes" if clash.dependency.access is Access.CHANGES else "reads"
        return f"*{clash.key}* {verb} {thing}"
    assert clash.from_on and clash.until_on  # a pool clashes on days
    if clash.from_on == clash.until_on:
        return f"*{clash.key}* needs {thing} on {day_text(clash.from_on)}, too"
    return (
        f"*{clash.key}* needs {thing} from {day_text(clash.from_on)} to {day_text(clash.until_on)}"
    )


def _inputs(entry: OpenEntry, typed: Dates | None, values: dict[str, str]) -> list[Block]:
    assert entry.facts is not None  # what has a key has facts
    kinds = {kind.value: KIND_WORDS[kind].capitalize() for kind in DependencyKind}
    waiting = {_ALL: "The whole initiative"} | {
        str(one.number): clip(f"M{one.number} {one.name}", 75)
        for one in entry.facts.milestones[-99:]
    }
    access = {access.value: word for access, word in _ACCESS_WORDS.items()}
    thing: dict[str, Any] = {"type": "plain_text_input", "max_length": 200}
    thing["placeholder"] = plain("FIN-01, FIN-01/M2, or what the data, model or platform is called")
    if values.get(THING):
        thing["initial_value"] = values[THING]
    return [
        _input(KIND, "What kind of thing?", _menu(kinds, values.get(KIND))),
        _input(THING, "Which one?", thing),
        _input(ACCESS, "Data: read or changed?", _menu(access, values.get(ACCESS)), optional=True),
        _input(MILESTONE, "What waits for it?", _menu(waiting, values.get(MILESTONE) or _ALL)),
        *(
            date_field(
                part,
                _LABELS[part],
                typed.texts.get(part) if typed else None,
                typed.doubtful.get(part) if typed else None,
            )
            for part in DATES
        ),
    ]


def _input(name: str, label: str, element: dict[str, Any], *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "optional": optional,
        "element": element | {"action_id": name},
    }


def _menu(words: dict[str, str], value: str | None) -> dict[str, Any]:
    options = {key: {"text": plain(word), "value": key} for key, word in words.items()}
    menu: dict[str, Any] = {"type": "static_select", "options": list(options.values())}
    return menu | ({"initial_option": options[value]} if value in options else {})


def _values(view: Block | None) -> dict[str, str]:
    """Return what was picked and typed, by its block; without the dates."""
    found = {}
    for name in (KIND, THING, MILESTONE, ACCESS):
        state = (view or {}).get("state", {}).get("values", {}).get(name, {}).get(name, {})
        picked = (state.get("selected_option") or {}).get("value")
        found[name] = str(picked or state.get("value") or "").strip()
    return found
