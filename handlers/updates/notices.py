"""Short answers: a filed update, a sentence in a small window, the choice among initiatives."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from handlers.blocks.moments import weekday
from handlers.blocks.personal import OPEN_ESCALATION, OPEN_UPDATE
from handlers.blocks.text import (
    Block,
    button,
    clip,
    context,
    date_text,
    plain,
    section,
    spoken_text,
)
from handlers.blocks.windows import notice, window
from storage.models import Initiative
from workflows.updates.filing import Filed
from workflows.updates.policy import TEXT_FIELDS, speaking_time

CHOOSER = "choose_initiative"
_MOST_CHOICES = 48  # a view takes 100 blocks


def open_button(initiative: Initiative, label: str = "Fill in", *, primary: bool = False) -> Block:
    """Return the button that opens the update form of an initiative."""
    return button(label, OPEN_UPDATE, initiative.key, primary=primary)


def round_over(initiative: Initiative, asked_on: date, present_on: date) -> Block:
    """Return the window that says that the round of a button is over, and offers the present."""
    said = (
        f"*{initiative.key} · {clip(initiative.name, 150)}*\n"
        f"The round for {date_text(asked_on)} is over. The present one is for "
        f"{date_text(present_on)}."
    )
    return window("Weekly update", [section(said, open_button(initiative, primary=True))])


def filed(result: Filed, zone: ZoneInfo) -> Block:
    """Return the window that confirms a filed update."""
    update, round_ = result.update, result.round
    texts = [getattr(update, field) for field in TEXT_FIELDS]
    spoken = spoken_text(speaking_time(result.rules, texts))
    lines = [
        f"✅ Filed: *{update.initiative_key} · {clip(result.initiative.name, 150)}*, "
        f"for {weekday(round_.call_at, zone)}'s call.",
        f"It takes about {spoken} to say."
        + (f" This is version {update.version}." if update.version > 1 else ""),
    ]
    if update.late:
        lines.append("It is marked late: the deadline had passed.")
    if result.escalation is not None:
        name = f"E-{result.escalation}"
        lines.append(f"🧱 *{name}* is open for the blocker: `/ai-escalate show {name}`.")
    lines.append("You can edit it any time.")
    shown = {**notice("\n".join(lines), title="Filed"), "close": plain("Done")}
    if not result.is_asked:
        ask = button("Ask somebody …", OPEN_ESCALATION, update.initiative_key)
        shown["blocks"].append(section("🧱 This blocker is new, and nobody was asked yet.", ask))
    return shown


def chooser(initiatives: Sequence[Initiative]) -> Block:
    """Return the window that asks which initiative an update is for."""
    blocks = [section("Which initiative is this update for?")]
    for initiative in initiatives[:_MOST_CHOICES]:
        name = clip(initiative.name, 150)
        blocks.append(section(f"*{initiative.key}*  {name}", open_button(initiative)))
    if len(initiatives) > _MOST_CHOICES:
        hidden = len(initiatives) - _MOST_CHOICES
        blocks.append(context(f"And {hidden} more: type `/ai-status KEY`."))
    return {
        "type": "modal",
        "callback_id": CHOOSER,
        "title": plain("Weekly update"),
        "close": plain("Close"),
        "blocks": blocks,
    }
