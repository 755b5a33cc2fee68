"""Lists promises, and audits them: is any overdue and untouched, has each its cause?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from sqlmodel import Session

from storage import heartbeats, initiatives, notifications, promises, rounds, updates, workspaces
from storage.models import Notification, NotificationKind, Promise, PromiseKind, PromiseState
from workflows import policies
from workflows.heartbeat import SWEEP
from workflows.lateness import waited
from workflows.outbox.policy import priority_of
from workflows.promises.planning import plan_audit
from workflows.promises.policy import (
    UNSENT_AFTER,
    fault_of_notification,
    fault_of_promise,
    fault_of_round,
)
from workflows.services import Services

_NEXT = (
    (PromiseKind.OPEN_ROUND, "next round", "nothing will open it"),
    (PromiseKind.AUDIT, "next audit", "nothing will begin it"),
)
_log = structlog.get_logger("rollcall.audit")


@dataclass(frozen=True)
class Finding:
    """Something that the audit found; `subject` is a promise's key, or a round."""

    workspace_id: str
    subject: str
    fault: str


def list_promises(
    services: Services,
    state: PromiseState | None = None,
    kind: PromiseKind | None = None,
    containing: str = "",
    limit: int = 50,
) -> Sequence[Promise]:
    """Return promises, those that are due last first; `containing` is a part of the key."""
    with services.reading() as session:
        return promises.find(session, state, kind, containing, limit)


def audit_promises(services: Services) -> list[Finding]:
    """Return everything that is owed and would not happen, however old it is."""
    now = services.now()
    with services.reading() as session:
        return [
            finding
            for workspace in workspaces.every(session)
            for finding in _audit_workspace(session, workspace.workspace_id, now)
        ]


def audit_workspace(services: Services, workspace_id: str) -> list[Finding]:
    """Return what is owed in one workspace and would not happen."""
    now = services.now()
    with services.reading() as session:
        return _audit_workspace(session, workspace_id, now)


def audit(session: Session, due: Sequence[Promise], now: datetime) -> None:
    """Settle the daily audits that are due; findings are told to the programme manager."""
    for promise in due:
        policy = policies.in_force(session, promise.workspace_id)
        manager_id = policy.document.people.programme_manager
        promises.settle(promise, PromiseState.KEPT, now)
        session.flush()
        plan_audit(session, promise.workspace_id, policy, now)
        findings = _audit_workspace(session, promise.workspace_id, now)
        for finding in findings:
            _log.error("audit_finding", subject=finding.subject, fault=finding.fault)
        if findings and manager_id is not None:
            promise.notification_key = promise.key
            notifications.enqueue(
                session,
                Notification(
                    workspace_id=promise.workspace_id,
                    key=promise.key,
                    kind=NotificationKind.AUDIT,
                    recipient_id=manager_id,
                    priority=priority_of(NotificationKind.AUDIT),
                    due_at=now,
                    owed_at=promise.owed_at,
                    clause=promise.clause,
                    policy_version=policy.version,
                ),
            )


def _audit_workspace(session: Session, workspace_id: str, now: datetime) -> list[Finding]:
    pending = promises.pending(session, workspace_id)
    of_round: dict[date, list[Promise]] = defaultdict(list)
    for promise in pending:
        of_round[promise.call_on].append(promise)
    findings = _audit_promises(session, workspace_id, of_round, now)
    for round_ in rounds.still_open(session, workspace_id):
        kinds = {promise.kind for promise in of_round[round_.call_on]}
        if fault := fault_of_round(round_, kinds):
            findings.append(Finding(workspace_id, f"round of {round_.call_on}", fault))
    kinds = {promise.kind for promise in pending}
    for kind, subject, fault in _NEXT:
        if kind not in kinds:
            findings.append(Finding(workspace_id, subject, fault))
    return findings + _audit_outbox(session, workspace_id, now)


def _audit_promises(
    session: Session, workspace_id: str, of_round: dict[date, list[Promise]], now: datetime
) -> list[Finding]:
    heartbeat = heartbeats.get(session, workspace_id, SWEEP)
    asked_keys = {initiative.key for initiative in initiatives.asked(session, workspace_id)}
    findings = []
    for call_on, made in list(of_round.items()):
        round_ = rounds.get(session, workspace_id, call_on)
        filed = updates.of_round(session, workspace_id, call_on)
        for promise in made:
            time = waited(heartbeat, promise.due_at, now)
            if fault := fault_of_promise(promise, time, round_, filed, asked_keys):
                findings.append(Finding(workspace_id, promise.key, fault))
    return findings


def _audit_outbox(session: Session, workspace_id: str, now: datetime) -> list[Finding]:
    heartbeat = heartbeats.get(session, workspace_id, SWEEP)
    unsent = notifications.unsettled_before(session, workspace_id, now - UNSENT_AFTER)
    return [
        Finding(workspace_id, notification.key, fault)
        for notification in unsent
        if (
            fault := fault_of_notification(
                notification, waited(heartbeat, notification.due_at, now)
            )
        )
    ]
