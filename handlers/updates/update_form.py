"""The form of the weekly update, built and read."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from handlers.blocks.moments import moment_near
from handlers.blocks.text import (
    CONFIDENCE_MARKS,
    CONFIDENCE_WORDS,
    Block,
    clip,
    context,
    date_text,
    moment_text,
    plain,
    section,
    spoken_text,
)
from storage.models import Confidence
from workflows.errors import ConfidenceMissingError
from workflows.escalations.from_updates import Question
from workflows.policy_document import UpdateRules
from workflows.updates.filing import Filing
from workflows.updates.opening import OpenForm
from workflows.updates.policy import TEXT_FIELDS, Answers, speaking_time, words_over

CALLBACK_ID = "update_form"
CONFIDENCE_BLOCK, LENGTH_BLOCK, ASK = "confidence", "length", "ask"
NOBODY = "-"
_MOST_TOPICS = 99
CHOICE, TEXT = "choice", "text"  # action ids: what is picked, what is typed
_DAYS_OF_A_WEEK = 7
LONGEST_INPUT = 3000  # characters, Slack's limit

_FIELDS = {  # label, placeholder
    "progress": ("Progress", "What moved since the last call?"),
    "milestones": ("Upcoming milestones", "What's due next, and when?"),
    "blockers": ("Blockers", "What's stopping you, and who can unblock it?"),
    "needs": ("Coordination needs", "Who do you need, and what for?"),
}


class FormKey(BaseModel):
    """What the form remembers of itself in private_metadata."""

    key: str
    call_on: date
    base_version: int


def build(form: OpenForm, zone: ZoneInfo, now: datetime, notice: str = "") -> Block:
    """Return the form, prefilled; `notice` (mrkdwn) stands on top of it."""
    remembered = FormKey(
        key=form.initiative.key, call_on=form.round.call_on, base_version=form.base_version
    )
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": remembered.model_dump_json(),
        "title": plain("Weekly update"),
        "submit": plain("File update"),
        "close": plain("Cancel"),
        "blocks": [
            *_heading(form, zone, now, notice),
            _confidence_input(form.confidence),
            *_texts(form, zone, now),
            length_line(form.rules, list(form.texts.values())),
        ],
    }


def _texts(form: OpenForm, zone: ZoneInfo, now: datetime) -> list[Block]:
    blocks = []
    for field in TEXT_FIELDS:
        blocks.append(_text_input(field, form.texts.get(field, "")))
        if field == "blockers" and form.question is not None:
            blocks.append(blocker_question(form.question, zone, now))
    return blocks


def blocker_question(question: Question, zone: ZoneInfo, now: datetime) -> Block:
    """Return the question about a new blocker; whom to ask is picked already."""
    hears = ""
    if question.moves_at is not None:
        hears = f" (the CoE hears {moment_near(question.moves_at, zone, now)})"
    options = {
        name: {"text": plain(clip(f"Ask #{name} now{hears}", 75)), "value": name}
        for name in list(question.topics)[:_MOST_TOPICS]
    }
    options[NOBODY] = {"text": plain("We're on it: ask nobody yet"), "value": NOBODY}
    element: dict[str, Any] = {
        "type": "static_select",
        "action_id": CHOICE,
        "options": list(options.values()),
        "initial_option": options.get(question.likely, options[NOBODY]),
    }
    return {
        "type": "input",
        "block_id": ASK,
        "label": plain("This blocker is new. Who should hear of it?"),
        "element": element,
    }


def with_question(view: Block, asked: Block | None) -> Block | None:
    """Return the open form with the question, or without; None if that is how it is.

    Every other block stays as it is, ids included, so that nothing typed is lost.
    """
    blocks = [block for block in view["blocks"] if block.get("block_id") != ASK]
    if asked is not None:
        place = [block.get("block_id") for block in blocks].index("blockers") + 1
        blocks.insert(place, asked)
    if len(blocks) == len(view["blocks"]):
        return None
    return _redrawn(view, blocks)


def length_line(rules: UpdateRules, texts: list[str]) -> Block:
    """Return the line that says how long the texts take to say."""
    spoken = spoken_text(speaking_time(rules, texts))
    line = f"⏱️ About *{spoken}* to say; the limit is {rules.minutes} minutes."
    if over := words_over(rules, texts):
        line = (
            f"⚠️ About *{spoken}* to say; the limit is {rules.minutes} minutes. "
            f"Please cut {over} {'word' if over == 1 else 'words'}."
        )
    return context(line, block_id=LENGTH_BLOCK)


def with_length(view: Block, rules: UpdateRules) -> Block | None:
    """Return the open form with its speaking time brought up to date; None if it says so already.

    Every other block stays as it is, ids included, so that nothing typed is lost.
    """
    line = length_line(rules, list(typed_texts(view).values()))
    shown = next((b for b in view["blocks"] if b.get("block_id") == LENGTH_BLOCK), None)
    if shown is None or shown["elements"][0]["text"] == line["elements"][0]["text"]:
        return None
    return _redrawn(view, [line if block is shown else block for block in view["blocks"]])


def _redrawn(view: Block, blocks: list[Block]) -> Block:
    kept = ("type", "callback_id", "private_metadata", "title", "submit", "close")
    return {**{part: view[part] for part in kept}, "blocks": blocks}


def form_key(view: Block) -> FormKey:
    """Read which initiative and round the form is for."""
    return FormKey.model_validate_json(view["private_metadata"])


def typed_texts(view: Block) -> dict[str, str]:
    """Read the free texts by their field, without the blanks around them."""
    values = view["state"]["values"]
    return {
        field: (values.get(field, {}).get(TEXT, {}).get("value") or "").strip()
        for field in TEXT_FIELDS
    }


def typed_answers(view: Block) -> dict[str, str]:
    """Read all that is filled in, as a draft keeps it."""
    return {**typed_texts(view), "confidence": picked_confidence(view)}


def picked_confidence(view: Block) -> str:
    """Read the confidence; empty while nothing is picked."""
    picked = view["state"]["values"].get(CONFIDENCE_BLOCK, {}).get(CHOICE, {})
    return str((picked.get("selected_option") or {}).get("value", ""))


def parse(view: Block) -> Filing:
    """Read a submitted form.

    Raises:
        ConfidenceMissingError: nothing is picked.
    """
    remembered, picked = form_key(view), picked_confidence(view)
    if not picked:
        raise ConfidenceMissingError
    return Filing(
        key=remembered.key,
        call_on=remembered.call_on,
        base_version=remembered.base_version,
        answers=Answers(confidence=Confidence(picked), **typed_texts(view)),
        ask_topic=_asked_topic(view),
    )


def _asked_topic(view: Block) -> str | None:
    """Read whom a new blocker asks: a topic's name, "" for nobody; None where nothing was asked."""
    state = view["state"]["values"].get(ASK, {}).get(CHOICE, {})
    picked = (state.get("selected_option") or {}).get("value")
    return "" if picked == NOBODY else picked


def _heading(form: OpenForm, zone: ZoneInfo, now: datetime, notice: str) -> list[Block]:
    round_ = form.round
    name = clip(form.initiative.name, 150)
    lines = [f"*{form.initiative.key} · {name}*"]
    lines.append(f"For the call on {moment_text(round_.call_at, zone)}.")
    if now >= round_.closes_at and form.base_version == 0:
        lines.append("The deadline has passed. You can still file; it will be marked late.")
    if form.is_draft:
        lines.append("This is your draft: check it, then file.")
    elif form.base_version:
        lines.append("You're editing what was filed. Every version is kept.")
    elif form.prefilled_from:
        is_last_week = (round_.call_on - form.prefilled_from).days <= _DAYS_OF_A_WEEK
        when = "Last week's" if is_last_week else f"{date_text(form.prefilled_from)}'s"
        lines.append(f"{when} answers are filled in: change what changed.")
    blocks = [section("\n".join(lines))]
    if notice:
        blocks.insert(0, section(notice))
    return blocks


def _confidence_input(initial: Confidence | None) -> Block:
    options = {
        confidence: {
            "text": plain(f"{CONFIDENCE_MARKS[confidence]} {CONFIDENCE_WORDS[confidence]}"),
            "value": confidence.value,
        }
        for confidence in Confidence
    }
    element: dict[str, Any] = {
        "type": "radio_buttons",
        "action_id": CHOICE,
        "options": list(options.values()),
    }
    if initial is not None:
        element["initial_option"] = options[initial]
    return {
        "type": "input",
        "block_id": CONFIDENCE_BLOCK,
        "label": plain("Status"),
        "element": element,
    }


def _text_input(field: str, initial: str) -> Block:
    label, placeholder = _FIELDS[field]
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": TEXT,
        "multiline": True,
        "max_length": LONGEST_INPUT,
        "placeholder": plain(placeholder),
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    if initial:
        element["initial_value"] = initial[:LONGEST_INPUT]
    return {
        "type": "input",
        "block_id": field,
        "label": plain(label),
        "optional": field != "progress",
        "dispatch_action": True,
        "element": element,
    }
