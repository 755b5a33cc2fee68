"""Messages the bot sends by itself: the prompt, the reminder, the summary and the digest."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from handlers.blocks.answers import missing_line, update_texts
from handlers.blocks.notices import open_button
from handlers.blocks.sizes import first_blocks
from handlers.blocks.text import (
    CONFIDENCE_MARKS,
    CONFIDENCE_WORDS,
    Block,
    Text,
    button,
    clip,
    context,
    cut,
    date_text,
    fill,
    fitting,
    header,
    listed,
    marked,
    moment_text,
    moment_token,
    section,
    stored,
)
from storage.models import Confidence, Initiative, Update
from workflows.updates.reading import RoundReport, Standing

READ_ROUND = "read_round"  # the button that opens every update of a round; its value is the day
_MOST_ASKED, _ASKED_CHARACTERS = 20, 5000  # initiatives in one prompt
_MOST_EXCEPTIONS = 10  # told in full; the rest is behind the button
_EXCEPTION_CLIP = 300  # characters of each text
_MOST_MISSING = 15


_LONGEST_TEXT = 3000  # characters; Slack advises against more than 4,000


@dataclass(frozen=True)
class Message:
    """A message as Slack takes it; `text` is for notifications and screen readers."""

    text: Text
    blocks: list[Block]

    @property
    def wire_text(self) -> str:
        """Return the text as Slack takes it: escaped, and not longer than anybody reads."""
        return cut(marked(self.text), _LONGEST_TEXT).wire


def prompt(
    round_: RoundReport, asked: list[Standing], recipient_id: str, zone: ZoneInfo
) -> Message:
    """Return what asks somebody for the updates of the week."""
    call = moment_text(round_.round.call_at, zone)
    closes = moment_text(round_.round.closes_at, zone)
    keys = listed([standing.initiative.key for standing in asked])
    return Message(
        text=f"Your weekly update of {keys}, for the call on {call}",
        blocks=[
            section(
                f"*Three minutes for the call on {call}?*\n"
                "What moved, what comes next, what blocks you, whom you need. "
                "Your last answers are filled in, if there are any."
            ),
            *_asked_lines(asked, recipient_id),
            context(f"Open until {closes}."),
        ],
    )


def reminder(
    round_: RoundReport, asked: list[Standing], recipient_id: str, zone: ZoneInfo
) -> Message:
    """Return what reminds somebody of the updates that are missing."""
    closes = moment_text(round_.round.closes_at, zone)
    keys = listed([standing.initiative.key for standing in asked])
    return Message(
        text=f"Still open: your weekly update of {keys}, until {closes}",
        blocks=[
            section(
                f"*Your weekly update is still open until {closes}.*\n"
                "If little has changed, check your last answers and file them."
            ),
            *_asked_lines(asked, recipient_id),
        ],
    )


def asked_before(
    report: RoundReport, recipient_id: str, names: dict[str, str], zone: ZoneInfo
) -> Message:
    """Return a prompt or reminder as it stands once some of what it asked for is there."""
    call = moment_text(report.round.call_at, zone)
    if report.missing:
        said = f"*Still open for the call on {call}:*"
    else:
        said = f"✅ *Thank you: all is there for the call on {call}.*"
    filed = [
        [
            section(
                f"✅ *{initiative.key}*  {clip(initiative.name, 150)}\n"
                f"{names.get(update.author_id, update.author_id)} filed it on "
                f"{moment_text(update.filed_at, zone)}.",
                open_button(initiative, "Open"),
            )
        ]
        for initiative, update in report.filed
    ]
    done = first_blocks(
        filed, _MOST_ASKED, _ASKED_CHARACTERS, lambda more: f"And {more} more are filed."
    )
    return Message(
        text=f"Your weekly update for the call on {call}",
        blocks=[section(said), *_asked_lines(report.missing, recipient_id), *done],
    )


def settled() -> Message:
    """Return what is left of a message that has nothing to say any more."""
    said = "This is settled. Nothing is asked of you."
    return Message(text=said, blocks=[section(said)])


def greeting() -> Message:
    """Return what answers somebody who writes to the bot."""
    said = "I read no messages, but I know these:"
    return Message(
        text="I read no messages: type /ai-status help or /ai-project help",
        blocks=[
            section(
                f"👋 {said}\n"
                "• `/ai-status` files your weekly update; `/ai-status help` tells more.\n"
                "• `/ai-project find TEXT` searches the registry; `/ai-project help` tells more.\n"
                "• An inventory (CSV or XLSX) that the programme manager sends here is checked, "
                "and stored if they say so."
            )
        ],
    )


def resumed(words: str) -> Message:
    """Return what tells somebody what became of a click that a restart interrupted."""
    return Message(text=stored(words), blocks=[section(stored(words))])


def summary(
    report: RoundReport, names: dict[str, str], zone: ZoneInfo, *, is_over: bool = False
) -> Message:
    """Return what the coordination channel reads when a round closes: exceptions first."""
    call_on = report.round.call_on
    return Message(
        text=f"Updates for {date_text(call_on)}: {_counts(report)}",
        blocks=[
            header(f"Updates for {date_text(call_on)}"),
            section(
                fill(
                    "{counts}\nThe call {is_or_was} on {moment}.",
                    counts=_counts(report),
                    is_or_was="was" if is_over else "is",
                    moment=moment_token(report.round.call_at, zone),
                )
            ),
            *_body(report, names),
        ],
    )


def digest(
    report: RoundReport,
    departments: list[str],
    names: dict[str, str],
    zone: ZoneInfo,
    *,
    is_over: bool = False,
) -> Message:
    """Return what a department lead reads when a round closes."""
    whose = clip(listed(departments), 100)
    call = moment_text(report.round.call_at, zone)
    if not report.missing and not exceptions(report):
        quiet = (
            f"{whose}: all {len(report.filed)} updates are in, all on track. Nothing for you to do."
        )
        return Message(text=quiet, blocks=[section(f"✅ {quiet}"), _read_button(report)])
    return Message(
        text=f"{whose} {'after' if is_over else 'before'} the call on {call}: {_counts(report)}",
        blocks=[
            header(f"{clip(listed(departments), 100)}: your week"),
            section(f"{_counts(report)}\nThe call {'was' if is_over else 'is'} on {call}."),
            *_body(report, names),
        ],
    )


def exceptions(report: RoundReport) -> list[tuple[Initiative, Update]]:
    """Return the updates that need somebody: off track, at risk, blocked, in need; worst first."""
    order = (Confidence.OFF_TRACK, Confidence.AT_RISK, Confidence.ON_TRACK)
    needing = [
        (initiative, update)
        for initiative, update in report.filed
        if update.confidence != Confidence.ON_TRACK or update.blockers or update.needs
    ]
    return sorted(needing, key=lambda pair: order.index(pair[1].confidence))


def _asked_lines(asked: list[Standing], recipient_id: str) -> list[Block]:
    lines = []
    for standing in asked:
        initiative = standing.initiative
        line = f"*{initiative.key}*  {clip(initiative.name, 150)}"
        if initiative.lead_id != recipient_id:
            line += "\nIts lead is away, and you are the deputy."
        lines.append([section(line, open_button(initiative, primary=len(asked) == 1))])
    return first_blocks(
        lines, _MOST_ASKED, _ASKED_CHARACTERS, lambda more: f"And {more} more: type `/ai-status`."
    )


def _counts(report: RoundReport) -> str:
    parts = [f"{len(report.filed)} of {len(report.standings)} filed"]
    for confidence in (Confidence.OFF_TRACK, Confidence.AT_RISK):
        count = sum(update.confidence == confidence for _, update in report.filed)
        if count:
            parts.append(
                f"{CONFIDENCE_MARKS[confidence]} {count} {CONFIDENCE_WORDS[confidence].lower()}"
            )
    if report.missing:
        parts.append(f"{len(report.missing)} missing")
    return " · ".join(parts)


def _body(report: RoundReport, names: dict[str, str]) -> list[Block]:
    needing = exceptions(report)
    blocks: list[Block] = []
    for initiative, update in needing[:_MOST_EXCEPTIONS]:
        blocks += _exception(initiative, update, names)
    if len(needing) > _MOST_EXCEPTIONS:
        blocks.append(context(f"And {len(needing) - _MOST_EXCEPTIONS} more behind the button."))
    if report.missing:
        absent = [missing_line(standing) for standing in report.missing]
        blocks += [
            {"type": "divider"},
            section(fitting(["*Missing*", *absent], _MOST_MISSING + 1)),
        ]
    shown = {initiative.key for initiative, _ in needing}
    fine = [initiative.key for initiative, _ in report.filed if initiative.key not in shown]
    if fine:
        blocks.append(context(clip(f"On track, nothing needed: {listed(fine)}", 2000)))
    return [*blocks, _read_button(report)]


def _exception(initiative: Initiative, update: Update, names: dict[str, str]) -> list[Block]:
    mark = CONFIDENCE_MARKS[update.confidence]
    author = names.get(update.author_id, update.author_id)
    name = clip(initiative.name, 100)
    told = Update(
        **update.model_dump(exclude={"progress", "milestones", "blockers", "needs"}),
        progress="" if update.blockers or update.needs else update.progress,
        blockers=update.blockers,
        needs=update.needs,
    )
    return [
        {"type": "divider"},
        section(f"{mark} *{initiative.key} · {name}* · {initiative.department} · {author}"),
        update_texts(told, _EXCEPTION_CLIP),
    ]


def _read_button(report: RoundReport) -> Block:
    count = len(report.filed)
    label = {0: "Read late updates", 1: "Read the update"}.get(count, f"Read all {count} updates")
    return {
        "type": "actions",
        "elements": [button(label, READ_ROUND, report.round.call_on.isoformat())],
    }
