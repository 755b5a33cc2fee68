"""Words and dates as Slack shows them. What people wrote is escaped here, once, on output."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from storage.models import Confidence
from workflows.outbox.policy import GROUP

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


@dataclass(frozen=True)
class Mrkdwn:
    """Text that mrkdwn takes as it stands: escaped, or live on purpose.

    Everything else is a `str`, and is escaped where it becomes a block. Only this module makes
    one, so a mention or a link can't come out of what somebody typed. It is no `str`: mypy refuses
    to add, join or format the two without `fill` or `combine`, which escape what has to be.
    """

    wire: str  # as Slack takes it

    def __str__(self) -> str:
        """Refuse to be formatted: as a plain text it would be escaped again.

        Raises:
            TypeError: always.
        """
        raise TypeError("Put mrkdwn together with fill() or combine().")


Text = str | Mrkdwn


def marked(text: Text) -> Mrkdwn:
    """Return text as mrkdwn shows it: as it was typed, with no live mention or link in it."""
    if isinstance(text, Mrkdwn):
        return text
    return Mrkdwn(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def fill(template: str, **parts: Text) -> Mrkdwn:
    """Return a template of our own with each part where it is named.

    All of it is escaped, but for parts that are mrkdwn already.
    """
    held = {name: marked(part).wire for name, part in parts.items()}
    return Mrkdwn(marked(template).wire.format_map(held))


def combine(parts: Iterable[Text], between: str = "\n") -> Mrkdwn:
    """Return texts below each other, each escaped unless it is mrkdwn already."""
    return Mrkdwn(between.join(marked(part).wire for part in parts))


def stored(words: str) -> Mrkdwn:
    """Return mrkdwn that was kept in a row as it went over the wire."""
    return Mrkdwn(words)


def mention(recipient_id: str) -> Mrkdwn:
    """Return a live mention of a person or a channel; a channel's tells nobody.

    Several people that a message brings together are named by what it is about.
    """
    if recipient_id.startswith(GROUP):
        return marked(f"the people of {recipient_id.removeprefix(GROUP)}")
    mark = "#" if recipient_id.startswith(("C", "G")) else "@"
    return Mrkdwn(f"<{mark}{marked(recipient_id).wire}>")


def hyperlink(url: str, words: str) -> Mrkdwn:
    """Return a live link."""
    shown = marked(words.replace("|", "¦")).wire
    return Mrkdwn(f"<{marked(url).wire}|{shown}>")


def plain(text: str) -> Block:
    """Return a plain_text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: Text, most: int = 3000) -> Block:
    """Return a mrkdwn object of at most so many characters, counted as Slack does: escaped."""
    return {"type": "mrkdwn", "text": cut(marked(text), most).wire}


def section(text: Text, accessory: Block | None = None) -> Block:
    """Return a section of mrkdwn, with something to press beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block if accessory is None else {**block, "accessory": accessory}


def context(text: Text, block_id: str | None = None) -> Block:
    """Return a quiet line of mrkdwn."""
    block: Block = {"type": "context", "elements": [mrkdwn(text, 2000)]}
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


def confirmed(pressed: Block, title: str, said: str, yes: str) -> Block:
    """Return a button that asks before it is pressed for good."""
    asked = {"title": plain(title), "text": plain(clip(said, 300))}
    return {**pressed, "confirm": {**asked, "confirm": plain(yes), "deny": plain("Cancel")}}


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


def cut(text: Mrkdwn, most: int) -> Mrkdwn:
    """Return mrkdwn, or its beginning and an ellipsis where it is longer.

    It ends before an escape or a live mention that would not be whole.
    """
    if len(text.wire) <= most:
        return text
    kept = text.wire[: most - 1]
    for opened, closed in (("<", ">"), ("&", ";")):
        if (start := kept.rfind(opened)) > kept.rfind(closed):
            kept = kept[:start]
    return Mrkdwn(kept.rstrip() + "…")


def fitting(texts: Sequence[Text], most: int, length: int = 2900, of: int | None = None) -> Mrkdwn:
    """Return the first lines, at most so many and so many characters; and how many more.

    `of` is how many there are, where not all are given.
    """
    every = [marked(line) for line in texts]
    shown = every[:most]
    while shown and len(combine(shown).wire) > length:
        shown.pop()
    shown = shown or [cut(line, length) for line in every[:1]]
    rest = (len(every) if of is None else of) - len(shown)
    return combine([*shown, f"and {rest:,} more"] if rest else shown)


def date_text(day: date) -> str:
    """Return a date with its weekday, as «Wednesday 25 November»."""
    return f"{day:%A} {day.day} {day:%B}"


def day_text(day: date) -> str:
    """Return a date with its weekday and its year."""
    return f"{date_text(day)} {day.year}"


def moment_text(instant: datetime, zone: ZoneInfo) -> str:
    """Return a date with its weekday and time, as «Wednesday 25 November, 15:00»."""
    local = instant.astimezone(zone)
    return f"{date_text(local.date())}, {local:%H:%M}"


def moment_token(instant: datetime, zone: ZoneInfo) -> Mrkdwn:
    """Return mrkdwn that Slack shows in each reader's own timezone."""
    fallback = f"{moment_text(instant, zone)} ({zone.key})"
    return Mrkdwn(f"<!date^{int(instant.timestamp())}^{{date_long}} at {{time}}|{fallback}>")


def near_token(instant: datetime, said: str) -> Mrkdwn:
    """Return mrkdwn that Slack shows as «today at 15:19», and as «yesterday …» on the day after."""
    return Mrkdwn(f"<!date^{int(instant.timestamp())}^{{date_long_pretty}} at {{time}}|{said}>")


def spoken_text(length: timedelta) -> str:
    """Return a speaking time, as «1 min 20 s», to the nearest ten seconds above nought."""
    seconds = round(length.total_seconds() / 10) * 10
    if seconds == 0 and length:
        return "a few seconds"
    minutes, rest = divmod(seconds, 60)
    parts = [f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * bool(rest)
    return " ".join(parts) or "0 s"


def listed(words: list[str], most: int = 100) -> str:
    """Return words as people list them: «a», «a and b», «a, b and c», «a, b and 70 more»."""
    if len(words) > most:
        words = [*words[:most], f"{len(words) - most:,} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
