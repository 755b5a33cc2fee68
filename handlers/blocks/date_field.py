"""A date that is typed as people write it; where it can mean two days, they are asked which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from handlers.blocks.text import (
    Block,
    context,
    day_text,
    plain,
)
from workflows.dates.faults import fault_in
from workflows.dates.reader import read_date
from workflows.dates.reading import DateRules, Reading

TEXT, DAY = "date_text", "date_day"  # action ids
EXAMPLES = "Try “31 March 2027”, “end of Q1” or “in three weeks”."
REACHED = "reached_on"  # lies in the past; all others are plans
_MOST_DAYS = 10  # radio buttons take no more
_HINT = "31 March, end of Q1, in three weeks …"


@dataclass(frozen=True)
class Dates:
    """The date fields of a form as they were read, by their name."""

    days: Mapping[str, date | None]
    faults: Mapping[str, str]  # sentences
    doubtful: Mapping[str, Reading] = field(default_factory=dict)  # that are asked about
    texts: Mapping[str, str] = field(default_factory=dict)  # as they were typed


def date_field(
    name: str, label: str, value: date | str | None, doubt: Reading | None, *, optional: bool = True
) -> Block:
    """Return the input of a date: a line to type on, or the days that it can mean."""
    block = {"type": "input", "block_id": name, "label": plain(label), "optional": optional}
    if doubt is not None:
        block["label"] = plain(f"{label}: which day is meant?")
        options = [
            {"text": plain(day_text(day)), "value": day.isoformat()}
            for day in doubt.days[:_MOST_DAYS]
        ]
        # Asked because something was typed: left open, it would be lost without a word.
        radio = {"type": "radio_buttons", "action_id": DAY, "options": options}
        return block | {"optional": False, "element": radio}
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": TEXT,
        "max_length": 100,
        "placeholder": plain(_HINT),
    }
    if value:
        element["initial_value"] = value.isoformat() if isinstance(value, date) else value
    return block | {"element": element}


def read_dates(
    view: Block, names: Sequence[str], today: date, rules: DateRules, suffix: str = ""
) -> Dates:
    """Read date fields on somebody's own calendar; `suffix` ends the ids of their blocks."""
    days: dict[str, date | None] = {}
    faults: dict[str, str] = {}
    doubtful: dict[str, Reading] = {}
    texts: dict[str, str] = {}
    for name in names:
        state = view["state"]["values"].get(f"{name}{suffix}", {})
        texts[name] = _typed(state)
        looking = replace(rules, is_back=name == REACHED)
        reading = read_date(texts[name], today, looking)
        days[name] = reading.certain
        if texts[name] and not reading.days:
            faults[name] = fault_in(texts[name], reading, today, looking, EXAMPLES)
        elif len(reading.days) > 1:
            doubtful[name] = reading
    return Dates(days, faults, doubtful, texts)


def passed(planned: Iterable[date | None], today: date) -> list[Block]:
    """Return which of the planned days lie in the past, as they do when a year is mistyped."""
    days = dict.fromkeys(day_text(day) for day in planned if day is not None and day < today)
    return [context(f"⚠️ {day} has passed already.") for day in days]


def _typed(state: Mapping[str, Any]) -> str:
    picked = (state.get(DAY) or {}).get("selected_option") or {}
    return str(picked.get("value") or (state.get(TEXT) or {}).get("value") or "").strip()
