"""Words and dates as Slack shows them. What people wrote is escaped here, once, on output."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from storage.models import Confidence

Block = dict[str, Any]  # a Block Kit object, shaped as Slack documents it

CONFIDENCE_WORDS = {
    Confidence.ON_TRACK: "On track",
    Confidence.AT_RISK: "At risk",
    Confidence.OFF_TRACK: "Off track",
}
CONFIDENCE_MARKS = {
    Confidence.ON_TRACK: "🟢",
    Confidence.AT_RISK: "🟡",
    Confidence.OFF_TRACK: "🔴",
}


def escape(text: str) -> str:
    """Return text that mrkdwn shows as it was typed, with no live mention or link in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> Block:
    """Return a plain_text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Block:
    """Return a mrkdwn object; what people wrote in it has to be escaped already."""
    return {"type": "mrkdwn", "text": text}


def section(text: str, accessory: Block | None = None) -> Block:
    """Return a section of mrkdwn, with something to press beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block if accessory is None else {**block, "accessory": accessory}


def context(text: str, block_id: str | None = None) -> Block:
    """Return a quiet line of mrkdwn."""
    block: Block = {"type": "context", "elements": [mrkdwn(text)]}
    return block if block_id is None else {**block, "block_id": block_id}


def header(text: str) -> Block:
    """Return a headline; Slack takes 150 characters."""
    return {"type": "header", "text": plain(clip(text, 150))}


def button(label: str, action_id: str, value: str, *, primary: bool = False) -> Block:
    """Return a button that hands `value` back."""
    block: Block = {
        "type": "button",
        "text": plain(clip(label, 75)),
        "action_id": action_id,
        "value": value,
    }
    return {**block, "style": "primary"} if primary else block


def paragraphs(parts: list[tuple[str, str]]) -> Block:
    """Return rich text: for each part its label in bold, and what somebody wrote, untouched."""
    elements: list[Block] = []
    for position, (label, written) in enumerate(parts):
        lead_in = "\n" if position else ""
        elements.append({"type": "text", "text": f"{lead_in}{label}  ", "style": {"bold": True}})
        elements.append({"type": "text", "text": written})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def clip(text: str, length: int) -> str:
    """Return the text, or its beginning and an ellipsis where it is longer."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def fitting(lines: list[str], most: int, length: int = 2900) -> str:
    """Return the first lines, at most so many and so many characters, and how many more there are.

    The lines are mrkdwn, escaped already: cut inside, they could end in half an escape.
    """
    shown = list(lines[:most])
    while len("\n".join(shown)) > length:
        shown.pop()
    rest = len(lines) - len(shown)
    return "\n".join([*shown, f"and {rest} more"] if rest else shown)


def date_text(day: date) -> str:
    """Return a date with its weekday, as «Wednesday 25 November»."""
    return f"{day:%A} {day.day} {day:%B}"


def moment_text(instant: datetime, zone: ZoneInfo) -> str:
    """Return a date with its weekday and time, as «Wednesday 25 November, 15:00»."""
    local = instant.astimezone(zone)
    return f"{date_text(local.date())}, {local:%H:%M}"


def moment_token(instant: datetime, zone: ZoneInfo) -> str:
    """Return mrkdwn that Slack shows in each reader's own timezone."""
    fallback = f"{moment_text(instant, zone)} ({zone.key})"
    return f"<!date^{int(instant.timestamp())}^{{date_long}} at {{time}}|{fallback}>"


def spoken_text(length: timedelta) -> str:
    """Return a speaking time, as «1 min 20 s», to the nearest ten seconds above nought."""
    seconds = round(length.total_seconds() / 10) * 10
    if seconds == 0 and length:
        return "a few seconds"
    minutes, rest = divmod(seconds, 60)
    parts = [f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * bool(rest)
    return " ".join(parts) or "0 s"


def listed(words: list[str]) -> str:
    """Return words as people list them: «a», «a and b», «a, b and c»."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
