"""Carries a round through its week: read, decide, record."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlmodel import Session

from storage import asking, initiatives, notifications, promises, rounds
from storage.due_promises import Due
from storage.models import Promise, PromiseState, Round, SubjectKind
from storage.notifications import Addressed
from workflows import policies
from workflows.outbox.posting import Post, Recipient, post, written
from workflows.policies import Policy
from workflows.rounds.answerable import answerable_people
from workflows.rounds.digests import promise_digests
from workflows.rounds.kinds import ASKED_BY, ASKS, SUMMARY, Reason, RoundDuty
from workflows.rounds.planning import plan_next_round, plan_some_asks
from workflows.rounds.policy import Cancel, Clocks, Postpone, Send, due_ask, round_times
from workflows.subjects import of_round, round_of


def open_rounds(session: Session, due: Sequence[Due], now: datetime) -> None:
    """Settle the openings that are due."""
    for promise in due:
        _open_round(session, promise, now)


def close_rounds(session: Session, due: Sequence[Due], now: datetime) -> None:
    """Settle the closings that are due."""
    for promise in due:
        _close_round(session, promise, now)


def ask(session: Session, due: Sequence[Due], now: datetime) -> None:
    """Settle the prompts or reminders that are due, all of one kind."""
    in_round: dict[tuple[str, date], list[Due]] = defaultdict(list)
    for promise in due:
        in_round[promise.workspace_id, round_of(promise)].append(promise)
    for asks in in_round.values():
        _ask(session, asks, now)


def _open_round(session: Session, promise: Due, now: datetime) -> None:
    """Open a round and promise its first asks; until it is all of them, the opening stays due."""
    workspace_id, call_on = promise.workspace_id, round_of(promise)
    opened = rounds.get(session, workspace_id, call_on)
    round_ = opened or _opened(session, promise, now)
    if round_ is None:
        return
    policy = policies.of_version(session, workspace_id, round_.policy_version)
    if plan_some_asks(session, round_, policy, now):
        promises.settle(promise, PromiseState.KEPT, now)


def _opened(session: Session, promise: Due, now: datetime) -> Round | None:
    """Store a round and what else it owes; where its time has passed, promise the next instead."""
    policy = policies.in_force(session, promise.workspace_id)
    times = round_times(policy.document, round_of(promise))
    if now >= times.closes_at:
        promises.settle(promise, PromiseState.CANCELLED, now, Reason.TIME_PASSED)
        # Not after `now`: between the closing and the call that would be this very round again.
        after = max(now, times.call_at)
        plan_next_round(session, promise.workspace_id, policy, now, after)
        return None
    round_ = rounds.add(
        session,
        Round(
            workspace_id=promise.workspace_id,
            call_on=times.call_on,
            call_at=times.call_at,
            closes_at=times.closes_at,
            policy_version=policy.version,
        ),
    )
    promises.make(
        session,
        Promise(
            workspace_id=promise.workspace_id,
            key=f"close_round:{times.call_on}",
            kind=RoundDuty.CLOSE,
            subject_kind=SubjectKind.ROUND,
            subject_key=f"{times.call_on}",
            period_on=times.call_on,
            due_at=times.closes_at,
            owed_at=times.closes_at,
            clause="round.closes_minutes_before",
            policy_version=policy.version,
        ),
    )
    plan_next_round(session, promise.workspace_id, policy, now, after=times.call_at)
    return round_


def _ask(session: Session, asks: Sequence[Due], now: datetime) -> None:
    """Decide on prompts or reminders of one round; each person gets one message for all theirs."""
    first = asks[0]
    round_ = rounds.get(session, first.workspace_id, round_of(first))
    assert round_ is not None  # made in the transaction that opened it
    policy = policies.of_version(session, first.workspace_id, round_.policy_version)
    kept = _decide(session, asks, round_, policy, now)
    asked = Post(
        ASKED_BY[RoundDuty(first.kind)],
        "",
        of_round(round_.call_on),
        clause=first.clause,
        policy_version=policy.version,
    )
    like = written(first.workspace_id, Recipient(""), asked, now)
    several = dict(_addressed(recipient_id, theirs, now) for recipient_id, theirs in kept.items())
    notifications.enqueue_like(session, like, several)


def _decide(
    session: Session, asks: Sequence[Due], round_: Round, policy: Policy, now: datetime
) -> dict[str, list[Due]]:
    """Cancel or put off what is not asked now, and return the others by whom they are asked of."""
    workspace_id, kind = round_.workspace_id, asks[0].kind
    keys = {promise.subject_key for promise in asks}
    answerable = answerable_people(session, workspace_id, keys)
    asked = asking.asked_in_round(
        session, workspace_id, round_.call_on, [ASKED_BY[RoundDuty(kind)].name]
    )
    since = _owing_since(session, round_, keys)
    clocks = Clocks(policy.document, round_, now)
    kept: dict[str, list[Due]] = defaultdict(list)
    for promise in asks:
        key = promise.subject_key
        people = answerable.get(key, [])
        decision = due_ask(clocks, kind, people, since.get(key))
        if isinstance(decision, Send) and decision.recipient_id in asked[key]:
            decision = Cancel(Reason.ASKED_BEFORE)
        if isinstance(decision, Cancel):
            promises.settle(promise, PromiseState.CANCELLED, now, decision.reason)
            continue
        promise.recipient_id = decision.recipient_id
        promise.owed_at = max(promise.owed_at, decision.owed_at)
        if isinstance(decision, Postpone):
            promise.due_at = decision.until
        else:
            asked[key].add(decision.recipient_id)
            kept[decision.recipient_id].append(promise)
    return kept


def _owing_since(session: Session, round_: Round, keys: Collection[str]) -> dict[str, datetime]:
    """Return since when initiatives owe updates, where that was noted.

    What was asked for before that is asked for as usual.
    """
    since = initiatives.owing_since(session, round_.workspace_id, keys)
    if not since:
        return {}
    asked = asking.first_asked_at(session, round_.workspace_id, round_.call_on, ASKS)
    return {
        key: since_at for key, since_at in since.items() if asked.get(key, since_at) >= since_at
    }


def _addressed(
    recipient_id: str, asks: Sequence[Due], now: datetime
) -> tuple[Addressed, list[str]]:
    """Return one message for all that somebody is asked, which keeps the promises to do so."""
    first = asks[0]
    key = f"{first.kind}:{first.period_on}:{first.subject_key}:{recipient_id}"
    for promise in asks:
        promise.notification_key = key
        promises.settle(promise, PromiseState.KEPT, now)
    owed_at = min(promise.owed_at for promise in asks)
    return Addressed(key, recipient_id, owed_at), [promise.subject_key for promise in asks]


def _close_round(session: Session, promise: Due, now: datetime) -> None:
    call_on = round_of(promise)
    round_ = rounds.to_change(session, promise.workspace_id, call_on)
    assert round_ is not None  # made in the transaction that opened it
    policy = policies.in_force(session, promise.workspace_id)
    round_.closed_at = now
    promises.cancel_asks(session, promise.workspace_id, call_on, now, Reason.ROUND_CLOSED)
    summary = Post(
        SUMMARY,
        f"summary:{call_on}",
        of_round(call_on),
        owed_at=promise.owed_at,
        clause=promise.clause,
        policy_version=policy.version,
    )
    channel = Recipient(policy.document.channels.coordination)
    post(session, promise.workspace_id, channel, summary, now)
    promise.notification_key = summary.key
    promise_digests(session, round_, policy, now)
    promises.settle(promise, PromiseState.KEPT, now)
