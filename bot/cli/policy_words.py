"""The words of every setting of the policy, for whoever compares two of them. Pure."""

import calendar
from collections.abc import Callable
from datetime import date, time
from enum import StrEnum
from typing import Any

from handlers.blocks.rules import days_of_week, minutes_text, working_days
from handlers.blocks.text import listed

Said = Callable[[Any], str]

_NOT_SET = "not set"
_DAYS = working_days
_KINDS = {
    "technical_blocker": "technical blockers",
    "resource_conflict": "resource conflicts",
    "timeline_risk": "timeline risks",
    "budget_overrun": "budget overruns",
}


def plain(value: Any) -> str:
    """Return a setting's value as it is written in the policy."""
    if isinstance(value, (frozenset, tuple)):
        said = [plain(one) for one in value]
        return ", ".join(sorted(said) if isinstance(value, frozenset) else said) or "none"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return f"{value:%a %d %b %Y}"
    return _NOT_SET if value is None else str(value)


def _or(nothing: str, before: str = "") -> Said:
    """Return what says a text, or that there is none."""
    return lambda value: nothing if value is None else f"{before}{value}"


def _with(unit: str) -> Said:
    return lambda value: f"{value} {unit}"


def _capital(value: StrEnum) -> str:
    return value.capitalize()


def _month(value: int) -> str:
    return calendar.month_name[value]


def _how_counted(what: str) -> Said:
    return lambda is_business: f"working {what}" if is_business else what


def _kinds(value: Any) -> str:
    return listed([words for kind, words in _KINDS.items() if kind in value] or ["none"])


_TIME: Said = "{:%H:%M}".format
_PLAIN: Said = plain
# By the setting, `*` for a name of the policy's own: its words, and what says its value; None says
# that it is somebody.
WORDS: dict[str, tuple[str, Said | None]] = {
    "call.weekday": ("the call is on {new} instead of {old}", _capital),
    "call.time": ("the call is at {new} instead of {old}", _TIME),
    "call.timezone": ("the call goes by the clock of {new} instead of {old}", _PLAIN),
    "channels.coordination": ("summaries go to {new} instead of {old}", _PLAIN),
    "channels.fallback": (
        "what can't be delivered goes to {new} instead of {old}",
        _or("no channel"),
    ),
    "people.programme_manager": ("the programme manager is {new} instead of {old}", None),
    "working_days": ("people work {new} instead of {old}", days_of_week),
    "fiscal_year_start_month": ("the fiscal year begins in {new} instead of {old}", _month),
    "working_hours.start": ("working hours begin at {new} instead of {old}", _TIME),
    "working_hours.end": ("working hours end at {new} instead of {old}", _TIME),
    "calendar.country": ("public holidays are those of {new} instead of {old}", _or("no country")),
    "calendar.region": (
        "public holidays are also those of {new} instead of {old}",
        _or("no region", "the region "),
    ),
    "round.opens_working_days_before": (
        "a round opens {new} before the call instead of {old}",
        _DAYS,
    ),
    "round.prompt_working_days_before": (
        "updates are asked for {new} before the call instead of {old}",
        _DAYS,
    ),
    "round.prompt_time": ("updates are asked for at {new} instead of {old}", _TIME),
    "round.reminder_working_days_before": (
        "whoever hasn't filed is reminded {new} before the call instead of {old}",
        _DAYS,
    ),
    "round.reminder_time": ("whoever hasn't filed is reminded at {new} instead of {old}", _TIME),
    "round.closes_minutes_before": (
        "a round closes {new} before the call instead of {old}",
        minutes_text,
    ),
    "update.minutes": ("an update takes {new} at most instead of {old}", minutes_text),
    "update.words": ("an update has about {new} at most instead of {old}", _with("words")),
    "attention.gather_minutes": (
        "messages to one person that are due within {new} go as one, instead of within {old}",
        minutes_text,
    ),
    "audit.time": ("the daily audit is at {new} instead of {old}", _TIME),
    "registry.stale_days": ("an entry is stale after {new} instead of {old}", _with("days")),
    "levels.*.group": (
        "the user group of {of} is {new} instead of {old}",
        _or("none"),
    ),
    "levels.*.fallback": ("{new} stands in for {of} instead of {old}", None),
    "levels.*.channel": ("{of} is written to in {new} instead of {old}", _or("no channel")),
    "levels.steering.chair": ("the chair of the steering committee is {new}, not {old}", None),
    "levels.steering.executives.*": ("the executive of {of} is {new} instead of {old}", None),
    "topics.*.title": ("the topic {of} is called {new} instead of {old}", _PLAIN),
    "topics.*.channel": ("the topic {of} is posted in {new} instead of {old}", _PLAIN),
    "escalations.blocker.coe_after_hours": (
        "technical blockers reach the CoE after {new} instead of {old}",
        _with("h"),
    ),
    "escalations.blocker.business_time": (
        "the clock of technical blockers counts {new} instead of {old}",
        _how_counted("hours"),
    ),
    "escalations.conflict.steering_after_days": (
        "resource conflicts reach the steering committee after {new} instead of {old}",
        _with("days"),
    ),
    "escalations.conflict.business_time": (
        "the clock of resource conflicts counts {new} instead of {old}",
        _how_counted("days"),
    ),
    "escalations.timeline.steering_over_days": (
        "timeline risks are the steering committee's from more than {new} instead of {old}",
        _with("days"),
    ),
    "escalations.overrun.steering_over_percent": (
        "budget overruns are told from more than {new} instead of {old}",
        _with("%"),
    ),
    "escalations.overrun.again_every_points": (
        "a budget overrun is told again every {new} instead of {old}",
        _with("points"),
    ),
    "escalations.acknowledge.coe_working_hours": (
        "the CoE may leave an escalation unseen for {new} instead of {old}",
        _with("working hours"),
    ),
    "escalations.acknowledge.others_working_days": (
        "others may leave an escalation unseen for {new} instead of {old}",
        _DAYS,
    ),
    "escalations.acknowledge.quiet_working_days": (
        "an owner is asked how it goes after {new} of silence instead of {old}",
        _DAYS,
    ),
    "escalations.snooze.most_times": (
        "an owner can snooze an escalation {new} instead of {old}",
        _with("times"),
    ),
    "escalations.snooze.most_days": (
        "an owner can snooze an escalation for {new} instead of {old}",
        _with("days"),
    ),
    "escalations.reopen_days": (
        "an escalation can be reopened for {new} instead of {old}",
        _with("days"),
    ),
    "escalations.cannot_wait": (
        "“it cannot wait” is preselected for {new} instead of {old}",
        _kinds,
    ),
}
