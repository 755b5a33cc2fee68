"""The question about initiatives that look like a new one, and what was answered."""

from collections.abc import Mapping, Sequence

from handlers.blocks.text import (
    Block,
    Mrkdwn,
    clip,
    combine,
    context,
    fill,
    mention,
    plain,
    section,
)
from handlers.registry.entry_words import STAGE_WORDS
from storage.models import Initiative, Verdict
from workflows.registry.editing import NEW
from workflows.registry.look_alikes import LookAlike

CALLBACK_ID = "overlap_question"
CHOICE = "choice"  # the action id of every answer; its block is named after the other's key
_WORDS = {
    Verdict.JOIN: "Join it",
    Verdict.LINK: "Link to it",
    Verdict.DIFFERENT: "Not the same",
}


def question(found: Sequence[LookAlike], names: Mapping[str, str], key: str = NEW) -> Block:
    """Return the window that shows what looks alike, and why, and asks about each."""
    is_new = key == NEW
    told = (
        "*Before you save:* other departments have something similar. What you typed is kept."
        if is_new
        else f"Other departments have something like *{key}*."
    )
    blocks = [section(told)]
    for one in found:
        blocks += [section(_look_alike_text(one, names)), _answer(one)]
    blocks.append(
        context(
            "*Join*: you talk to its lead"
            + (", and nothing new is entered" if is_new else "")
            + ". *Link*: both stay, and yours says that it depends on the other. Your answers are "
            "remembered."
        )
    )
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": key,
        "title": plain("Similar initiatives"),
        "submit": plain("Next"),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def parse(view: Block) -> dict[str, Verdict]:
    """Read what was said of each, by its key."""
    return {
        key: Verdict(state[CHOICE]["selected_option"]["value"])
        for key, state in view["state"]["values"].items()
    }


def asked_about(view: Block) -> str:
    """Read which initiative was asked about; NEW for one that is being entered."""
    return str(view["private_metadata"])


def joined(initiative: Initiative, contact_ids: Sequence[str], *, is_new: bool) -> Mrkdwn:
    """Return what somebody does who joins another initiative, and whom they turn to."""
    lead = combine(map(mention, contact_ids), " or ") if contact_ids else "its department"
    name = f"*{initiative.key} · {clip(initiative.name, 150)}*"
    return fill(
        "🤝 Nothing new was entered. {name} is led by {lead}: tell them what you "
        "had in mind. Your text is kept as a draft: `/ai-project new` opens it again."
        if is_new
        else "🤝 {name} is led by {lead}: talk to them about bringing the two together.",
        name=name,
        lead=lead,
    )


def _look_alike_text(one: LookAlike, names: Mapping[str, str]) -> str:
    initiative = one.initiative
    lead = names.get(initiative.lead_id or "", initiative.lead_id or "no lead yet")
    lines = [
        f"*{initiative.key} · {clip(initiative.name, 150)}*",
        f"{clip(initiative.department, 60)} · {STAGE_WORDS[initiative.stage]} · {clip(lead, 60)}",
        f"_{one.why}_",
    ]
    if one.purpose:
        lines.append(clip(one.purpose, 300))
    return "\n".join(lines)


def _answer(one: LookAlike) -> Block:
    options = [{"text": plain(word), "value": verdict.value} for verdict, word in _WORDS.items()]
    return {
        "type": "input",
        "block_id": one.initiative.key,
        "label": plain("Yours and this one"),
        "element": {"type": "radio_buttons", "action_id": CHOICE, "options": options},
    }
