"""What a round came to, worst first and on one screen; the rest is behind the button."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from handlers.blocks.message import Message
from handlers.blocks.rules import number
from handlers.blocks.text import (
    CONFIDENCE_MARKS,
    CONFIDENCE_WORDS,
    Block,
    button,
    clip,
    combine,
    date_text,
    fill,
    header,
    listed,
    moment_text,
    moment_token,
    section,
)
from handlers.rounds.escalated import escalated_line
from storage.models import Confidence
from workflows.escalations.in_short import InShort
from workflows.updates.changes import RoundChanges, Silence, StatusChange, Stop
from workflows.updates.policy import word_count
from workflows.updates.reading import RoundReport

READ_ROUND = "read_round"  # the button that opens every update of a round; its value is the day
MOST_WORDS = 85  # of the lines; with what stands around them 120, one screen of a phone
_MOST_KEYS = 5  # of one kind
_QUOTED_WORDS, _QUOTED_LENGTH = 7, 60
_SENTENCE_END = re.compile(r"[.!?]\s")
_MORE_WORDS = 3  # «and 12 more»
_LONG = 5  # weeks; whoever is blocked for longer is not told apart


@dataclass(frozen=True)
class Item:
    """Some words of a line, and how many initiatives they tell of."""

    words: str
    count: int = 1


@dataclass(frozen=True)
class Line:
    """What is told of one kind of change."""

    label: str
    items: Sequence[Item]


def summary(
    report: RoundReport,
    zone: ZoneInfo,
    *,
    is_over: bool = False,
    escalated: InShort | None = None,
) -> Message:
    """Return what the coordination channel reads when a round closes."""
    day = date_text(report.round.call_on)
    call = fill(
        "The call {was_or_is} {moment}.",
        was_or_is="was" if is_over else "is",
        moment=moment_token(report.round.call_at, zone),
    )
    return Message(
        text=f"Updates for {day}: {counts(report)}",
        blocks=[
            header(f"{day}: {filed_text(report)}"),
            section(call),
            *_told(report, {}, zone, escalated),
            read_button(report),
        ],
    )


def digest(
    report: RoundReport,
    departments: list[str],
    zone: ZoneInfo,
    *,
    is_over: bool = False,
    escalated: InShort | None = None,
) -> Message:
    """Return what a department lead reads when a round closes."""
    whose = clip(listed(departments), 100)
    call = moment_text(report.round.call_at, zone)
    if report.changes.is_quiet and report.filed:
        quiet = f"{whose}: {_all_in(report)}, all on track."
        quiet += "" if escalated else " Nothing for you to do."
        line = _escalated(escalated, zone)
        return Message(text=quiet, blocks=[section(f"✅ {quiet}"), *line, read_button(report)])
    asked = {one.initiative.key: clip(one.asked.name, 40) for one in report.missing if one.asked}
    return Message(
        text=f"{whose} {'after' if is_over else 'before'} the call on {call}: {counts(report)}",
        blocks=[
            header(f"{whose}: {filed_text(report)}"),
            section(f"The call {'was' if is_over else 'is'} on {call}."),
            *_told(report, asked, zone, escalated),
            read_button(report),
        ],
    )


def change_blocks(
    report: RoundReport,
    changes: RoundChanges,
    asked: Mapping[str, str] | None = None,
    most_words: int = MOST_WORDS,
) -> list[Block]:
    """Return what has changed; `asked` has the names of those who can file what is missing."""
    lines = _within(_lines(changes, asked or {}), most_words)
    told = {change.key for change in [*changes.worse, *changes.better]}
    told |= {stop.key for stop in [*changes.blocked, *changes.new_blockers]}
    told |= {need.key for need in changes.new_needs}
    told |= {*changes.off_track, *changes.at_risk, *changes.unchanged}
    fine = [initiative.key for initiative, _ in report.filed if initiative.key not in told]
    if fine:
        others = f"{'The other' if lines else 'All'} {number(len(fine))}"
        lines.append(f"{others} {'is' if len(fine) == 1 else 'are'} on track.")
    return [section(combine(lines))] if lines else []


def filed_text(report: RoundReport) -> str:
    """Return how many updates are there, as «11 of 22 filed»."""
    return f"{len(report.filed)} of {len(report.standings)} filed"


def counts(report: RoundReport) -> str:
    """Return how many filed, how many of them are in trouble, and how many are missing."""
    parts = [filed_text(report)]
    for confidence in (Confidence.OFF_TRACK, Confidence.AT_RISK):
        count = sum(update.confidence == confidence for _, update in report.filed)
        if count:
            parts.append(f"{CONFIDENCE_MARKS[confidence]} {count} {_status(confidence)}")
    if report.missing:
        parts.append(f"{len(report.missing)} missing")
    return " · ".join(parts)


def read_button(report: RoundReport) -> Block:
    """Return the button that opens all that was filed."""
    count = len(report.filed)
    label = {0: "Read late updates", 1: "Read the update"}.get(count, f"Read all {count} updates")
    return {
        "type": "actions",
        "elements": [button(label, READ_ROUND, report.round.call_on.isoformat())],
    }


def _told(
    report: RoundReport, asked: Mapping[str, str], zone: ZoneInfo, escalated: InShort | None
) -> list[Block]:
    """Return what has changed and what is escalated, on one screen together."""
    words = word_count(escalated_line(escalated, zone)) if escalated else 0
    changed = change_blocks(report, report.changes, asked, MOST_WORDS - words)
    return [*changed, *_escalated(escalated, zone)]


def _escalated(escalated: InShort | None, zone: ZoneInfo) -> list[Block]:
    return [section(escalated_line(escalated, zone))] if escalated else []


def _all_in(report: RoundReport) -> str:
    count = len(report.filed)
    return "its one update is in" if count == 1 else f"all {count} updates are in"


def _lines(changes: RoundChanges, asked: Mapping[str, str]) -> list[Line]:
    return [
        Line("Worse", _changed(changes.worse)),
        Line("Silent", _silent(changes.silent, asked)),
        *_blocked(changes.blocked),
        Line("New blockers", [_quoted(one.key, one.words) for one in changes.new_blockers]),
        Line("New needs", [_quoted(one.key, one.words) for one in changes.new_needs]),
        Line("Off track", _listed(changes.off_track)),
        Line("At risk", _listed(changes.at_risk)),
        Line("Better", _changed(changes.better)),
        Line("Same words as last time", _listed(changes.unchanged)),
    ]


def _within(lines: Iterable[Line], most: int) -> list[str]:
    """Return the lines in so many words: the first item of each, the second …; the rest counted."""
    wanted = [line for line in lines if line.items]
    left = most - sum(word_count(line.label) + _MORE_WORDS for line in wanted)
    shown = [0] * len(wanted)
    for depth in range(max((len(line.items) for line in wanted), default=0)):
        for place, line in enumerate(wanted):
            if shown[place] != depth or depth == len(line.items):
                continue  # one that came before did not fit, or there is no more
            cost = word_count(line.items[depth].words)
            if depth + 1 == len(line.items):
                cost -= _MORE_WORDS  # nothing is left to be counted
            if cost <= left:
                left -= cost
                shown[place] += 1
    return [_line_text(line, count) for line, count in zip(wanted, shown, strict=True)]


def _line_text(line: Line, shown: int) -> str:
    words = "; ".join(item.words for item in line.items[:shown])
    rest = sum(item.count for item in line.items[shown:])
    if not rest:
        return f"*{line.label}:* {words}"
    return f"*{line.label}:* {words} and {rest} more" if shown else f"*{line.label}:* {rest}"


def _changed(several: Sequence[StatusChange]) -> list[Item]:
    def way(one: StatusChange) -> str:
        return f"{_status(one.before)} → {_status(one.after)}"

    grouped = [(said, [one.key for one in those]) for said, those in groupby(several, way)]
    return [Item(f"{_keys(keys)} {said}", len(keys)) for said, keys in grouped]


def _silent(silences: Sequence[Silence], asked: Mapping[str, str]) -> list[Item]:
    def last(silence: Silence) -> str:
        if silence.last is None:
            return "nothing filed so far"
        return f"{_status(silence.last)} {_weeks_ago(silence.weeks)}"

    def named(key: str) -> str:
        return f"{key} ({asked[key]})" if key in asked else key

    grouped = [(said, [one.key for one in several]) for said, several in groupby(silences, last)]
    return [Item(f"{_keys(list(map(named, keys)))}, {said}", len(keys)) for said, keys in grouped]


def _blocked(stops: Sequence[Stop]) -> list[Line]:
    def since(stop: Stop) -> str:
        longer = " or more" if stop.weeks >= _LONG else ""
        return f"Blocked for {number(min(stop.weeks, _LONG))} weeks{longer}"

    return [
        Line(label, [_quoted(one.key, one.words) for one in several])
        for label, several in groupby(stops, since)
    ]


def _listed(keys: Sequence[str]) -> list[Item]:
    return [Item(_keys(keys), len(keys))] if keys else []


def _keys(keys: Sequence[str]) -> str:
    shown = ", ".join(keys[:_MOST_KEYS])
    return f"{shown} and {len(keys) - _MOST_KEYS} more" if len(keys) > _MOST_KEYS else shown


def _quoted(key: str, words: str) -> Item:
    """Return an initiative with the beginning of what somebody wrote of it."""
    text = " ".join(words.split())
    sentence = _SENTENCE_END.split(text, maxsplit=1)[0]
    short = clip(" ".join(sentence.split()[:_QUOTED_WORDS]), _QUOTED_LENGTH).rstrip(",;:")
    is_cut = not short.endswith("…") and len(short) < len(text.rstrip(".!"))
    return Item(f"{key} “{short}{'…' if is_cut else ''}”")


def _weeks_ago(weeks: int) -> str:
    return "last week" if weeks == 1 else f"{number(weeks)} weeks ago"


def _status(confidence: Confidence) -> str:
    return CONFIDENCE_WORDS[confidence].lower()
