"""The App Home: my updates, the round I look after, what I can do, the rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.blocks.moments import day_near, moment_near, weekday
from handlers.blocks.rules import settings
from handlers.blocks.text import (
    CONFIDENCE_MARKS,
    CONFIDENCE_WORDS,
    Block,
    button,
    clip,
    context,
    fitting,
    header,
    listed,
    section,
)
from handlers.registry.command import OPEN_REGISTRY
from handlers.rounds.summary import change_blocks, filed_text, read_button
from handlers.updates.answers import GUEST_HELP, HELP, missing_line
from handlers.updates.notices import open_button
from storage.models import Round
from workflows.home.reading import Home
from workflows.updates.reading import RoundReport, Standing

BACK_NOW = "back_now"  # the button of somebody who is back earlier
_MOST_LISTED = 30
_MOST_MISSING = 12
_MOST_WORDS = 60  # of what has changed: there is more to see here
_ALL_DOORS = {"new": "Add an initiative", "list mine": "My initiatives", "list": "All initiatives"}
_GUEST_DOORS = {"list": "All initiatives"}


def build(home: Home, zone: ZoneInfo, now: datetime) -> Block:
    """Return somebody's App Home."""
    is_guest = home.person is not None and home.person.guest
    blocks = [
        *_away(home, zone, now),
        *_week(home, zone, now),
        *_watched(home, zone, now),
        *_registry(_GUEST_DOORS if is_guest else _ALL_DOORS),
        *(_manager(home) if home.is_manager else []),
        {"type": "divider"},
        context(GUEST_HELP if is_guest else HELP),
    ]
    return {"type": "home", "blocks": blocks}


def closed_home(reason: str) -> Block:
    """Return the App Home of somebody who is not let in."""
    return {"type": "home", "blocks": [section(f"✋ {reason}")]}


def _away(home: Home, zone: ZoneInfo, now: datetime) -> list[Block]:
    if home.person is None or home.person.away_until_on is None:
        return []
    back = day_near(home.person.away_until_on, now.astimezone(zone).date())
    return [section(f"🌴 You are away until *{back}*.", button("I'm back", BACK_NOW, "now"))]


def _week(home: Home, zone: ZoneInfo, now: datetime) -> list[Block]:
    if home.own is None:
        said = "Nothing to file yet."
        if home.next_opens_at:
            said += f" The first round opens {_day(home.next_opens_at, zone, now)}."
        return [header("Your week"), section(said)]
    if home.own.standings:
        return _own(home, home.own, zone, now)
    if home.watched:
        return []  # that is their week
    return [header("Your week"), *_nothing_to_file(home, zone, now)]


def _own(home: Home, own: RoundReport, zone: ZoneInfo, now: datetime) -> list[Block]:
    mine = [s for s in own.missing if s.asked and s.asked == home.person]
    day = weekday(own.round.call_at, zone)
    said = f"✅ You're done for {day}."
    if mine:
        said = f"*{len(mine)} to file for {day}'s call.* {_deadline(own.round, zone, now)}"
    hidden = len(own.standings) - _MOST_LISTED
    more = [context(f"And {hidden} more: type `/ai-status KEY`.")] if hidden > 0 else []
    return [
        header("Your updates"),
        section(said),
        *(_standing(home, standing, mine) for standing in own.standings[:_MOST_LISTED]),
        *more,
        *([] if mine else [context(_times(home, own.round, zone, now))]),
    ]


def _standing(home: Home, standing: Standing, mine: Sequence[Standing]) -> Block:
    initiative, update = standing.initiative, standing.update
    name = f"*{initiative.key}*  {clip(initiative.name, 150)}"
    if update is not None:
        mark, word = CONFIDENCE_MARKS[update.confidence], CONFIDENCE_WORDS[update.confidence]
        late = ", late" if update.late else ""
        return section(f"{name}\n{mark} {word}, filed{late}", open_button(initiative, "Edit"))
    label, said = "Fill in", "Not filed yet" if standing.is_owed else "Nothing due before next week"
    if initiative.key in home.drafted:
        label, said = "File", "Draft, not filed yet"
    if standing not in mine:
        said += f"; {standing.asked.name} is asked" if standing.asked else ""
    return section(f"{name}\n{said}", open_button(initiative, label, primary=standing in mine))


def _nothing_to_file(home: Home, zone: ZoneInfo, now: datetime) -> list[Block]:
    if (whole := home.whole) is None:
        return [section("You have no updates to file.")]
    said = f"You have no updates to file. This week: {filed_text(whole)}."
    if home.person is not None and home.person.guest:
        said = f"You're a guest here: you can read everything. This week: {filed_text(whole)}."
    return [
        section(said),
        context(_times(home, whole.round, zone, now)),
        *([read_button(whole)] if whole.filed else []),
    ]


def _watched(home: Home, zone: ZoneInfo, now: datetime) -> list[Block]:
    """Return the round of the programme manager, or of a department lead."""
    watched = home.watched
    if watched is None or not (home.is_manager or home.departments):
        return []
    title = "This week" if home.is_manager else clip(listed(list(home.departments)), 100)
    day = weekday(watched.round.call_at, zone)
    lines = [missing_line(standing) for standing in watched.missing]
    absent = [section(fitting(["*Not filed yet*", *lines], _MOST_MISSING + 1))] if lines else []
    told = replace(watched.changes, silent=[])  # they are named below
    return [
        header(title),
        section(
            f"*{filed_text(watched)} for {day}'s call.* {_times(home, watched.round, zone, now)}"
        ),
        *change_blocks(watched, told, most_words=_MOST_WORDS),
        *absent,
        *([read_button(watched)] if watched.filed else []),
    ]


def _deadline(round_: Round, zone: ZoneInfo, now: datetime) -> str:
    """Return until when to file, for whoever has to."""
    if now < round_.closes_at:
        return f"Due {moment_near(round_.closes_at, zone, now)}."
    return "The deadline has passed. You can still file; it will be marked late."


def _times(home: Home, round_: Round, zone: ZoneInfo, now: datetime) -> str:
    """Return where the round is in its week; what is over is told as over."""
    call = moment_near(round_.call_at, zone, now)
    closes = moment_near(round_.closes_at, zone, now)
    if now < round_.closes_at:
        return f"Open until {closes}; the call is {call}."
    if now < round_.call_at:
        return f"Closed {closes}; the call is {call}."
    opens = home.next_opens_at
    following = f" The next round opens {_day(opens, zone, now)}." if opens else ""
    return f"Closed {closes}; the call was {call}.{following}"


def _day(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    return day_near(instant.astimezone(zone).date(), now.astimezone(zone).date())


def _registry(doors: dict[str, str]) -> list[Block]:
    """Return the ways into the registry."""
    return [
        header("The registry"),
        {
            "type": "actions",
            "elements": [
                button(label, f"{OPEN_REGISTRY}_{number}", words)
                for number, (words, label) in enumerate(doors.items())
            ],
        },
    ]


def _manager(home: Home) -> list[Block]:
    """Return what only the programme manager does."""
    return [
        header("Import"),
        section(
            "Send me an inventory (CSV or XLSX) in the *Messages* tab. I'll show you what I make "
            "of it, and store nothing until you say so."
        ),
        header("Settings"),
        section(settings(home.policy)),
    ]
