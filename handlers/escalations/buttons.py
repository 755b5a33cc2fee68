"""What can be pressed on an escalation: those buttons that fit its state."""

import re
from dataclasses import dataclass

from handlers.blocks.text import Block, button, confirmed, plain
from handlers.escalations.words import level_text
from storage.models import Act, Escalation, EscalationKind, EscalationState
from workflows.escalations.errors import UnknownEscalationError
from workflows.escalations.policy import is_settled
from workflows.escalations.reading import Shown
from workflows.escalations.rights import may, who_may

ACT, MORE = "escalation_act", "escalation_more"  # action ids; the first is followed by the act
WITH_FORM = (Act.RESOLVE, Act.HAND_OVER, Act.SNOOZE, Act.WITHDRAW)
LABELS = {
    Act.ACKNOWLEDGE: "Acknowledge",
    Act.TAKE_OVER: "Take over",
    Act.HAND_OVER: "Hand over …",
    Act.ESCALATE: "Escalate now",
    Act.RESOLVE: "Resolve …",
    Act.AGREE: "Agree",
    Act.SNOOZE: "Snooze …",
    Act.WITHDRAW: "Withdraw …",
    Act.CONFIRM: "Still on it",
    Act.REOPEN: "Reopen",
}
TERMS = "terms"  # the button that opens the form of an agreement's text
_MENU = (Act.HAND_OVER, Act.SNOOZE, Act.WITHDRAW)
_VALUE = re.compile(r"([a-z_]{1,20}) ([1-9]\d{0,8}) ([1-9]\d{0,8})")


@dataclass(frozen=True)
class Pressed:
    """What a button stands for: an act, on which escalation, as of which step."""

    word: str  # an act, or TERMS
    number: int
    seen_step: int


def buttons(shown: Shown, reader_id: str = "") -> list[Block]:
    """Return the row of buttons; `reader_id` is the only one who reads it: others may do more."""
    one = shown.escalation
    elements = [_button(shown, act) for act in _offered(shown) if _is_for(shown, act, reader_id)]
    if one.kind is EscalationKind.RESOURCE_CONFLICT and _is_for(shown, Act.AGREE, reader_id):
        elements += [] if is_settled(one) else [_terms(one)]
    menu = [act for act in _MENU if not is_settled(one) and _is_for(shown, act, reader_id)]
    if menu:
        elements.append(_menu(one, menu))
    return [{"type": "actions", "elements": elements}] if elements else []


def read_pressed(value: str) -> Pressed:
    """Read the value of a button.

    Raises:
        UnknownEscalationError: it is none of ours.
    """
    found = _VALUE.fullmatch(value)
    if found is None or found[1] not in (*LABELS, TERMS):
        raise UnknownEscalationError(value)
    return Pressed(found[1], int(found[2]), int(found[3]))


def value_of(one: Escalation, word: str) -> str:
    """Return the value of a button: what it does, to which escalation, as it stands."""
    return f"{word} {one.number} {one.turned_on_step}"


def _offered(shown: Shown) -> list[Act]:
    """Return what is offered in the present state, the most likely first."""
    one = shown.escalation
    if is_settled(one):
        return [Act.REOPEN]
    first = [Act.ACKNOWLEDGE]
    if one.state is EscalationState.ACKNOWLEDGED:
        first = [Act.RESOLVE, Act.TAKE_OVER]
    if one.kind is EscalationKind.RESOURCE_CONFLICT and one.terms:
        first = [Act.AGREE, *first]
    rest = [Act.ESCALATE] if shown.next_level else []
    rest += [Act.RESOLVE] if one.state is EscalationState.OPEN else []
    found = [*first, *rest]
    if not who_may(one, Act.RESOLVE, shown.standing):  # of a conflict: they agree instead
        found.remove(Act.RESOLVE)
    return found


def _is_for(shown: Shown, act: Act, reader_id: str) -> bool:
    if not reader_id:
        return True
    if act is Act.TAKE_OVER and shown.escalation.owner_id == reader_id:
        return False
    return may(shown.escalation, act, shown.standing, reader_id)


def _button(shown: Shown, act: Act) -> Block:
    one = shown.escalation
    is_first = act is _offered(shown)[0] and act is not Act.REOPEN
    pressed = button(LABELS[act], f"{ACT}_{act}", value_of(one, act), primary=is_first)
    if act is Act.ESCALATE and (level := shown.next_level):
        who = level_text(one.kind, level)
        said = f"This tells {who} now, without waiting for the clock."
        return confirmed(pressed, "Escalate now?", said, "Escalate")
    return pressed


def _terms(one: Escalation) -> Block:
    label = "Change the terms …" if one.terms else "Propose terms …"
    return button(label, f"{ACT}_{TERMS}", value_of(one, TERMS), primary=not one.terms)


def _menu(one: Escalation, acts: list[Act]) -> Block:
    options = [{"text": plain(LABELS[act]), "value": value_of(one, act)} for act in acts]
    return {"type": "overflow", "action_id": MORE, "options": options}
