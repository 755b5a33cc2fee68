"""What a policy allows and hardly anybody means: warnings, in sentences. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from workflows.escalations.rules import Holders
from workflows.policy_document import PolicyDocument, Switch, WorkingHours

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)  # from one call to the next
_NAME = "name people, a group, or both"


def warnings_of(document: PolicyDocument) -> list[str]:
    """Return what is likely to be a mistake; nothing of it keeps the policy from being in force."""
    if Switch.ESCALATIONS not in document.features:
        return list(_channels(document))
    return [
        *_empty_levels(document),
        *_fallbacks(document),
        *_chair(document),
        *_channels(document),
        *_clocks(document),
    ]


def _empty_levels(document: PolicyDocument) -> Iterator[str]:
    levels = document.levels
    steering, finance = levels.steering, levels.finance
    if not (_named(levels.coe) or levels.coe.rotation):
        yield f"levels.coe: escalations are on, and nobody holds the CoE; {_NAME}"
    if not (_named(steering) or steering.chair or steering.executives):
        yield f"levels.steering: escalations are on, and nobody is in the committee; {_NAME}"
    if not (_named(finance) or finance.channel):
        yield f"levels.finance: escalations are on, and nobody looks after the money; {_NAME}"
    if document.people.programme_manager is None:
        yield (
            "people.programme_manager: nobody is told of an escalation that no level acknowledges; "
            "name somebody"
        )


def _fallbacks(document: PolicyDocument) -> Iterator[str]:
    levels = document.levels
    coe = {*levels.coe.people, *(levels.coe.rotation.people if levels.coe.rotation else ())}
    steering = {*levels.steering.people, *levels.steering.executives.values()}
    steering |= {levels.steering.chair} if levels.steering.chair else set()
    for name, level, holders in (
        ("coe", levels.coe, coe),
        ("steering", levels.steering, steering),
    ):
        if level.fallback is None:
            yield f"levels.{name}.fallback: nobody stands in when nobody there answers; name one"
        elif holders == {level.fallback} and level.group is None:
            yield (
                f"levels.{name}.fallback: is also the only one who holds the level, so nobody "
                "stands in; name somebody else"
            )


def _chair(document: PolicyDocument) -> Iterator[str]:
    steering = document.levels.steering
    members = {*steering.people, *steering.executives.values()}
    # Who is in a group is not the policy's to know.
    if steering.chair and steering.group is None and steering.chair not in members:
        yield (
            "levels.steering.chair: is no member of the committee; "
            "name them among its people or executives, too"
        )


def _channels(document: PolicyDocument) -> Iterator[str]:
    for name, topic in document.topics.items():
        if topic.channel == document.channels.coordination:
            yield (
                f"topics.{name}.channel: is the coordination channel, where what has no topic "
                "goes anyway; name the channel of the subject, or leave the topic out"
            )


def _clocks(document: PolicyDocument) -> Iterator[str]:
    """Warn of a reminder that never comes, and of a clock that outlasts the weekly call."""
    rules = document.escalations
    worked = _length(document.working_hours)
    reminded = rules.acknowledge.others_working_days
    blocker, conflict = rules.blocker, rules.conflict
    clock = blocker.coe_after_hours * _HOUR
    if reminded * (worked if blocker.business_time else _DAY) > clock:
        yield _unreached("escalations.blocker.coe_after_hours", "the CoE")
    if reminded > conflict.steering_after_days:
        yield _unreached("escalations.conflict.steering_after_days", "the steering committee")
    for path, length, is_business in (
        ("blocker.coe_after_hours", clock, blocker.business_time),
        ("conflict.steering_after_days", conflict.steering_after_days * _DAY, False),
    ):
        week = worked * len(document.working_days) if is_business else _WEEK
        if length > week:
            yield f"escalations.{path}: is longer than the week from one call to the next"


def _length(hours: WorkingHours) -> timedelta:
    start, end = (timedelta(hours=one.hour, minutes=one.minute) for one in (hours.start, hours.end))
    return end - start


def _unreached(clock: str, level: str) -> str:
    return (
        f"{clock}: takes it to {level} before escalations.acknowledge.others_working_days has "
        "anybody reminded, so that step is never reached"
    )


def _named(level: Holders) -> bool:
    return bool(level.people or level.group)
