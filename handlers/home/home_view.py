"""The App Home: what waits for me, my updates, the round I look after, what I can do, the rules."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.blocks.moments import day_near, moment_near, weekday
from handlers.blocks.personal import ANY, OPEN_ESCALATION, OPEN_UPDATE
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
from handlers.contributed import Waiting
from handlers.registry.command import OPEN_REGISTRY
from handlers.rounds.summary import change_blocks, filed_text, read_button
from handlers.updates.answers import GUEST_HELP, HELP, missing_line
from handlers.updates.drafted import FILE_WORDS
from handlers.updates.notices import open_button
from handlers.waiting import MOST_SHOWN, headed
from storage.models import Round
from workflows.home.reading import Home
from workflows.policy_document import Switch
from workflows.updates.reading import RoundReport, Standing

BACK_NOW = "back_now"  # the button of somebody who is back earlier
_UPDATE_BUTTONS = (OPEN_UPDATE, FILE_WORDS)
_MOST_LISTED = 30
_MOST_COMING = 5
_MOST_MISSING = 12
_MOST_WORDS = 60  # of what has changed: there is more to see here
_ALL_DOORS = {"new": "Add an initiative", "list mine": "My initiatives", "list": "All initiatives"}
_GUEST_DOORS = {"list": "All initiatives"}


def build(home: Home, zone: ZoneInfo, now: datetime, several: Sequence[Waiting] = ()) -> Block:
    """Return somebody's App Home; `several` wait for them."""
    is_guest = home.person is not None and home.person.guest
    blocks = [
        *headed(several),
        *_coming(home, zone, now),
        *_away(home, zone, now),
        *_week(home, zone, now, _updates_among(several)),
        *_watched(home, zone, now),
        *_registry(_GUEST_DOORS if is_guest else _ALL_DOORS),
        *([] if is_guest else _escalate(home)),
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


def _updates_among(several: Sequence[Waiting]) -> frozenset[str]:
    """Return the initiatives whose update is among what is shown of the list."""
    pressed = [one.pressed for one in several[:MOST_SHOWN]]
    return frozenset(one["value"] for one in pressed if one["action_id"] in _UPDATE_BUTTONS)


def _coming(home: Home, zone: ZoneInfo, now: datetime) -> list[Block]:
    """Return what the bot will do this week; for the programme manager."""
    if not home.coming:
        return []
    lines = [
        f"{moment_near(one.due_at, zone, now)}: {clip(one.described, 200)}"
        + (f", {one.count:,} times" if one.count > 1 else "")
        for one in home.coming
    ]
    return [section(fitting(["*What I'll do this week*", *map(_capital, lines)], _MOST_COMING + 1))]


def _capital(line: str) -> str:
    return line[0].upper() + line[1:]


def _week(home: Home, zone: ZoneInfo, now: datetime, above: Collection[str]) -> list[Block]:
    if home.own is None:
        said = "Nothing to file yet."
        if home.next_opens_at:
            said += f" The first round opens {_day(home.next_opens_at, zone, now)}."
        return [header("Your week"), section(said)]
    if home.own.standings:
        return _own(home, home.own, zone, now, above)
    if home.watched:
        return []  # that is their week
    return [header("Your week"), *_nothing_to_file(home, zone, now)]


def _own(
    home: Home, own: RoundReport, zone: ZoneInfo, now: datetime, above: Collection[str]
) -> list[Block]:
    """Return their updates, but for those that stand in the list above."""
    others = [one for one in own.standings if one.initiative.key not in above]
    mine = [s for s in own.missing if s.asked and s.asked == home.person]
    day = weekday(own.round.call_at, zone)
    said = f"✅ You're done for {day}."
    if mine:
        said = f"*{len(mine)} to file for {day}'s call.* {_deadline(own.round, zone, now)}"
    hidden = len(others) - _MOST_LISTED
    more = [context(f"And {hidden} more: type `/ai-status KEY`.")] if hidden > 0 else []
    return [
        header("Your updates"),
        section(said),
        *(_standing(home, standing, mine) for standing in others[:_MOST_LISTED]),
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


def _escalate(home: Home) -> list[Block]:
    """Return the way to say that something is stuck, where that is switched on."""
    if Switch.ESCALATIONS not in home.policy.document.features:
        return []
    pressed = button("Escalate", OPEN_ESCALATION, ANY)
    return [section("*Something is stuck?* I'll bring it to whoever can decide it.", pressed)]


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
