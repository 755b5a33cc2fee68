"""What `/ai-status` answers, privately: updates, who is missing, help."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from handlers.answering import Answer
from handlers.blocks.text import (
    CONFIDENCE_MARKS,
    CONFIDENCE_WORDS,
    Block,
    Text,
    button,
    clip,
    context,
    date_text,
    fitting,
    header,
    listed,
    moment_text,
    paragraphs,
    section,
)
from handlers.updates.command import STATUS
from storage.models import Initiative, Update
from workflows.away import Away
from workflows.updates.missing import Missing
from workflows.updates.policy import TEXT_FIELDS
from workflows.updates.reading import Shown, Standing

COMMAND = STATUS.name
HELP = STATUS.help()
_SEARCHING = "`/ai-project find TEXT`  searches the registry"
GUEST_HELP = "\n".join([STATUS.help(reading_only=True), _SEARCHING])
UNCHANGED = "Same words as last time."
BACK_ON = "back_on"  # the beginning of the ids of buttons whose value is a day
_MOST_DAYS = 5
_LABELS = {
    "progress": "Progress",
    "milestones": "Next",
    "blockers": "Blockers",
    "needs": "Needs",
}
MOST_LISTED = 40  # lines that a patient reader takes
_HISTORY_CLIP = 600  # characters of each text
_MOST_HISTORY = 10_000  # characters of all texts: a message takes some 13,000


def help_blocks(lead_in: Text = "") -> list[Block]:
    """Return the help, after a sentence of mrkdwn."""
    blocks = [section(lead_in)] if lead_in else []
    return [*blocks, section(HELP)]


def update_heading(initiative: Initiative, update: Update, author: str, zone: ZoneInfo) -> str:
    """Return the lines above an update, as mrkdwn."""
    mark, word = CONFIDENCE_MARKS[update.confidence], CONFIDENCE_WORDS[update.confidence]
    late = " · late" if update.late else ""
    version = f" · version {update.version}" if update.version > 1 else ""
    name = clip(initiative.name, 150)
    filed = moment_text(update.filed_at, zone)
    return (
        f"{mark} *{initiative.key} · {name}*\n{word} · filed by {author} on {filed}{version}{late}"
    )


def update_texts(update: Update, clip_at: int = 3000) -> Block:
    """Return what somebody wrote in an update."""
    written = [
        (_LABELS[field], clip(getattr(update, field), clip_at))
        for field in TEXT_FIELDS
        if getattr(update, field)
    ]
    return paragraphs(written)


def shown(found: Shown, names: dict[str, str], zone: ZoneInfo) -> list[Block]:
    """Return an initiative's newest update."""
    if not found.updates:
        name = clip(found.initiative.name, 150)
        return [section(f"*{found.initiative.key} · {name}* has no update yet.")]
    update = found.updates[0]
    author = names.get(update.author_id, update.author_id)
    return [
        section(update_heading(found.initiative, update, author, zone)),
        *([context(UNCHANGED)] if found.is_unchanged else []),
        update_texts(update),
    ]


def history(found: Shown, names: dict[str, str], zone: ZoneInfo) -> list[Block]:
    """Return the versions of an initiative's updates, newest first."""
    if not found.updates:
        return shown(found, names, zone)
    name = clip(found.initiative.name, 150)
    blocks: list[Block] = [section(f"*{found.initiative.key} · {name}*, newest first")]
    budget = _MOST_HISTORY
    for update in found.updates:
        budget -= sum(min(len(getattr(update, field)), _HISTORY_CLIP) for field in TEXT_FIELDS)
        if budget < 0:
            rest = "Earlier versions don't fit in one message."
            return [*blocks, {"type": "divider"}, context(rest)]
        mark, word = CONFIDENCE_MARKS[update.confidence], CONFIDENCE_WORDS[update.confidence]
        author = names.get(update.author_id, update.author_id)
        late = ", late" if update.late else ""
        blocks += [
            {"type": "divider"},
            context(
                f"{mark} {word} · call of {date_text(update.call_on)} "
                f"· version {update.version} by {author}, "
                f"{moment_text(update.filed_at, zone)}{late}"
            ),
            update_texts(update, _HISTORY_CLIP),
        ]
    return blocks


def missing(found: Missing, zone: ZoneInfo) -> list[Block]:
    """Return which initiatives have filed nothing for the present round."""
    call = moment_text(found.round.call_at, zone)
    if not found.count:
        return [section(f"✅ All {found.total} updates for the call on {call} are in.")]
    lines = [missing_line(standing) for standing in found.first]
    closes = moment_text(found.round.closes_at, zone)
    closing = f"Closed {closes}." if found.round.closed_at else f"Open until {closes}."
    return [
        header(f"{found.count} of {found.total} not filed yet"),
        section(fitting(lines, MOST_LISTED, of=found.count)),
        context(f"For the call on {call}. {closing}"),
    ]


def missing_line(standing: Standing) -> str:
    """Return one missing initiative and who is asked for it, as mrkdwn."""
    name = clip(standing.initiative.name, 60)
    who = clip(standing.asked.name, 60) if standing.asked else "nobody available"
    return f"*{standing.initiative.key}*  {name} · {who}"


def ask_back_on(sentence: str, days: Sequence[date]) -> Answer:
    """Return the question until when somebody is away, with days to press."""
    typed = f"Or type another day, as `{COMMAND} away until 2 December`."
    buttons = [
        button(f"{date_text(day)} {day.year}", f"{BACK_ON}_{number}", day.isoformat())
        for number, day in enumerate(days[:_MOST_DAYS])
    ]
    asked: list[Block] = [{"type": "actions", "elements": buttons}] if buttons else []
    return f"{sentence} {typed}", [section(sentence), *asked, context(typed)]


def away(result: Away) -> str:
    """Return what being away means, as mrkdwn."""
    if result.back_on is None and not result.was_away:
        return "You weren't away, so nothing has changed: I ask you for your updates as usual."
    if result.back_on is None:
        return "Welcome back. I'll ask you for your updates again."
    back = f"{date_text(result.back_on)} {result.back_on.year}"
    asked: dict[str, list[str]] = {}
    for initiative, stand_in in result.stand_ins:
        asked.setdefault(stand_in.name if stand_in else "", []).append(initiative.key)
    lines = [f"Got it: you're back on *{back}*. I won't ask you for anything until then."]
    for name, keys in asked.items():
        lines.append(
            f"I'll ask {name} for {listed(keys)}."
            if name
            else f"There is no deputy available for {listed(keys)}, so I'll ask nobody."
        )
    lines.append(f"Back early? Type `{COMMAND} away off`.")
    return "\n".join(lines)
