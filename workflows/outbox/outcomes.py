"""What became of messages, and how it is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from storage import outbox, pace, promises
from storage.models import Notification, NotificationState, PromiseState
from storage.outbox import Posted
from workflows.calendars.calendar import Calendar
from workflows.calendars.working_time import next_working_moment
from workflows.lateness import late_by
from workflows.outbox.claiming import Claim
from workflows.outbox.policy import Limits, blocked, has_waited_enough
from workflows.outbox.refusals import refuse


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
    calendar: Calendar | None = None  # its reader's, where that is what it waits for


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


@dataclass(frozen=True)
class Unsent:
    """Nobody began to send it: whoever claimed it stops."""


Outcome = Sent | Overtaken | Held | Limited | Refused | Unanswered | Unsent
Outcomes = Sequence[tuple[Claim, Outcome]]


def record(
    session: Session, workspace_id: str, outcomes: Outcomes, now: datetime, limits: Limits
) -> None:
    """Record what became of messages."""
    sent = [(claim, outcome) for claim, outcome in outcomes if isinstance(outcome, Sent)]
    _record_sent(session, workspace_id, sent, now)
    others = [(claim, outcome) for claim, outcome in outcomes if not isinstance(outcome, Sent)]
    keys = [part.key for claim, _ in others for part in claim.parts]
    rows = outbox.to_change(session, workspace_id, keys)
    for claim, outcome in others:
        for part in claim.parts:
            if part.key in rows:  # or it was removed meanwhile
                _record_part(session, rows[part.key], outcome, now)
        if isinstance(outcome, Limited):
            lane = limits.of_method(claim.carrier.kind)
            pace.mark(session, workspace_id, {lane.name: blocked(lane, outcome.until, now)})
    session.flush()


def put_back(row: Notification, error: str = "") -> None:
    """Have a message wait again; there is nothing to look for at the next attempt."""
    row.state, row.carrier_key, row.error = NotificationState.PENDING, "", error
    row.attempts -= 1


def _record_part(session: Session, row: Notification, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Sent() | Overtaken():
            row.state = NotificationState.CANCELLED
        case Held():
            put_back(row)
            row.due_at = outcome.until
            if outcome.calendar is not None:  # what fell on a holiday is not late after it
                row.owed_at = next_working_moment(outcome.calendar, row.owed_at)
        case Limited():
            put_back(row, outcome.code)
        case Unsent():
            put_back(row)
        case Unanswered() if not has_waited_enough(row, now):
            row.error = outcome.code
        case Refused() | Unanswered():
            refuse(session, row, outcome.code, now)


def _record_sent(
    session: Session, workspace_id: str, sent: Sequence[tuple[Claim, Sent]], now: datetime
) -> None:
    silent = [key for _, outcome in sent for key in outcome.silent_keys]
    for row in outbox.to_change(session, workspace_id, silent).values():
        row.state = NotificationState.CANCELLED
    posts = []
    for claim, outcome in sent:
        unsaid = outcome.silent_keys | outcome.released_keys
        said = [part for part in claim.parts if part.key not in unsaid]
        posts.append(Posted([part.key for part in said], outcome.channel_id, outcome.ts))
        for part in said:
            if late := late_by(part.owed_at, now):
                _note_late(session, part, late)
    outbox.note_sent(session, workspace_id, now, posts)


def _note_late(session: Session, sent: Notification, late: timedelta) -> None:
    for promise in promises.kept_to_change(session, sent.workspace_id, sent.key):
        if promise.state == PromiseState.KEPT:
            promise.state, promise.late_by_seconds = PromiseState.LATE, int(late.total_seconds())
            promise.reason = "it was decided in time and could not be sent earlier"
