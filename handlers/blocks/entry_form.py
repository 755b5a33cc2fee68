"""The form of a registry entry, in two steps, built and read."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from handlers.blocks.entry_view import LABELS, STAGE_WORDS
from handlers.blocks.text import Block, clip, context, escape, plain, section
from storage.models import Stage
from workflows.registry.entries import Known

CALLBACK_ID = "entry_form"
FIELD = "field"  # the action id of every element; its block is named after the fact
PURPOSE, PLAN = 1, 2
_STEPS = {
    PURPOSE: ("name", "stage", "objective", "outcome", "topic", "stakeholders", "data"),
    PLAN: (
        "starts_on",
        "target_on",
        "skills",
        "compute",
        "currency",
        "budget_approved",
        "budget_spent",
        "budget_forecast",
        "change_percent",
        "value_score",
        "feasibility_score",
        "urgency_score",
    ),
}
_SHORT = {"name": 200, "topic": 200, "currency": 20}  # characters, on one line
_LONGEST = 3000  # characters, Slack's limit
_HINTS = {
    "objective": "What will be different when it is done?",
    "outcome": "Which number of the business moves?",
    "stakeholders": "Who has to agree, and who has to know?",
    "data": "Which data does it read or change, and whose is it?",
    "skills": "Two data engineers from March, half a lawyer …",
    "compute": "Four GPUs for ten days in April …",
}
_REQUIRED = ("name", "stage")


class FormKey(BaseModel):
    """What the form remembers of itself in private_metadata."""

    key: str
    version: int  # that it shows
    step: int


def build(
    known: Known, step: int, typed: Mapping[str, Any] | None = None, notice: str = ""
) -> Block:
    """Return one step of the form: as the entry is, or as somebody had typed it."""
    facts = known.facts.model_dump() | dict(typed or {})
    name = escape(clip(known.facts.name, 150))
    told = context(f"Step {step} of {len(_STEPS)} · every version is kept")
    remembered = FormKey(key=known.initiative.key, version=known.version, step=step)
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": remembered.model_dump_json(),
        "title": plain("Registry entry"),
        "submit": plain("Save and go on" if step == PURPOSE else "Save"),
        "close": plain("Close"),
        "blocks": [
            *([section(notice)] if notice else []),
            section(f"*{known.initiative.key} · {name}*"),
            told,
            *(_input(part, facts[part]) for part in _STEPS[step]),
        ],
    }


def form_key(view: Block) -> FormKey:
    """Read which entry, version and step the form is of."""
    return FormKey.model_validate_json(view["private_metadata"])


def parse(view: Block) -> dict[str, Any]:
    """Read the facts of this step as they were typed; what is empty is None or ""."""
    values = view["state"]["values"]
    step = form_key(view).step
    return {part: _value(part, values.get(part, {}).get(FIELD, {})) for part in _STEPS[step]}


def _value(part: str, state: Mapping[str, Any]) -> Any:
    if "selected_option" in state:
        return (state["selected_option"] or {}).get("value")
    if "selected_date" in state:
        return state["selected_date"]
    typed = (state.get("value") or "").strip()
    return typed if typed or not part.startswith(("budget_", "change_")) else None


def _input(part: str, value: Any) -> Block:
    return {
        "type": "input",
        "block_id": part,
        "label": plain(LABELS[part]),
        "optional": part not in _REQUIRED,
        "element": _element(part, value) | {"action_id": FIELD},
    }


def _element(part: str, value: Any) -> dict[str, Any]:
    if part == "stage":
        return _choice({stage.value: word for stage, word in STAGE_WORDS.items()}, value)
    if part.endswith("_score"):
        return _choice({str(score): str(score) for score in range(1, 6)}, value)
    if part.endswith("_on"):
        day = value.isoformat() if isinstance(value, date) else value
        return {"type": "datepicker"} | ({"initial_date": day} if day else {})
    if part.startswith(("budget_", "change_")):
        element: dict[str, Any] = {"type": "number_input", "is_decimal_allowed": False}
        return element | ({"initial_value": str(value)} if value not in (None, "") else {})
    return _text(part, value or "")


def _choice(words: Mapping[str, str], value: Any) -> dict[str, Any]:
    options = {key: {"text": plain(word), "value": key} for key, word in words.items()}
    picked = options.get(value.value if isinstance(value, Stage) else str(value))
    element: dict[str, Any] = {"type": "static_select", "options": list(options.values())}
    return element | ({"initial_option": picked} if picked else {})


def _text(part: str, value: str) -> dict[str, Any]:
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "multiline": part not in _SHORT,
        "max_length": _SHORT.get(part, _LONGEST),
    }
    if part in _HINTS:
        element["placeholder"] = plain(_HINTS[part])
    return element | ({"initial_value": value} if value else {})
