"""The small forms that some acts ask for: why, until when, to whom."""

from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel

from handlers.blocks.text import Block, clip, plain, section
from handlers.escalations.words import KINDS, name_of
from storage.models import Act, Escalation
from workflows.escalations.deeds import Deed
from workflows.escalations.policy import is_settled
from workflows.escalations.reading import Shown

CALLBACK_ID = "escalation_deed"
WORDS, UNTIL, PERSON = "words", "until_on", "person_id"
_LONGEST = 3000
_FORMS = {  # title, what is sent, what is asked, whether it has to be said
    Act.RESOLVE: ("Resolve", "Resolve", "What was decided?", True),
    Act.HAND_OVER: ("Hand over", "Hand over", "Anything they should know?", False),
    Act.SNOOZE: ("Snooze", "Snooze", "Why?", True),
    Act.WITHDRAW: ("Withdraw", "Withdraw", "Why is it no longer needed?", False),
    Act.AGREE: ("Propose terms", "Propose", "What do you propose?", True),
}
_HINTS = {
    Act.RESOLVE: "It goes into the decision log, and to everybody who was asked.",
    Act.AGREE: "You agree to it by sending it. An edit clears what others said to the text before.",
}


class DeedKey(BaseModel):
    """What the form remembers of itself."""

    act: Act
    number: int
    seen_step: int


def build(shown: Shown, act: Act, seen_step: int, today: date) -> Block:
    """Return the form of an act, for somebody whose day it is `today`."""
    one = shown.escalation
    title, submit, label, is_needed = _FORMS[act]
    key = DeedKey(act=act, number=one.number, seen_step=seen_step)
    what = f"*{name_of(one)} · {KINDS[one.kind]}*\n{clip(one.what, 300)}"
    blocks = [section(what)]
    if act is Act.HAND_OVER:
        blocks.append(_people())
    if act is Act.SNOOZE:
        blocks.append(_until(shown, today))
    initial = one.terms if act is Act.AGREE else ""
    blocks.append(_text(label, initial, _HINTS.get(act, ""), is_needed=is_needed))
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": key.model_dump_json(),
        "title": plain(f"{title} {name_of(one)}"),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def parse(view: Block) -> Deed:
    """Read a submitted form."""
    key = DeedKey.model_validate_json(view["private_metadata"])
    values = view["state"]["values"]
    until = values.get(UNTIL, {}).get(UNTIL, {}).get("selected_date")
    return Deed(
        key.act,
        key.number,
        key.seen_step,
        person_id=values.get(PERSON, {}).get(PERSON, {}).get("selected_user") or "",
        until_on=date.fromisoformat(until) if until else None,
        words=(values.get(WORDS, {}).get(WORDS, {}).get("value") or "").strip(),
    )


def done_text(act: Act, one: Escalation) -> str:
    """Return what is said once it is done."""
    name = name_of(one)
    if act is Act.AGREE and is_settled(one):
        return f"🤝 Everybody agrees: {name} is settled, and the terms are in `/ai-decide list`."
    return {
        Act.RESOLVE: f"✅ {name} is resolved, and what was decided is in `/ai-decide list`.",
        Act.HAND_OVER: f"➡️ {name} is handed over. I've told them.",
        Act.SNOOZE: f"😴 No reminders about {name} until then. Its clock goes on.",
        Act.WITHDRAW: f"↩️ {name} is withdrawn. I'll tell whoever was asked.",
        Act.AGREE: f"✍️ Your terms for {name} are with the other department.",
    }[act]


def _people() -> Block:
    element = {"type": "users_select", "action_id": PERSON, "placeholder": plain("Pick somebody")}
    return {"type": "input", "block_id": PERSON, "label": plain("To whom?"), "element": element}


def _until(shown: Shown, today: date) -> Block:
    days = shown.began.document.escalations.snooze.most_days
    element: dict[str, Any] = {
        "type": "datepicker",
        "action_id": UNTIL,
        "initial_date": (today + timedelta(days=min(2, days))).isoformat(),
    }
    label = f"Reminders come again on (at most {days} days from now)"
    return {"type": "input", "block_id": UNTIL, "label": plain(label), "element": element}


def _text(label: str, initial: str, hint: str, *, is_needed: bool) -> Block:
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": WORDS,
        "multiline": True,
        "max_length": _LONGEST,
    }
    if initial:
        element["initial_value"] = initial
    block = {
        "type": "input",
        "block_id": WORDS,
        "label": plain(label),
        "optional": not is_needed,
        "element": element,
    }
    return {**block, "hint": plain(hint)} if hint else block
