"""Decides what goes first, at which pace, and what goes together. Pure: rows and `now` in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from storage.models import Notification
from workflows.kinds import outgoing_of
from workflows.owing import Method

LONGEST_BLOCK = timedelta(minutes=10)  # Slack says half a minute; a mark beyond is no mark
GROUP = "group:"  # begins a recipient that is several people: who, is found when it is sent
GIVES_UP_AFTER = timedelta(days=2)  # Slack, or our own words, fail that long without a reason


@dataclass(frozen=True)
class Lane:
    """Something that Slack limits: one use every `interval`, and up to `burst` at once."""

    name: str
    interval: timedelta
    burst: int

    @property
    def slack_time(self) -> timedelta:
        """Return how far ahead of the steady pace a burst may run."""
        return self.interval * (self.burst - 1)


@dataclass(frozen=True)
class Limits:
    """What Slack takes: by each method in the workspace, and in each channel."""

    methods: Mapping[str, Lane]
    channel: Lane  # of each channel or person, under its own name

    def of_method(self, kind: str) -> Lane:
        """Return the lane that every message of a kind uses."""
        return self.methods[outgoing_of(kind).method]

    def of(self, notification: Notification) -> list[Lane]:
        """Return the lanes that a message uses: its method's and, for a post, the channel's."""
        lane = self.of_method(notification.kind)
        if outgoing_of(notification.kind).method is not Method.POST:
            return [lane]
        return [lane, replace(self.channel, name=notification.recipient_id)]

    def named(self, name: str) -> Lane:
        """Return the lane of a name."""
        return self.methods.get(name) or replace(self.channel, name=name)


SLACK = Limits(
    methods={
        # A workspace cap of several hundred messages a minute.
        Method.POST: Lane(Method.POST, timedelta(milliseconds=200), 20),
        # Tier 3, 50 a minute, and tier 4, 100 a minute.
        Method.UPDATE: Lane(Method.UPDATE, timedelta(milliseconds=1200), 10),
        Method.PUBLISH: Lane(Method.PUBLISH, timedelta(milliseconds=600), 10),
        Method.UPLOAD: Lane(Method.UPLOAD, timedelta(milliseconds=600), 10),
    },
    channel=Lane("", timedelta(seconds=1), 3),
)


def _at_once(lane: Lane) -> Lane:
    return replace(lane, interval=timedelta(0))


# Of a workspace that is nobody's: the demo's past, and benchmarks.
UNLIMITED = Limits(
    methods={name: _at_once(lane) for name, lane in SLACK.methods.items()},
    channel=_at_once(SLACK.channel),
)


def is_free(lane: Lane, used_until: datetime | None, now: datetime) -> bool:
    """Return whether a lane takes one more now (the generic cell rate algorithm)."""
    ahead = _in_force(lane, used_until, now) - now
    return ahead <= lane.slack_time


def use(lane: Lane, used_until: datetime | None, now: datetime) -> datetime:
    """Return until when a lane is used up after one more."""
    return _in_force(lane, used_until, now) + lane.interval


def blocked(lane: Lane, until: datetime, now: datetime) -> datetime:
    """Return the mark of a lane that takes nothing more before an instant."""
    return min(until, now + LONGEST_BLOCK) + lane.slack_time


def _in_force(lane: Lane, used_until: datetime | None, now: datetime) -> datetime:
    """Return a lane's mark; `now` if it has passed, or was set before the clock was set back."""
    is_possible = used_until is not None and used_until - now <= LONGEST_BLOCK + lane.slack_time
    return max(used_until, now) if used_until and is_possible else now


def within_pace(
    candidates: Iterable[Notification],
    marks: Mapping[str, datetime],
    now: datetime,
    most: int,
    limits: Limits = SLACK,
) -> tuple[list[Notification], dict[str, datetime]]:
    """Return which of the messages may go now, in their order, and the marks that this leaves."""
    fresh = dict(marks)
    going: list[Notification] = []
    for notification in candidates:
        if len(going) == most:
            break
        lanes = limits.of(notification)
        if all(is_free(lane, fresh.get(lane.name), now) for lane in lanes):
            going.append(notification)
            fresh.update({lane.name: use(lane, fresh.get(lane.name), now) for lane in lanes})
    # A mark that is over says as little as none.
    changed = {n: mark for n, mark in fresh.items() if mark > now and marks.get(n) != mark}
    return going, changed


def full_lanes(marks: Mapping[str, datetime], now: datetime, limits: Limits = SLACK) -> set[str]:
    """Return the names of the marked lanes that take nothing now."""
    return {name for name, mark in marks.items() if not is_free(limits.named(name), mark, now)}


def fallback_key(key: str) -> str:
    """Return the key of the message that the fallback channel gets instead."""
    return f"{key[:240]}:fallback"


def is_person(recipient_id: str) -> bool:
    """Return whether a message goes to a person and not to a channel."""
    return recipient_id.startswith(("U", "W"))


def can_be_gathered(notification: Notification) -> bool:
    """Return whether a message may go together with others to the same person."""
    return is_person(notification.recipient_id) and not outgoing_of(notification.kind).is_alone


def waits_for_working_hours(notification: Notification) -> bool:
    """Return whether a message can wait until its reader works; an answer can't."""
    kind = outgoing_of(notification.kind)
    return is_person(notification.recipient_id) and kind.waits_for_working_hours


def has_waited_enough(notification: Notification, now: datetime) -> bool:
    """Return whether a message that fails again and again is given up."""
    return now - notification.owed_at > GIVES_UP_AFTER and notification.attempts > 1
