"""The sweep: what is due is decided on by its workflow, a batch in one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from storage import due_promises, heartbeats, locks, promises
from storage.due_promises import Due
from storage.models import Fact, Promise, PromiseState, SubjectKind
from workflows import audit
from workflows.alerts.kinds import AUDIT
from workflows.heartbeat import SWEEP
from workflows.kinds import duties, duty_of
from workflows.lateness import late_by, why_late
from workflows.outbox.posting import Post, tell_manager
from workflows.services import Services
from workflows.subjects import Subject

_MOST_ATTEMPTS = 5
_FIRST_WAIT = timedelta(minutes=1)  # doubled with each attempt


def sweep(services: Services) -> int:
    """Settle every promise that is due and return how many were looked at.

    Safe to run twice and on several replicas: a promise is held while it is decided on, and
    what it asks for carries a key that can be stored only once.
    """
    settled = 0
    while batch := sweep_batch(services):
        settled += batch
    return settled


def sweep_batch(services: Services) -> int:
    """Settle a batch of what is due, all of it or nothing; return how many were looked at."""
    now = services.now()
    with services.reading() as reader:
        if not (waiting := promises.due_workspaces(reader, now)):
            return 0
    with services.transaction() as session:
        free = locks.hold_planning_where_free(session, waiting)
        due = due_promises.claim_due(session, now, free)
        _settle(session, due, now)
        return len(due)


def due_keys(services: Services) -> list[tuple[str, str]]:
    """Return workspace id and key of what is due, oldest first."""
    now = services.now()
    with services.reading() as reader:
        return promises.due_keys(reader, now)


def sweep_one(services: Services, workspace_id: str, key: str) -> None:
    """Settle one promise in a transaction of its own, where a whole batch has failed."""
    now = services.now()
    with services.transaction() as session:
        locks.hold_planning(session, workspace_id)
        if promise := due_promises.claim_one(session, workspace_id, key):
            _settle(session, [promise], now)


def note_failure(services: Services, workspace_id: str, key: str, error: str) -> None:
    """Put off a promise that can't be settled; after some attempts it has failed, and is told."""
    now = services.now()
    with services.transaction() as session:
        promise = promises.to_change(session, workspace_id, key)
        if promise is None or promise.state != PromiseState.PENDING:
            return
        promise.attempts += 1
        if promise.attempts < _MOST_ATTEMPTS:
            promise.due_at = now + _FIRST_WAIT * 2**promise.attempts
        else:
            said = Post(AUDIT, f"audit:{promise.key}", Subject(SubjectKind.PROMISE, promise.key))
            is_told = tell_manager(session, promise.workspace_id, said, now)
            told = "the programme manager" if is_told else "nobody"
            promises.settle(promise, PromiseState.FAILED, now, f"{error}; told: {told}")
            audit.record_rules(session, now, [_fired(promise)])


def _settle(session: Session, due: Sequence[Due], now: datetime) -> None:
    of_kind: dict[str, list[Due]] = defaultdict(list)
    for promise in due:
        of_kind[duty_of(promise.kind).name].append(promise)
    before = False
    for duty in duties().values():
        those = of_kind[duty.name]
        if those and before:
            those = _still_due(session, those, now)
        if those:
            duty.settle(session, those, now)
            _note_lateness(session, those, now)
            due_promises.record(session, those)
            fired = [_fired(one) for one in those if one.state != PromiseState.PENDING]
            audit.record_rules(session, now, fired)
            before = True


def _fired(settled: Due | Promise) -> audit.Fired:
    """Return what the audit log keeps of a promise that was settled.

    Its subject's key stands there as it is: a kind whose keys hold user ids has to be named here.
    """
    facts: dict[str, Fact] = {"due": f"{settled.owed_at:%Y-%m-%dT%H:%M:%SZ}"}
    if settled.period_on is not None:
        facts["on"] = settled.period_on.isoformat()
    if settled.recipient_id is not None:
        facts["to"] = audit.naming(settled.recipient_id)
    if settled.late_by_seconds:
        facts["late_by_seconds"] = settled.late_by_seconds
    is_person = settled.subject_kind == SubjectKind.PERSON
    return audit.Fired(
        settled.workspace_id,
        settled.kind,
        audit.naming(settled.subject_key) if is_person else settled.subject_key,
        settled.state,
        facts,
        settled.clause,
        settled.policy_version,
    )


def _still_due(session: Session, several: Sequence[Due], now: datetime) -> list[Due]:
    """Return those that no earlier duty of the batch has settled or put off."""
    workspace_ids = {promise.workspace_id for promise in several}
    still = due_promises.still_due(session, now, workspace_ids)
    return [promise for promise in several if (promise.workspace_id, promise.key) in still]


def _note_lateness(session: Session, settled: Sequence[Due], now: datetime) -> None:
    kept_late = [
        (promise, late)
        for promise in settled
        if (late := late_by(promise.owed_at, now)) and promise.state == PromiseState.KEPT
    ]
    beat = heartbeats.get(session, SWEEP) if kept_late else None
    for promise, late in kept_late:
        promise.state, promise.late_by_seconds = PromiseState.LATE, int(late.total_seconds())
        promise.reason = why_late(beat, promise.owed_at)
