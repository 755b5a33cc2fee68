"""The road of a message: claimed, sent, and what came of it recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from storage import notifications, pace, people, promises
from storage.models import Notification, NotificationKind, NotificationState, PromiseState
from workflows import policies
from workflows.calendar import next_working_moment
from workflows.lateness import late_by
from workflows.outbox.policy import (
    blocked,
    can_be_gathered,
    full_lanes,
    has_waited_enough,
    method_lane,
    waits_for_working_hours,
    within_pace,
)
from workflows.outbox.refusals import refuse
from workflows.services import Services

# Longer than the slowest request that can still be under way: before that, nobody may ask
# whether an unanswered message was posted, because it still might be.
ABANDONED_AFTER = timedelta(seconds=60)
_CANDIDATES = 100
_GATHERABLE = [
    kind
    for kind in NotificationKind
    if kind not in (NotificationKind.HOME, NotificationKind.REFRESH, NotificationKind.STANDSTILL)
]


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
    """Slack has it under this name; those with these keys had nothing left to say."""

    channel_id: str
    ts: str
    silent_keys: frozenset[str] = field(default_factory=frozenset)


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
    services: Services, workspace_id: str, outcomes: Sequence[tuple[Claim, Outcome]], most: int
) -> list[Claim]:
    """Record what came of messages, and claim up to `most` others; one transaction for both."""
    now = services.now()
    abandoned_before = now - ABANDONED_AFTER
    if not outcomes:
        with services.reading() as session:
            if not notifications.is_any_due(session, workspace_id, now, abandoned_before):
                return []
    with services.transaction() as session:
        # First of all, so that everybody takes rows in the same order and nobody deadlocks.
        pace.take_turn(session, workspace_id, now)
        for claim, outcome in outcomes:
            _record(session, claim, outcome, now)
        session.flush()
        return _claim(session, workspace_id, now, most) if most > 0 else []


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
    with services.reading() as session:
        person = people.get(session, notification.workspace_id, notification.recipient_id)
        document = policies.in_force(session, notification.workspace_id).document
    if person is None:
        return None
    until = next_working_moment(document, now, ZoneInfo(person.timezone))
    return until if until > now else None


def is_overtaken(services: Services, notification: Notification) -> bool:
    """Return whether a prompt comes so late that its reader has the reminder."""
    if notification.kind != NotificationKind.PROMPT:
        return False
    with services.reading() as session:
        return notifications.has_reminder(session, notification)


def _claim(session: Session, workspace_id: str, now: datetime, most: int) -> list[Claim]:
    claims = []
    for left in notifications.abandoned(session, workspace_id, now - ABANDONED_AFTER, most):
        claims.append(Claim(left, notifications.carried_by(session, left)))
        notifications.claim(left, now)
    marks = pace.marks(session, workspace_id, now)
    full = full_lanes(marks, now)
    kinds = [kind for kind in NotificationKind if method_lane(kind).name not in full]
    due = notifications.due(session, workspace_id, now, full, kinds, _CANDIDATES)
    going, changed = within_pace(due, marks, now, most - len(claims))
    pace.mark(session, workspace_id, changed)
    if not going:
        return claims
    minutes = policies.in_force(session, workspace_id).document.attention.gather_minutes
    for carrier in going:
        if carrier.state == NotificationState.PENDING:  # else an earlier one carries it
            notifications.claim(carrier, now)
            claims.append(_gather(session, carrier, now, now + timedelta(minutes=minutes)))
    return claims


def _gather(session: Session, carrier: Notification, now: datetime, until: datetime) -> Claim:
    if not can_be_gathered(carrier):
        return Claim(carrier)
    session.flush()
    others = notifications.gatherable(session, carrier, until, _GATHERABLE)
    for other in others:
        notifications.claim(other, now, carrier.key)
    return Claim(carrier, others)


def _record(session: Session, claim: Claim, outcome: Outcome, now: datetime) -> None:
    for part in claim.parts:
        _record_part(session, session.merge(part), outcome, now)
    if isinstance(outcome, Limited):
        lane = method_lane(claim.carrier.kind)
        mark = {lane.name: blocked(lane, outcome.until)}
        pace.mark(session, claim.carrier.workspace_id, mark)


def _record_part(session: Session, row: Notification, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Sent() if row.key not in outcome.silent_keys:
            _note_sent(session, row, outcome, now)
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


def _note_sent(session: Session, row: Notification, sent: Sent, now: datetime) -> None:
    row.state, row.sent_at, row.error = NotificationState.SENT, now, ""
    row.channel_id, row.ts = sent.channel_id, sent.ts
    if (late := late_by(row.owed_at, now)) is None:
        return
    for promise in promises.kept_by(session, row.workspace_id, row.key):
        if promise.state == PromiseState.KEPT:
            promise.state, promise.late_by_seconds = PromiseState.LATE, int(late.total_seconds())
            promise.reason = "it was decided in time and could not be sent earlier"


def _put_back(row: Notification, error: str) -> None:
    row.state, row.carrier_key, row.error = NotificationState.PENDING, "", error
    row.attempts -= 1  # nothing to look for: the next attempt is as good as the first
