"""The form of a new escalation: it changes with the kind, and nothing typed is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from handlers.blocks.text import Block, Text, clip, combine, context, plain
from handlers.escalations.form_reading import (
    ANOTHER,
    CALLBACK_ID,
    CANNOT_WAIT,
    FIELDS,
    INITIATIVE,
    KIND,
    MILESTONE,
    NAMED,
    NO_TOPIC,
    PICK,
    PREVIEW,
    TYPED,
    FormKey,
    kept,
    wanted_from,
)
from handlers.escalations.words import KINDS, MARKS
from storage.models import EscalationKind, Initiative, Milestone
from workflows.escalations.wanted import LONGEST_TEXT, Wanted
from workflows.registry.commitments import milestone_name

_MOST_OPTIONS = 98
_LABELS = {
    "what": ("What is stuck?", "In a sentence or two"),
    "since": ("Since when?", "Monday, two weeks …"),
    "tried": ("What have you tried?", ""),
    "needed": ("What do you need, and from whom?", ""),
    "topic": ("Who can help?", ""),
    "pool": ("What do both need?", "The GPU pool, the data engineers …"),
    "other": ("Which other initiative needs it?", "Its key or name"),
    "milestone": ("Which milestone is at risk?", ""),
    "forecast_on": ("When do you expect to reach it now?", ""),
    "forecast": ("What will it cost in all?", ""),
}
_OPTIONAL = ("since", "tried", "needed")
_LONG = ("what", "tried", "needed")


@dataclass(frozen=True)
class Facts:
    """What the form is drawn with."""

    kind: EscalationKind
    own: Sequence[Initiative]  # that can be picked, the reader's first
    picked: Initiative | None = None
    is_named: bool = False  # which one is meant is said in words
    topics: Mapping[str, str] = field(default_factory=dict)  # titles by their names
    milestones: Sequence[Milestone] = ()
    typed: Mapping[str, str] = field(default_factory=dict)  # what it begins with
    link: str = ""
    cannot_wait: bool = False
    preview: Sequence[Text] = ()


def build(facts: Facts) -> Block:
    """Return the form."""
    key = FormKey(kind=facts.kind, link=facts.link[:500], kept=kept(facts.typed))
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": key.model_dump_json(),
        "title": plain("Escalate"),
        "submit": plain("Escalate"),
        "close": plain("Cancel"),
        "blocks": [
            _kinds(facts),
            _named() if facts.is_named else _initiative(facts),
            *(_input(facts, name) for name in FIELDS[facts.kind] if _is_shown(facts, name)),
            context(combine(facts.preview) if facts.preview else " ", block_id=PREVIEW),
        ],
    }


def wanted_of(facts: Facts) -> Wanted:
    """Return what a form that is to be drawn would ask for."""
    typed = {name: facts.typed.get(name, "") for name in FIELDS[facts.kind]}
    if facts.topics and "topic" in typed:
        typed["topic"] = typed["topic"] or next(iter(facts.topics))
    if facts.milestones and "milestone" in typed:
        names = _milestones(facts)
        typed["milestone"] = (
            typed["milestone"] if typed["milestone"] in names else next(iter(names))
        )
    key = facts.picked.key if facts.picked else ""
    return wanted_from(facts.kind, key, typed, facts.link, cannot_wait=facts.cannot_wait)


def with_preview(facts: Facts, lines: Sequence[Text]) -> Facts:
    """Return what a form is drawn with, and what it says would be set off."""
    return replace(facts, preview=lines)


def _kinds(facts: Facts) -> Block:
    options = {
        kind: {"text": plain(f"{MARKS[kind]} {word}"), "value": kind.value}
        for kind, word in KINDS.items()
    }
    chosen: dict[str, Any] = {
        "type": "static_select",
        "action_id": KIND,
        "options": list(options.values()),
        "initial_option": options[facts.kind],
    }
    urgent = {"text": plain("It cannot wait for working hours"), "value": "now"}
    box: dict[str, Any] = {"type": "checkboxes", "action_id": CANNOT_WAIT, "options": [urgent]}
    if facts.cannot_wait:
        box["initial_options"] = [urgent]
    return {"type": "actions", "block_id": KIND, "elements": [chosen, box]}


def _initiative(facts: Facts) -> Block:
    several = [*facts.own[:_MOST_OPTIONS]]
    if facts.picked is not None and facts.picked.key not in {one.key for one in several}:
        several = [facts.picked, *several[: _MOST_OPTIONS - 1]]
    options = [
        {"text": plain(clip(f"{one.key} {one.name}", 75)), "value": one.key} for one in several
    ]
    options.append({"text": plain("Another one …"), "value": ANOTHER})
    element: dict[str, Any] = {"type": "static_select", "action_id": PICK, "options": options}
    if facts.picked is not None:
        place = [one.key for one in several].index(facts.picked.key)
        element["initial_option"] = options[place]
    return _block(INITIATIVE, "Which initiative?", element, is_followed=True)


def _named() -> Block:
    element = {
        "type": "plain_text_input",
        "action_id": TYPED,
        "max_length": 200,
        "placeholder": plain("Its key or name, as in FIN-01"),
    }
    return _block(NAMED, "Which initiative?", element)


def _is_shown(facts: Facts, name: str) -> bool:
    if name == "topic":
        return bool(facts.topics)
    return name != "milestone" or bool(facts.milestones)


def _input(facts: Facts, name: str) -> Block:
    label, hint = _LABELS[name]
    value = facts.typed.get(name, "")
    if name == "topic":
        titles = {**facts.topics, NO_TOPIC: "Somebody else: ask in the coordination channel"}
        element = _choice(titles, value if value in titles else next(iter(titles)))
        return _block(name, label, element, is_followed=True)
    if name == "milestone":
        names = _milestones(facts)
        element = _choice(names, value if value in names else next(iter(names)))
        # Another initiative has others: under the same id Slack would keep what was picked.
        key = facts.picked.key if facts.picked else ""
        return _block(f"{MILESTONE}_{key}", label, element, is_followed=True)
    if name == "forecast_on":
        element = {"type": "datepicker", "action_id": PICK}
        element |= {"initial_date": value} if value else {}
        return _block(name, label, element, is_followed=True)
    if name == "forecast":
        element = {"type": "number_input", "action_id": TYPED, "is_decimal_allowed": True}
        element |= {"min_value": "0"} | ({"initial_value": value} if value else {})
        return _block(name, label, element)
    return _block(name, label, _line(name, hint, value), optional=name in _OPTIONAL)


def _milestones(facts: Facts) -> dict[str, str]:
    """Return what the milestones are called, each by its name among commitments."""
    return {
        milestone_name(one.initiative_key, one.number): clip(f"M{one.number} {one.name}", 75)
        for one in facts.milestones
    }


def _line(name: str, hint: str, value: str) -> dict[str, Any]:
    is_long = name in _LONG
    most = LONGEST_TEXT if is_long else 100 if name == "since" else 200
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": TYPED,
        "multiline": is_long,
        "max_length": most,
    }
    if hint:
        element["placeholder"] = plain(hint)
    return element | ({"initial_value": value[:most]} if value else {})


def _choice(words: Mapping[str, str], value: str) -> dict[str, Any]:
    options = {key: {"text": plain(clip(word, 75)), "value": key} for key, word in words.items()}
    element: dict[str, Any] = {"type": "static_select", "action_id": PICK}
    most = list(options.values())[:100]
    return element | {"options": most, "initial_option": options[value]}


def _block(
    name: str,
    label: str,
    element: Mapping[str, Any],
    *,
    optional: bool = False,
    is_followed: bool = False,
) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "optional": optional,
        "dispatch_action": is_followed,
        "element": dict(element),
    }
