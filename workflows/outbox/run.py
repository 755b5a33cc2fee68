"""The road of a message: claimed, sent, and what came of it recorded."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from storage import notifications, outbox, pace, people, promises
from storage.models import Notification, NotificationState, PromiseState
from workflows import policies
from workflows.calendar import next_working_moment
from workflows.kinds import outgoing
from workflows.lateness import late_by
from workflows.outbox.policy import (
    SLACK,
    Limits,
    blocked,
    can_be_gathered,
    full_lanes,
    has_waited_enough,
    waits_for_working_hours,
    within_pace,
)
from workflows.outbox.refusals import refuse
from workflows.rounds.kinds import PROMPT, REMINDER
from workflows.services import Services

# Longer than the slowest request that can still be under way: before that, nobody may ask
# whether an unanswered message was posted, because it still might be.
ABANDONED_AFTER = timedelta(seconds=60)
_CANDIDATES = 100


@dataclass(frozen=True)
class Claim:
    """A message that this process sends, and the others to the same person that go with it."""

    carrier: Notification
    others: Sequence[Notification] = ()

    @property
    def parts(self) -> list[Notification]:
        """Return all whose words go, in the order of their words."""
        return [self.carrier, *self.others]


@dataclass(frozen=True)
class Sent:
    """Slack has it under this name.

    Those with `silent_keys` had nothing left to say; those with `released_keys` did not fit, and
    go by themselves.
    """

    channel_id: str
    ts: str
    silent_keys: frozenset[str] = frozenset()
    released_keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Overtaken:
    """Nothing is left to say."""


@dataclass(frozen=True)
class Held:
    """It waits until its reader works, or until what it changes is there."""

    until: datetime


@dataclass(frozen=True)
class Limited:
    """Slack takes no more by this method before an instant; it was surely not sent."""

    until: datetime
    code: str


@dataclass(frozen=True)
class Refused:
    """Slack will never take it."""

    code: str


@dataclass(frozen=True)
class Unanswered:
    """Whether Slack has it is unknown: it stays claimed until it is safe to look."""

    code: str


Outcome = Sent | Overtaken | Held | Limited | Refused | Unanswered


def exchange(
    services: Services,
    workspace_id: str,
    outcomes: Sequence[tuple[Claim, Outcome]],
    most: int,
    limits: Limits = SLACK,
) -> list[Claim]:
    """Record what came of messages, and claim up to `most` others; one transaction for both."""
    now = services.now()
    abandoned_before = now - ABANDONED_AFTER
    if not outcomes:
        with services.reading() as reader:
            if not outbox.is_any_due(reader, workspace_id, now, abandoned_before):
                return []
    with services.transaction() as session:
        # First of all, so that everybody takes rows in the same order and nobody deadlocks.
        pace.take_turn(session, workspace_id, now)
        for claim, outcome in outcomes:
            _record(session, claim, outcome, now, limits)
        session.flush()
        return _claim(session, workspace_id, now, most, limits) if most > 0 else []


def release(services: Services, unfit: Sequence[Notification]) -> None:
    """Let messages go by themselves: together with the others they would be too long."""
    with services.transaction() as session:
        for notification in unfit:
            _put_back(session.merge(notification), "")


def hold_until(services: Services, notification: Notification) -> datetime | None:
    """Return when a person may be written to, or None where that is now; channels always may.

    A message that was due in working hours can be found outside them: Slack was down, or the bot.
    """
    if not waits_for_working_hours(notification):
        return None
    now = services.now()
    with services.reading() as reader:
        person = people.get(reader, notification.workspace_id, notification.recipient_id)
        document = policies.in_force(reader, notification.workspace_id).document
    if person is None:
        return None
    until = next_working_moment(document, now, ZoneInfo(person.timezone))
    return until if until > now else None


def is_overtaken(services: Services, notification: Notification) -> bool:
    """Return whether a prompt comes so late that its reader has the reminder."""
    if notification.kind != PROMPT.name:
        return False
    with services.reading() as reader:
        return bool(notifications.after(reader, notification, REMINDER.name))


def _claim(
    session: Session, workspace_id: str, now: datetime, most: int, limits: Limits
) -> list[Claim]:
    claims = []
    for left in outbox.abandoned(session, workspace_id, now - ABANDONED_AFTER, most):
        claims.append(Claim(left, outbox.carried_by(session, left)))
        outbox.claim(left, now)
    marks = pace.marks(session, workspace_id, now)
    full = full_lanes(marks, now, limits)
    kinds = [kind for kind in outgoing() if limits.of_method(kind).name not in full]
    due = outbox.due(session, workspace_id, now, full, kinds, _CANDIDATES)
    going, changed = within_pace(due, marks, now, most - len(claims), limits)
    pace.mark(session, workspace_id, changed)
    if not going:
        return claims
    minutes = policies.in_force(session, workspace_id).document.attention.gather_minutes
    return claims + _gather(session, workspace_id, going, now, timedelta(minutes=minutes))


def _gather(
    session: Session,
    workspace_id: str,
    going: Sequence[Notification],
    now: datetime,
    within: timedelta,
) -> list[Claim]:
    """Claim messages, each person's first with all others to them that are due soon."""
    to_people = {one.recipient_id for one in going if can_be_gathered(one)}
    gatherable = [kind.name for kind in outgoing().values() if not kind.is_alone]
    waiting = outbox.gatherable(session, workspace_id, to_people, now + within, gatherable)
    others: dict[str, list[Notification]] = defaultdict(list)
    for notification in waiting if to_people else []:
        others[notification.recipient_id].append(notification)
    claims = []
    for carrier in going:
        if carrier.state != NotificationState.PENDING:
            continue  # an earlier one carries it
        outbox.claim(carrier, now)
        rest = others[carrier.recipient_id] if can_be_gathered(carrier) else []
        carried = [one for one in rest if one.state == NotificationState.PENDING]
        for other in carried:
            outbox.claim(other, now, carrier.key)
        claims.append(Claim(carrier, carried))
    return claims


def _record(
    session: Session, claim: Claim, outcome: Outcome, now: datetime, limits: Limits
) -> None:
    if isinstance(outcome, Sent):
        _record_sent(session, claim, outcome, now)
        return
    for part in claim.parts:
        _record_part(session, session.merge(part), outcome, now)
    if isinstance(outcome, Limited):
        lane = limits.of_method(claim.carrier.kind)
        mark = {lane.name: blocked(lane, outcome.until, now)}
        pace.mark(session, claim.carrier.workspace_id, mark)


def _record_part(session: Session, row: Notification, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Sent() | Overtaken():
            row.state = NotificationState.CANCELLED
        case Held():
            _put_back(row, "")
            row.due_at = outcome.until
        case Limited():
            _put_back(row, outcome.code)
        case Unanswered() if not has_waited_enough(row, now):
            row.error = outcome.code
        case Refused() | Unanswered():
            refuse(session, row, outcome.code, now)


def _record_sent(session: Session, claim: Claim, sent: Sent, now: datetime) -> None:
    unsaid = sent.silent_keys | sent.released_keys
    said = [part for part in claim.parts if part.key not in unsaid]
    for part in claim.parts:
        if part.key in sent.silent_keys:
            session.merge(part).state = NotificationState.CANCELLED
    outbox.note_sent(session, said, sent.channel_id, sent.ts, now)
    for part in said:
        if late := late_by(part.owed_at, now):
            _note_late(session, part, late)


def _note_late(session: Session, sent: Notification, late: timedelta) -> None:
    for promise in promises.kept_to_change(session, sent.workspace_id, sent.key):
        if promise.state == PromiseState.KEPT:
            promise.state, promise.late_by_seconds = PromiseState.LATE, int(late.total_seconds())
            promise.reason = "it was decided in time and could not be sent earlier"


def _put_back(row: Notification, error: str) -> None:
    row.state, row.carrier_key, row.error = NotificationState.PENDING, "", error
    row.attempts -= 1  # nothing to look for: the next attempt is as good as the first
