"""The form of a registry entry, in three steps, built and read."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from handlers.blocks.text import Block, clip, context, plain, section
from handlers.registry.entry_words import STAGE_WORDS
from storage.models import Stage
from workflows.registry.editing import OpenEntry
from workflows.registry.fact_list import BY_NAME, FACTS, LABELS, MEANS, PLAN, PURPOSE
from workflows.registry.facts import LONGEST_TEXT, Facts, longest

CALLBACK_ID = "entry_form"
FIELD = "field"  # the action id of every element; its block is named after the fact
_STEPS = {
    step: tuple(fact.name for fact in FACTS if fact.step == step) for step in (PURPOSE, MEANS, PLAN)
}
_NUMBERS = ("budget_approved", "budget_spent", "budget_forecast", "change_percent")
_MOST_OPTIONS = 100
_MOST_DEPUTIES = 10


class FormKey(BaseModel):
    """What the form remembers of itself in private_metadata."""

    key: str  # NEW for one that is being entered
    version: int  # that it shows
    step: int


def build(
    form: OpenEntry, step: int, typed: Mapping[str, Any] | None = None, notice: str = ""
) -> Block:
    """Return one step of the form: as the entry is, or as somebody had typed it."""
    values = {name: getattr(form.facts, name) for name in LABELS} if form.facts else {}
    values |= {**form.typed, **(typed or {})}
    remembered = FormKey(key=form.key, version=form.version, step=step)
    is_last = step == PLAN
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": remembered.model_dump_json(),
        "title": plain("Registry entry"),
        "submit": plain("Save" if is_last else "Save, next step"),
        "close": plain("Cancel"),
        "blocks": [
            *([section(notice)] if notice else []),
            section(_heading(form)),
            context(_progress_line(form, step)),
            *(
                _input(part, values.get(part), form.departments) | _cut_hint(form.facts, part)
                for part in _STEPS[step]
            ),
        ],
    }


def form_key(view: Block) -> FormKey:
    """Read which entry, version and step the form is of."""
    return FormKey.model_validate_json(view["private_metadata"])


def parse(view: Block) -> dict[str, Any]:
    """Read the facts of this step as they were typed; what is empty is None, "" or [].

    What the form does not show, since an earlier version has drawn it, is not among them.
    """
    values = view["state"]["values"]
    shown = [part for part in _STEPS[form_key(view).step] if part in values]
    return {part: _value(part, values[part].get(FIELD, {})) for part in shown}


def _heading(form: OpenEntry) -> str:
    if form.facts is None:
        return "*A new initiative*"
    return f"*{form.key} · {clip(form.facts.name, 150)}*"


def _progress_line(form: OpenEntry, step: int) -> str:
    draft = "your draft · " if form.is_draft else ""
    return f"Step {step} of {len(_STEPS)} · {draft}what you type is kept, and every version stays"


def _value(part: str, state: Mapping[str, Any]) -> Any:
    if "selected_option" in state:
        return (state["selected_option"] or {}).get("value")
    for kind in ("selected_date", "selected_user", "selected_users"):
        if kind in state:
            return state[kind]
    typed = (state.get("value") or "").strip()
    return typed if typed or part not in _NUMBERS else None


def _input(part: str, value: Any, departments: Sequence[str]) -> Block:
    return {
        "type": "input",
        "block_id": part,
        "label": plain(BY_NAME[part].label),
        "optional": not BY_NAME[part].is_required,
        "dispatch_action": True,
        "element": _element(part, value, departments) | {"action_id": FIELD},
    }


def _cut_hint(facts: Facts | None, part: str) -> Block:
    """Say of a text that it is a beginning, and what becomes of the rest."""
    if facts is None or part not in facts.wholes:
        return {}
    said = f"The beginning of {len(facts.wholes[part]):,} characters. A change here replaces all."
    return {"hint": plain(said)}


def _element(part: str, value: Any, departments: Sequence[str]) -> dict[str, Any]:
    if part == "stage":
        return _choice({stage.value: word for stage, word in STAGE_WORDS.items()}, value)
    if part == "department" and 0 < len(departments) <= _MOST_OPTIONS:
        return _choice({one: clip(one, 75) for one in departments}, value)
    if part.endswith("_score"):
        return _choice({str(score): str(score) for score in range(1, 6)}, value)
    return _field(part, value)


def _field(part: str, value: Any) -> dict[str, Any]:
    if part == "lead_id":
        return {"type": "users_select"} | ({"initial_user": value} if value else {})
    if part == "deputy_ids":
        chosen = {"initial_users": list(value)} if value else {}
        most = max(_MOST_DEPUTIES, len(value or ()))  # a file may have brought more
        return {"type": "multi_users_select", "max_selected_items": most} | chosen
    if part.endswith("_on"):
        day = value.isoformat() if isinstance(value, date) else value
        return {"type": "datepicker"} | ({"initial_date": day} if day else {})
    if part in _NUMBERS:
        element = {"type": "number_input", "is_decimal_allowed": True, **_TYPED}
        written = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value or "")
        return element | ({"initial_value": written} if written else {})
    return _text(part, value or "")


def _choice(words: Mapping[str, str], value: Any) -> dict[str, Any]:
    options = {key: {"text": plain(word), "value": key} for key, word in words.items()}
    picked = options.get(value.value if isinstance(value, Stage) else str(value))
    element: dict[str, Any] = {"type": "static_select", "options": list(options.values())}
    return element | ({"initial_option": picked} if picked else {})


_TYPED = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}


def _text(part: str, value: str) -> dict[str, Any]:
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "multiline": longest(part) == LONGEST_TEXT,
        "max_length": longest(part),
        **_TYPED,
    }
    if asks := BY_NAME[part].asks:
        element["placeholder"] = plain(asks)
    return element | ({"initial_value": value} if value else {})
