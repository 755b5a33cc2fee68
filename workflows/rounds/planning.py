"""Makes the promises of a round: one to open it, and those to prompt and remind in it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from storage import locks, notifications, promises, rounds, updates
from storage.models import Person, Promise, PromiseState, Round, SubjectKind
from workflows import policies
from workflows.changes import changed
from workflows.owing import Change, What
from workflows.policies import Policy
from workflows.promises.planning import plan_audit
from workflows.rounds.answerable import answerable_people
from workflows.rounds.kinds import ASK_DUTIES, ASKS, RoundDuty
from workflows.rounds.policy import (
    ask_at,
    asked_person,
    expected_person,
    next_call_on,
    round_times,
)
from workflows.services import Services

_RESTING = "the initiative owes no updates any more"


def ensure_next_round(services: Services, workspace_id: str) -> None:
    """Promise the opening of the next round as the policy in force has it, and of no other."""
    now = services.now()
    with services.transaction() as session:
        locks.hold_planning(session, workspace_id)
        policy = policies.in_force(session, workspace_id)
        wanted = plan_next_round(session, workspace_id, policy, now, after=now)
        for promise in promises.pending_to_change(session, workspace_id, RoundDuty.OPEN):
            if promise.key != wanted:
                promises.settle(promise, PromiseState.CANCELLED, now, "the policy has changed")
        plan_audit(session, workspace_id, policy, now)
        changed(session, workspace_id, What.POLICY, now)


def plan_next_round(
    session: Session, workspace_id: str, policy: Policy, now: datetime, after: datetime
) -> str:
    """Promise the opening of the round of the first call after an instant; return its key.

    A promise made for that day under an earlier policy takes the new one's time.
    """
    last = rounds.latest(session, workspace_id)
    call_on = next_call_on(policy.document, after, last.call_on if last else None)
    times = round_times(policy.document, call_on)
    promise = Promise(
        workspace_id=workspace_id,
        key=f"open_round:{times.call_on}",
        kind=RoundDuty.OPEN,
        subject_kind=SubjectKind.ROUND,
        subject_key=f"{times.call_on}",
        period_on=times.call_on,
        due_at=times.opens_at,
        owed_at=max(now, times.opens_at),
        clause="round.opens_working_days_before",
        policy_version=policy.version,
    )
    made = promises.to_change(session, workspace_id, promise.key)
    if made is None:
        promises.make(session, promise)
    elif rounds.get(session, workspace_id, times.call_on) is None:
        made.state, made.settled_at, made.reason = PromiseState.PENDING, None, ""
        made.due_at, made.owed_at = promise.due_at, promise.owed_at
        made.policy_version = policy.version
    return promise.key


def replan_asks(session: Session, change: Change, now: datetime) -> None:
    """Bring what is still to be asked in line with who is there now, and on what clock."""
    workspace_id = change.workspace_id
    locks.hold_planning(session, workspace_id)
    for round_ in rounds.still_open(session, workspace_id):
        policy = policies.of_version(session, workspace_id, round_.policy_version)
        plan_asks(session, round_, policy, now, change.keys)


def plan_asks(
    session: Session,
    round_: Round,
    policy: Policy,
    now: datetime,
    keys: Collection[str] | None = None,
) -> None:
    """Promise a prompt and a reminder for each initiative that has filed nothing yet.

    `keys` are the only initiatives to plan for; None: all of them.
    """
    filed = updates.of_round(session, round_.workspace_id, round_.call_on, keys)
    made = promises.of_round_to_change(
        session, round_.workspace_id, round_.call_on, ASK_DUTIES, keys
    )
    asked = notifications.asked_in_round(session, round_.workspace_id, round_.call_on, ASKS)
    owing = answerable_people(session, round_.workspace_id, keys)
    _cancel_resting(made.values(), owing, now)
    for key, answerable in owing.items():
        if key in filed:
            continue
        for kind in ASK_DUTIES:
            promise = _ask_promise(round_, policy, kind, key, answerable, now)
            known = made.get(promise.key)
            if known is None:
                promises.make(session, promise)
            elif known.reason == _RESTING:
                _renew(known, promise)
            elif known.state == PromiseState.PENDING:
                _move(known, promise)
            elif person := asked_person(answerable, now):
                _ask_anew(session, promise, person, asked[key])


def _cancel_resting(made: Iterable[Promise], owing: Collection[str], now: datetime) -> None:
    """Ask no more for initiatives that were paused or retired since."""
    for promise in made:
        if promise.state == PromiseState.PENDING and promise.subject_key not in owing:
            promises.settle(promise, PromiseState.CANCELLED, now, _RESTING)


def _renew(known: Promise, promise: Promise) -> None:
    """Promise again what was given up while the initiative rested."""
    known.state, known.settled_at, known.reason = PromiseState.PENDING, None, ""
    known.due_at, known.owed_at = promise.due_at, promise.owed_at
    known.recipient_id, known.policy_version = promise.recipient_id, promise.policy_version


def _move(known: Promise, promise: Promise) -> None:
    """Bring a promise to its new time; one that is overdue already stays as late as it is."""
    if known.due_at != promise.due_at:
        known.due_at, known.owed_at = promise.due_at, promise.owed_at
    known.recipient_id = promise.recipient_id


def _ask_anew(session: Session, promise: Promise, person: Person, asked_ids: set[str]) -> None:
    """Promise to ask who answers now, where others were asked at the usual time, or nobody was."""
    if person.user_id not in asked_ids:
        promise.key = f"{promise.key}:{person.user_id}"
        promises.make(session, promise)


def _ask_promise(
    round_: Round,
    policy: Policy,
    kind: RoundDuty,
    key: str,
    answerable: Sequence[Person],
    now: datetime,
) -> Promise:
    expected = expected_person(policy.document, kind, round_.call_at, answerable, now)
    person = expected or answerable[0]
    due_at = ask_at(policy.document, kind, round_.call_at, ZoneInfo(person.timezone))
    return Promise(
        workspace_id=round_.workspace_id,
        key=f"{kind}:{round_.call_on}:{key}",
        kind=kind,
        subject_kind=SubjectKind.INITIATIVE,
        subject_key=key,
        period_on=round_.call_on,
        recipient_id=person.user_id,
        due_at=due_at,
        owed_at=max(now, due_at),
        clause=f"round.{kind}_working_days_before",
        policy_version=policy.version,
    )
