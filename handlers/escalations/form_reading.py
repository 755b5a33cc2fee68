"""The form of a new escalation, read: what is picked, what is typed, and what it remembers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel

from handlers.blocks.text import Block
from storage.models import EscalationKind
from workflows.escalations.wanted import Wanted

CALLBACK_ID = "escalation_form"
KIND, CANNOT_WAIT, PREVIEW = "escalation_kind", "cannot_wait", "preview"
INITIATIVE, NAMED = "initiative", "initiative_named"
PICK = "escalation_pick"  # the action of whatever redraws the form
TYPED = "typed"
MILESTONE = "milestone"  # the block's id goes on with the initiative's key
ANOTHER = "*"  # picked from the list: it is named in words
NO_TOPIC = "-"
FIELDS: dict[EscalationKind, tuple[str, ...]] = {  # besides the initiative; six inputs at most
    EscalationKind.TECHNICAL_BLOCKER: ("what", "since", "tried", "needed", "topic"),
    EscalationKind.RESOURCE_CONFLICT: ("pool", "other", "what", "tried", "needed"),
    EscalationKind.TIMELINE_RISK: ("milestone", "forecast_on", "what", "tried", "needed"),
    EscalationKind.BUDGET_OVERRUN: ("forecast", "what", "tried", "needed"),
}
FIELD_NAMES = tuple(dict.fromkeys(name for names in FIELDS.values() for name in names))
_KEPT = ("since", "pool", "other", "milestone", "forecast_on", "forecast", "topic")


class FormKey(BaseModel):
    """What the form remembers of itself; `kept` is what another kind asks for."""

    kind: EscalationKind
    link: str = ""
    kept: dict[str, str] = {}


def form_key(view: Block) -> FormKey:
    """Read what the form remembers."""
    return FormKey.model_validate_json(view["private_metadata"])


def kind_of(view: Block) -> EscalationKind:
    """Read the kind that is picked; that of the drawn form where none is."""
    picked = _state(view, KIND, KIND).get("selected_option") or {}
    value = picked.get("value")
    known = {kind.value: kind for kind in EscalationKind}
    return known.get(str(value), form_key(view).kind)


def picked_key(view: Block) -> str:
    """Read the initiative that is picked, or named; empty where none is."""
    picked = _state(view, INITIATIVE, PICK).get("selected_option") or {}
    named = (_state(view, NAMED, TYPED).get("value") or "").strip()
    return named or str(picked.get("value") or "")


def is_named(view: Block) -> bool:
    """Read whether which initiative is meant is said in words."""
    return any(block.get("block_id") == NAMED for block in view["blocks"])


def typed_in(view: Block) -> dict[str, str]:
    """Read everything that is filled in, by the name of the field, with what is kept."""
    found = dict(form_key(view).kept)
    for block_id, states in view["state"]["values"].items():
        name = MILESTONE if block_id.startswith(f"{MILESTONE}_") else block_id
        state = next(iter(states.values()), None)
        if name in FIELD_NAMES and state is not None:
            found[name] = _value(state)
    return found


def kept(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what is remembered when another kind doesn't ask for it."""
    return {name: typed[name][:200] for name in _KEPT if typed.get(name)}


def is_urgent(view: Block) -> bool:
    """Read whether it cannot wait for working hours."""
    return bool(_state(view, KIND, CANNOT_WAIT).get("selected_options"))


def parse(view: Block) -> Wanted:
    """Read the form as it is filled in."""
    kind, link = kind_of(view), form_key(view).link
    return wanted_from(kind, picked_key(view), typed_in(view), link, cannot_wait=is_urgent(view))


def wanted_from(
    kind: EscalationKind, key: str, typed: Mapping[str, str], link: str, *, cannot_wait: bool
) -> Wanted:
    """Return what is wanted, without what the kind doesn't ask for."""
    asked = {name: typed.get(name, "") for name in FIELDS[kind]}
    topic = asked.get("topic", "")
    return Wanted(
        kind=kind,
        key=key,
        what=asked.get("what", ""),
        tried=asked.get("tried", ""),
        needed=asked.get("needed", ""),
        since=asked.get("since", ""),
        topic="" if topic == NO_TOPIC else topic,
        pool=asked.get("pool", ""),
        other=asked.get("other", ""),
        milestone=_number_of(asked.get(MILESTONE, ""), key),
        forecast_on=_day(asked.get("forecast_on", "")),
        forecast=_amount(asked.get("forecast", "")),
        link=link,
        cannot_wait=cannot_wait,
    )


def with_key(wanted: Wanted, key: str) -> Wanted:
    """Return what is wanted, for the initiative of a key."""
    return replace(wanted, key=key)


def block_of(view: Block, name: str) -> str:
    """Return the block that a fault of a field stands beside."""
    shown = [str(block.get("block_id")) for block in view["blocks"] if block["type"] == "input"]
    named = NAMED if name == INITIATIVE and NAMED in shown else name
    begins = (one for one in shown if one == named or one.startswith(f"{named}_"))
    return next(begins, shown[0])


def _state(view: Block, block_id: str, action_id: str) -> dict[str, Any]:
    state = (view.get("state") or {}).get("values", {}).get(block_id, {}).get(action_id)
    return state if isinstance(state, dict) else {}


def _value(state: Mapping[str, Any]) -> str:
    if "selected_option" in state:
        return str((state["selected_option"] or {}).get("value") or "")
    return str(state.get("selected_date") or state.get("value") or "").strip()


def _number_of(picked: str, key: str) -> int | None:
    """Return the number of a milestone of an initiative; None where it is another's."""
    of, _, number = picked.rpartition("/M")
    return _number(number) if of == key else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text) if text else None
    except InvalidOperation:
        return None
    if amount is None or not amount.is_finite() or not 0 <= amount < 10**15:
        return None
    return round(amount, 2)
