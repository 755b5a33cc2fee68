"""Carries a round through its week: read, decide, record."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from storage import initiatives, notifications, people, promises, rounds, workspaces
from storage.models import (
    Notification,
    NotificationKind,
    Promise,
    PromiseKind,
    PromiseState,
    Round,
)
from workflows import policies
from workflows.calendar import next_working_moment
from workflows.policies import Policy
from workflows.rounds.answerable import answerable_people
from workflows.rounds.planning import plan_asks, plan_next_round
from workflows.rounds.policy import Cancel, Postpone, Send, due_ask, round_times
from workflows.services import Services

_MESSAGE = {
    PromiseKind.PROMPT: NotificationKind.PROMPT,
    PromiseKind.REMINDER: NotificationKind.REMINDER,
}


def sweep(services: Services) -> int:
    """Settle every promise that is due and return how many were looked at.

    Safe to run twice and on several replicas: a promise is held while it is decided on, and
    what it asks for carries a key that can be stored only once.
    """
    settled = 0
    while batch := _sweep_batch(services):
        settled += batch
    return settled


def _sweep_batch(services: Services) -> int:
    now = services.now()
    with services.transaction() as session:
        if not (waiting := promises.due_workspaces(session, now)):
            return 0
        due = promises.claim_due(session, now, workspaces.lock_free(session, waiting))
        asks: dict[tuple[str, date, PromiseKind], list[Promise]] = defaultdict(list)
        for promise in due:
            if promise.kind == PromiseKind.OPEN_ROUND:
                _open_round(session, promise, now)
            elif promise.kind == PromiseKind.CLOSE_ROUND:
                _close_round(session, promise, now)
            else:
                asks[promise.workspace_id, promise.call_on, promise.kind].append(promise)
        for same_kind in asks.values():
            _ask(session, same_kind, now)
        return len(due)


def _open_round(session: Session, promise: Promise, now: datetime) -> None:
    policy = policies.in_force(session, promise.workspace_id)
    times = round_times(policy.document, promise.call_on)
    if now >= times.closes_at:
        promises.settle(promise, PromiseState.CANCELLED, now, "its time had passed")
        plan_next_round(session, promise.workspace_id, policy, after=now)
        return
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
            kind=PromiseKind.CLOSE_ROUND,
            call_on=times.call_on,
            due_at=times.closes_at,
            clause="round.closes_minutes_before",
            policy_version=policy.version,
        ),
    )
    plan_asks(session, round_, policy, now)
    plan_next_round(session, promise.workspace_id, policy, after=times.call_at)
    promises.settle(promise, PromiseState.KEPT, now)


def _ask(session: Session, asks: Sequence[Promise], now: datetime) -> None:
    """Decide on prompts or reminders of one round; each person gets one message for all theirs."""
    first = asks[0]
    round_ = rounds.get(session, first.workspace_id, first.call_on)
    assert round_ is not None  # made in the transaction that opened it
    policy = policies.of_version(session, first.workspace_id, round_.policy_version)
    answerable = answerable_people(session, first.workspace_id)
    asked = notifications.asked_in_round(
        session, first.workspace_id, first.call_on, [_MESSAGE[first.kind]]
    )
    keys_of: dict[str, list[str]] = defaultdict(list)
    for promise in asks:
        key = promise.initiative_key or ""
        decision = due_ask(policy.document, promise.kind, round_, answerable.get(key, []), now)
        match decision:
            case Cancel():
                promises.settle(promise, PromiseState.CANCELLED, now, decision.reason)
            case Postpone():
                promise.due_at = decision.until
            case Send(recipient_id) if recipient_id in asked[key]:
                promises.settle(promise, PromiseState.CANCELLED, now, "they were asked before")
            case Send(recipient_id):
                asked[key].add(recipient_id)
                keys_of[recipient_id].append(key)
                promises.settle(promise, PromiseState.KEPT, now)
    for recipient_id, keys in keys_of.items():
        notifications.enqueue(
            session,
            Notification(
                workspace_id=first.workspace_id,
                key=f"{first.kind}:{first.call_on}:{keys[0]}:{recipient_id}",
                kind=_MESSAGE[first.kind],
                recipient_id=recipient_id,
                call_on=first.call_on,
                initiative_keys=keys,
                due_at=now,
                clause=first.clause,
                policy_version=policy.version,
            ),
        )


def _close_round(session: Session, promise: Promise, now: datetime) -> None:
    round_ = rounds.get(session, promise.workspace_id, promise.call_on)
    assert round_ is not None  # made in the transaction that opened it
    policy = policies.in_force(session, promise.workspace_id)
    round_.closed_at = now
    promises.cancel_asks(
        session, promise.workspace_id, promise.call_on, now, "the round has closed"
    )
    summary = Notification(
        workspace_id=promise.workspace_id,
        key=f"summary:{promise.call_on}",
        kind=NotificationKind.SUMMARY,
        recipient_id=policy.document.channels.coordination,
        call_on=promise.call_on,
        due_at=now,
        clause=promise.clause,
        policy_version=policy.version,
    )
    notifications.enqueue(session, summary)
    _send_digests(session, round_, policy, now)
    promises.settle(promise, PromiseState.KEPT, now)


def _send_digests(session: Session, round_: Round, policy: Policy, now: datetime) -> None:
    """Ask for one digest for each lead of a department that owes updates, in working hours."""
    owing = {
        initiative.department for initiative in initiatives.asked(session, round_.workspace_id)
    }
    leads = initiatives.department_leads(session, round_.workspace_id)
    lead_ids = {user_id for department in owing for user_id in leads.get(department, [])}
    for person in people.among(session, round_.workspace_id, lead_ids).values():
        if person.deactivated:
            continue
        zone = ZoneInfo(person.timezone)
        notifications.enqueue(
            session,
            Notification(
                workspace_id=round_.workspace_id,
                key=f"digest:{round_.call_on}:{person.user_id}",
                kind=NotificationKind.DIGEST,
                recipient_id=person.user_id,
                call_on=round_.call_on,
                due_at=next_working_moment(policy.document, now, zone),
                clause="round.digest",
                policy_version=policy.version,
            ),
        )
