"""Messages to one person: the prompt, the reminder, what became of them, the greeting."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.blocks.message import Message, settled
from handlers.blocks.moments import moment_near, weekday
from handlers.blocks.sizes import first_blocks
from handlers.blocks.text import (
    Block,
    button,
    clip,
    confirmed,
    context,
    fill,
    moment_text,
    near_token,
    section,
)
from handlers.registry.handed_back import NOT_MINE
from handlers.updates.notices import open_button
from storage.models import Initiative, Update
from workflows.updates.reading import RoundReport, Standing

_MOST_ASKED, _ASKED_CHARACTERS = 20, 5000  # initiatives in one prompt
_DAYS_OF_A_WEEK = 7


def prompt(
    round_: RoundReport,
    asked: list[Standing],
    recipient_id: str,
    zone: ZoneInfo,
    minutes: int = 3,
    named: Mapping[str, str] | None = None,
) -> Message:
    """Return what asks somebody for the updates of the week.

    `named` is by whom they were made lead, by key, where they can say that it isn't theirs.
    """
    call = weekday(round_.round.call_at, zone)
    if len(asked) == 1:
        title = f"{asked[0].initiative.key}: your update for {call}'s call ({minutes} minutes)."
    else:
        title = f"Your {len(asked)} updates for {call}'s call ({minutes} minutes each)."
    filled_in = "What moved, what comes next, what blocks you, whom you need?"
    if any(round_.former.values()):
        filled_in = f"{_last_answers(round_)} are filled in: change what changed."
    return Message(
        text=title,
        blocks=[
            section(f"*{title}*\n{filled_in}"),
            *_asked_lines(asked, recipient_id, named or {}),
            context(f"Due {moment_text(round_.round.closes_at, zone)}."),
        ],
    )


def reminder(
    round_: RoundReport, asked: list[Standing], recipient_id: str, zone: ZoneInfo
) -> Message:
    """Return what reminds somebody of the updates that are missing."""
    closes = moment_text(round_.round.closes_at, zone)
    if len(asked) == 1:
        title = f"{asked[0].initiative.key}: your update is due {closes}."
    else:
        title = f"{len(asked)} of your updates are due {closes}."
    nothing_new = "Nothing new? Open it and file: ten seconds."
    return Message(
        text=title,
        blocks=[
            section(f"*{title}*\n{nothing_new}" if any(round_.former.values()) else f"*{title}*"),
            *_asked_lines(asked, recipient_id),
        ],
    )


def asked_before(
    report: RoundReport,
    reader_id: str,
    names: dict[str, str],
    zone: ZoneInfo,
    now: datetime,
    named: Mapping[str, str] | None = None,
) -> Message:
    """Return a prompt or reminder as it stands once some of what it asked for is there."""
    if not report.standings:
        return settled()  # it is somebody else's by now
    call = weekday(report.round.call_at, zone)
    said = f"Still to file for {call}:" if report.missing else f"✅ Filed. You're done for {call}."
    filed = [
        [
            section(
                fill(
                    "✅ *{key}*  {name}\n{who} filed it {when}.",
                    key=initiative.key,
                    name=clip(initiative.name, 150),
                    who=_who(update, reader_id, names),
                    when=near_token(update.filed_at, moment_near(update.filed_at, zone, now)),
                ),
                open_button(initiative, "Edit"),
            )
        ]
        for initiative, update in report.filed
    ]
    done = first_blocks(
        filed, _MOST_ASKED, _ASKED_CHARACTERS, lambda more: f"And {more} more are filed."
    )
    return Message(
        text=said,
        blocks=[section(f"*{said}*"), *_asked_lines(report.missing, reader_id, named or {}), *done],
    )


def reminded() -> Message:
    """Return what is left of a prompt whose reader was reminded of all that it asked for."""
    said = "My reminder below shows how this stands."
    return Message(text=said, blocks=[section(said)])


def _last_answers(round_: RoundReport) -> str:
    """Return what the forms are filled in with."""
    newest = max(update.call_on for updates in round_.former.values() for update in updates)
    is_last_week = (round_.round.call_on - newest).days <= _DAYS_OF_A_WEEK
    return "Last week's answers" if is_last_week else "Your last answers"


def _who(update: Update, reader_id: str, names: dict[str, str]) -> str:
    return "You" if update.author_id == reader_id else names.get(update.author_id, update.author_id)


def _not_mine(initiative: Initiative, name: str) -> Block:
    """Return the button for whoever was named by mistake."""
    said = f"I'll take your name off {initiative.key}, and tell {name or 'the department'}."
    pressed = button("Not mine", NOT_MINE, initiative.key)
    asking = confirmed(pressed, f"{initiative.key} isn't yours?", said, "Take me off")
    return {"type": "actions", "elements": [asking]}


def _asked_lines(
    asked: list[Standing], recipient_id: str, named: Mapping[str, str] | None = None
) -> list[Block]:
    named = named or {}
    lines = []
    for standing in asked:
        initiative = standing.initiative
        line = f"*{initiative.key}*  {clip(initiative.name, 150)}"
        if initiative.lead_id != recipient_id:
            line += "\nIts lead is away, so I'm asking you as the deputy."
        if initiative.key in named:
            line += f"\n{named[initiative.key] or 'An import'} named you its lead."
        lines.append([section(line, open_button(initiative, primary=len(asked) == 1))])
        if initiative.key in named:
            lines[-1].append(_not_mine(initiative, named[initiative.key]))
    return first_blocks(
        lines, _MOST_ASKED, _ASKED_CHARACTERS, lambda more: f"And {more} more: type `/ai-status`."
    )
