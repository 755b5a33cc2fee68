"""What a moved date does to its reader's own, in a message."""

from collections.abc import Sequence

from handlers.blocks.message import Message
from handlers.blocks.text import (
    Text,
    clip,
    combine,
    context,
    day_text,
    fill,
    fitting,
    listed,
    mention,
    section,
)
from handlers.registry.entry_words import days_text
from workflows.registry.moved import Effect, Move, Slip

_MOST_MOVES, _MOST_EFFECTS, _MOST_BETWEEN = 3, 15, 5
_LONGEST_NAME = 100


def told(slip: Slip, leads: Sequence[str]) -> Message:
    """Return the message: what was moved, then each date of the reader's that this moves.

    `leads` are the ids of those who know more.
    """
    key = slip.initiative.key
    moves = listed([_move(one) for one in slip.moves], _MOST_MOVES)
    if len(slip.effects) == 1:
        lines: list[Text] = [f"🔀 {key}'s {moves}: {_effect(slip.effects[0])}"]
    else:
        effects = [f"• {_effect(one)}" for one in slip.effects]
        lines = [f"🔀 {key}'s {moves}:", fitting(effects, _MOST_EFFECTS, 2500)]
    blocks = [section(combine(lines))]
    if leads:
        who = combine(map(mention, leads), " or ")
        blocks.append(context(fill("Ask {who} about {key}.", who=who, key=key)))
    return Message(text=f"{key}'s {moves}", blocks=blocks)


def _move(move: Move) -> str:
    name = f"*{clip(move.label, _LONGEST_NAME)}*" if move.label else "target"
    if move.expected_on is None:
        return f"{name} was removed"
    return f"{name} moved to {day_text(move.expected_on)}"


def _effect(effect: Effect) -> str:
    hit = effect.hit
    label = clip(effect.label, _LONGEST_NAME)
    name = f"your *{label}* ({effect.key})" if label else f"your target for *{effect.key}*"
    between = listed(list(effect.through), _MOST_BETWEEN) if effect.through else ""
    through = f" through {between}" if between else ""
    on = f"now {day_text(hit.projected_on)}" if hit.projected_on else ""
    if hit.days > 0 and hit.days_late:
        return f"{name} is {days_text(hit.days_late)} late{through}, {on}."
    direction = "later" if hit.days > 0 else "earlier"
    late = f", still {days_text(hit.days_late)} late" if hit.days_late else ", in time"
    return f"{name} is expected {days_text(abs(hit.days))} {direction}{through}, {on}{late}."
