"""Makes the promises of a round: one to open it, and those to prompt and remind in it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from storage import asking, locks, promises, rounds, updates
from storage.models import Person, Promise, PromiseState, Round, SubjectKind
from workflows import policies
from workflows.changes import changed
from workflows.owing import Change, What
from workflows.policies import Policy
from workflows.promises.planning import plan_audit
from workflows.rounds.answerable import answerable_people
from workflows.rounds.kinds import ASK_DUTIES, ASKS, Reason, RoundDuty
from workflows.rounds.policy import (
    Clocks,
    asked_person,
    expected_person,
    next_call_on,
    round_times,
)
from workflows.services import Services
from workflows.stages import AT_WORK

_AT_ONCE = 2000  # initiatives: a third of a second, and as long for who waits to write


@dataclass(frozen=True)
class Ask:
    """A prompt or a reminder to be promised: where it differs from others of its round."""

    key: str
    kind: str
    subject_key: str
    recipient_id: str
    due_at: datetime
    owed_at: datetime
    clause: str


def ensure_next_round(services: Services, workspace_id: str) -> None:
    """Promise the opening of the next round as the policy in force has it, and of no other."""
    now = services.now()
    with services.transaction() as session:
        locks.hold_planning(session, workspace_id)
        policy = policies.in_force(session, workspace_id)
        wanted = plan_next_round(session, workspace_id, policy, now, after=now)
        for promise in promises.pending_to_change(session, workspace_id, RoundDuty.OPEN):
            if promise.key != wanted:
                promises.settle(promise, PromiseState.CANCELLED, now, Reason.POLICY_CHANGED)
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
    if change.what is What.FORECASTS:
        return
    workspace_id = change.workspace_id
    locks.hold_planning(session, workspace_id)
    for round_ in rounds.still_open(session, workspace_id):
        policy = policies.of_version(session, workspace_id, round_.policy_version)
        plan_asks(session, round_, policy, now, change.keys)


def plan_some_asks(session: Session, round_: Round, policy: Policy, now: datetime) -> bool:
    """Promise the asks of some more initiatives of a round that opens; return whether that is all.

    Only some, so that anyone who files meanwhile waits for a moment and not for thousands.
    """
    keys = asking.unplanned_keys(
        session, round_.workspace_id, round_.call_on, AT_WORK, _AT_ONCE + 1
    )
    plan_asks(session, round_, policy, now, keys[:_AT_ONCE])
    return len(keys) <= _AT_ONCE


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
    asked = asking.asked_in_round(session, round_.workspace_id, round_.call_on, ASKS)
    owing = answerable_people(session, round_.workspace_id, keys)
    _cancel_resting(made.values(), owing, now)
    clocks = Clocks(policy.document, round_, now)
    new: list[Ask] = []
    for key, answerable in owing.items():
        if key in filed:
            continue
        for kind in ASK_DUTIES:
            ask = _ask(clocks, kind, key, answerable)
            known = made.get(ask.key)
            if known is None:
                new.append(ask)
            elif known.reason == Reason.RESTING:
                _renew(known, ask, policy.version)
            elif known.state == PromiseState.PENDING:
                _move(known, ask)
            elif person := asked_person(answerable, now):
                new += _asked_anew(ask, person, asked[key])
    like = _like(round_, policy.version)
    promises.make_like(session, like, [vars(ask) for ask in new])


def _cancel_resting(made: Iterable[Promise], owing: Collection[str], now: datetime) -> None:
    """Ask no more for initiatives that were paused or retired since."""
    for promise in made:
        if promise.state == PromiseState.PENDING and promise.subject_key not in owing:
            promises.settle(promise, PromiseState.CANCELLED, now, Reason.RESTING)


def _renew(known: Promise, ask: Ask, policy_version: int) -> None:
    """Promise again what was given up while the initiative rested."""
    known.state, known.settled_at, known.reason = PromiseState.PENDING, None, ""
    known.due_at, known.owed_at = ask.due_at, ask.owed_at
    known.recipient_id, known.policy_version = ask.recipient_id, policy_version


def _move(known: Promise, ask: Ask) -> None:
    """Bring a promise to its new time; one that is overdue already stays as late as it is."""
    if known.due_at != ask.due_at:
        known.due_at, known.owed_at = ask.due_at, ask.owed_at
    known.recipient_id = ask.recipient_id


def _asked_anew(ask: Ask, person: Person, asked_ids: set[str]) -> list[Ask]:
    """Return the promise to ask who answers now, where others were asked in time, or nobody was."""
    if person.user_id in asked_ids:
        return []
    return [replace(ask, key=f"{ask.key}:{person.user_id}")]


def _ask(clocks: Clocks, kind: RoundDuty, key: str, answerable: Sequence[Person]) -> Ask:
    person = expected_person(clocks, kind, answerable) or answerable[0]
    due_at = clocks.ask_at(kind, zone=ZoneInfo(person.timezone))
    return Ask(
        key=f"{kind}:{clocks.round.call_on}:{key}",
        kind=kind,
        subject_key=key,
        recipient_id=person.user_id,
        due_at=due_at,
        owed_at=max(clocks.now, due_at),
        clause=f"round.{kind}_working_days_before",
    )


def _like(round_: Round, policy_version: int) -> Promise:
    """Return what all asks of a round have in common."""
    return Promise(
        workspace_id=round_.workspace_id,
        key="",
        kind="",
        subject_kind=SubjectKind.INITIATIVE,
        subject_key="",
        period_on=round_.call_on,
        due_at=round_.closes_at,
        owed_at=round_.closes_at,
        clause="round.prompt_working_days_before",
        policy_version=policy_version,
    )
