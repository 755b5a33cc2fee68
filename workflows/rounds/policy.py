"""Decides when a round opens, asks and closes, and whom it asks. Pure: rows and `now` in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

from storage.models import Person, Promise, Round, Update
from workflows.calendar import DAY, at_wall_time, next_working_moment, working_days_before
from workflows.policy_document import PolicyDocument
from workflows.policy_shapes import Weekday
from workflows.rounds.kinds import Reason, RoundDuty

_DAYS_OF_A_WEEK = 7
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class RoundTimes:
    """The instants of one round."""

    call_on: date  # in the call's timezone
    opens_at: datetime
    closes_at: datetime
    call_at: datetime


@dataclass(frozen=True)
class Send:
    """Ask this person now; they were to be asked at `owed_at`."""

    recipient_id: str
    owed_at: datetime


@dataclass(frozen=True)
class Postpone:
    """Ask this person later, at `until`; they were to be asked at `owed_at`."""

    recipient_id: str
    owed_at: datetime
    until: datetime


@dataclass(frozen=True)
class Cancel:
    """Don't ask any more."""

    reason: Reason


def next_call_on(document: PolicyDocument, after: datetime, last_on: date | None = None) -> date:
    """Return the day of the first call that begins after an instant.

    A week has one call: with `last_on`, the day of the last round's, it is in a later calendar
    week than that, wherever a changed policy has moved the call to.
    """
    day = after.astimezone(document.call.zone).date()
    if last_on is not None:
        day = max(day, last_on + DAY * (_DAYS_OF_A_WEEK - last_on.weekday()))
    while not _is_call_after(document, day, after):
        day += DAY
    return day


def coming_rounds(document: PolicyDocument, now: datetime, count: int) -> list[RoundTimes]:
    """Return the times of the next rounds whose call is yet to come, the nearest first."""
    rounds: list[RoundTimes] = []
    for _ in range(count):
        last_on = rounds[-1].call_on if rounds else None
        rounds.append(round_times(document, next_call_on(document, now, last_on)))
    return rounds


def round_times(document: PolicyDocument, call_on: date) -> RoundTimes:
    """Return when the round of a call opens and closes."""
    zone = document.call.zone
    call_at = at_wall_time(call_on, document.call.time, zone)
    opens_on = working_days_before(document, call_on, document.round.opens_working_days_before)
    return RoundTimes(
        call_on=call_on,
        opens_at=at_wall_time(opens_on, time.min, zone),
        closes_at=call_at - timedelta(minutes=document.round.closes_minutes_before),
        call_at=call_at,
    )


def ask_at(document: PolicyDocument, kind: str, call_at: datetime, zone: ZoneInfo) -> datetime:
    """Return when somebody who lives in `zone` is prompted or reminded.

    The days are counted back from the day that the call has for them: a call on Wednesday
    in New York is on Thursday in Tokyo.
    """
    reckon = prompt_at if kind == RoundDuty.PROMPT else reminder_at
    return reckon(document, call_at, zone)


def prompt_at(document: PolicyDocument, call_at: datetime, zone: ZoneInfo) -> datetime:
    """Return when somebody who lives in `zone` is prompted."""
    days, wall_time = document.round.prompt_working_days_before, document.round.prompt_time
    return _before_call(document, call_at, zone, days, wall_time)


def reminder_at(document: PolicyDocument, call_at: datetime, zone: ZoneInfo) -> datetime:
    """Return when somebody who lives in `zone` is reminded."""
    days, wall_time = document.round.reminder_working_days_before, document.round.reminder_time
    return _before_call(document, call_at, zone, days, wall_time)


def first_ask_at(
    document: PolicyDocument, call_at: datetime, since_at: datetime | None, zone: ZoneInfo
) -> datetime:
    """Return when somebody is first asked for an initiative that owes updates since an instant.

    That is the prompt or, where it came later, the policy's time on the next working morning:
    nobody is told that something is still open in the minute in which it begins.
    """
    usual = prompt_at(document, call_at, zone)
    if since_at is None or since_at <= usual:
        return usual
    day = since_at.astimezone(zone).date() + DAY
    while not document.works_on(day):
        day += DAY
    return at_wall_time(day, document.round.prompt_time, zone)


def owes_in(
    document: PolicyDocument, round_: Round, since_at: datetime | None, zone: ZoneInfo
) -> bool:
    """Return whether an initiative owes an update in a round: it can be asked for in it."""
    return first_ask_at(document, round_.call_at, since_at, zone) < round_.closes_at


def asked_as_usual_before(document: PolicyDocument, round_: Round) -> datetime:
    """Return an instant before anybody is prompted in a round, wherever they live.

    What owes updates since then is prompted for at the usual time, and owes one in the round.
    """
    earliest = round_.call_on - DAY  # the call's day is at most one off
    days = document.round.prompt_working_days_before
    return at_wall_time(working_days_before(document, earliest, days) - DAY, time.min, _UTC)


def is_away(person: Person, now: datetime) -> bool:
    """Return whether somebody has said that they are not back yet, on their own calendar."""
    if person.away_until_on is None:
        return False
    return now.astimezone(ZoneInfo(person.timezone)).date() < person.away_until_on


def asked_person(answerable: Iterable[Person], now: datetime) -> Person | None:
    """Return who is asked: the first of the lead and the deputies who is there to answer."""
    for person in answerable:
        if not (person.deactivated or person.guest or is_away(person, now)):
            return person
    return None


class Clocks:
    """When people are asked in a round, for each timezone reckoned once."""

    def __init__(self, document: PolicyDocument, round_: Round, now: datetime) -> None:
        self.document, self.round, self.now = document, round_, now
        self.ask_at = cache(partial(ask_at, document, call_at=round_.call_at))
        self.next_working_moment = cache(partial(next_working_moment, document))

    def first_ask_at(self, since_at: datetime | None, zone: ZoneInfo) -> datetime:
        """Return when somebody is first asked for what owes updates since an instant."""
        usual = self.ask_at(RoundDuty.PROMPT, zone=zone)
        if since_at is None or since_at <= usual:
            return usual
        return first_ask_at(self.document, self.round.call_at, since_at, zone)


def expected_person(clocks: Clocks, kind: str, answerable: Iterable[Person]) -> Person | None:
    """Return who will be asked: the first who is there at the time of it, on their own clock."""
    for person in answerable:
        at = max(clocks.now, clocks.ask_at(kind, zone=ZoneInfo(person.timezone)))
        if asked_person([person], at):
            return person
    return None


def due_ask(
    clocks: Clocks, kind: str, answerable: Sequence[Person], since_at: datetime | None = None
) -> Send | Postpone | Cancel:
    """Decide on a prompt or reminder that has come due for an initiative with no update yet.

    It goes to whoever is there at this moment, in their working hours, at the policy's time
    on their own clock or as soon after it as they work. A prompt that the reminder has
    caught up with is dropped: one message is better than two. What owes updates since an
    instant after the prompt is prompted for on the next morning, and then not reminded of.
    """
    person = asked_person(answerable, clocks.now)
    if person is None:
        return Cancel(Reason.NOBODY_THERE)
    zone = ZoneInfo(person.timezone)
    first = clocks.first_ask_at(since_at, zone)
    ask = max(first, clocks.ask_at(kind, zone=zone))
    send_at = max(ask, clocks.next_working_moment(clocks.now, zone))
    if send_at >= clocks.round.closes_at:
        return Cancel(Reason.CLOSES_BEFORE)
    reminded_at = clocks.ask_at(RoundDuty.REMINDER, zone=zone)
    if needless := _needless(kind, first, send_at, reminded_at):
        return Cancel(needless)
    owed_at = clocks.next_working_moment(ask, zone)
    if send_at > clocks.now:
        return Postpone(person.user_id, owed_at, send_at)
    return Send(person.user_id, owed_at)


def fault_of_opening(round_: Round | None) -> str | None:
    """Return what is wrong with a pending opening, or None; `round_` is the one it is of."""
    # While its asks are promised, some at a time, both are there.
    return "its round has closed" if round_ and round_.closed_at is not None else None


def fault_of_closing(round_: Round | None) -> str | None:
    """Return what is wrong with what is pending in a round, or None."""
    if round_ is None:
        return "its round never opened"
    return "its round has closed" if round_.closed_at is not None else None


def fault_of_digest(round_: Round | None) -> str | None:
    """Return what is wrong with a pending digest, or None."""
    return None if round_ and round_.closed_at else "its round has not closed"


def fault_of_ask(
    promise: Promise,
    round_: Round | None,
    filed: Mapping[str, Update],
    owing_keys: Collection[str],
) -> str | None:
    """Return what is wrong with a pending prompt or reminder, or None.

    `filed` are the updates of its round, `owing_keys` the initiatives that owe one.
    """
    if fault := fault_of_closing(round_):
        return fault
    if promise.subject_key in filed:
        return "the update is filed already"
    return None if promise.subject_key in owing_keys else "the initiative owes no updates"


def _before_call(
    document: PolicyDocument, call_at: datetime, zone: ZoneInfo, days: int, wall_time: time
) -> datetime:
    call_on = call_at.astimezone(zone).date()
    return at_wall_time(working_days_before(document, call_on, days), wall_time, zone)


def _needless(
    kind: str, first: datetime, send_at: datetime, reminded_at: datetime
) -> Reason | None:
    """Return why one of the two messages would be one too many, if it is."""
    if first >= reminded_at:
        return Reason.PROMPTED_LATE if kind != RoundDuty.PROMPT else None
    if kind == RoundDuty.PROMPT and send_at >= reminded_at:
        return Reason.REMINDED_INSTEAD
    return None


def _is_call_after(document: PolicyDocument, day: date, instant: datetime) -> bool:
    if Weekday.of(day) != document.call.weekday:
        return False
    call_at = at_wall_time(day, document.call.time, document.call.zone)
    return call_at > instant.astimezone(UTC)
