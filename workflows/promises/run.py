"""Lists promises, and audits them: is any overdue and untouched, has each its cause?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlmodel import Session

from storage import due_promises, heartbeats, notifications, promises, workspaces
from storage.due_promises import Due
from storage.models import Promise, PromiseState
from storage.reading import Reader
from workflows import policies
from workflows.alerts.kinds import AUDIT
from workflows.heartbeat import SWEEP
from workflows.kinds import duties
from workflows.lateness import waited
from workflows.outbox.posting import Post, tell_manager
from workflows.promises.planning import plan_audit
from workflows.promises.policy import (
    UNSENT_AFTER,
    fault_of_notification,
    fault_of_waiting,
)
from workflows.services import Services
from workflows.subjects import of_workspace

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
    kind: str | None = None,
    containing: str = "",
    limit: int = 50,
) -> Sequence[Promise]:
    """Return promises, those that are due last first; `containing` is a part of the key."""
    with services.reading() as reader:
        return promises.find(reader, state, kind, containing, limit)


def audit_promises(services: Services) -> list[Finding]:
    """Return everything that is owed and would not happen, however old it is."""
    now = services.now()
    with services.reading() as reader:
        return [
            finding
            for workspace in workspaces.every(reader)
            for finding in _audit_workspace(reader, workspace.workspace_id, now)
        ]


def audit_workspace(services: Services, workspace_id: str) -> list[Finding]:
    """Return what is owed in one workspace and would not happen."""
    now = services.now()
    with services.reading() as reader:
        return _audit_workspace(reader, workspace_id, now)


def audit(session: Session, due: Sequence[Due], now: datetime) -> None:
    """Settle the daily audits that are due; findings are told to the programme manager."""
    for promise in due:
        policy = policies.in_force(session, promise.workspace_id)
        promises.settle(promise, PromiseState.KEPT, now)
        due_promises.record(session, [promise])  # or planning would take it for pending
        plan_audit(session, promise.workspace_id, policy, now)
        findings = _audit_workspace(session, promise.workspace_id, now)
        for finding in findings:
            _log.error("audit_finding", subject=finding.subject, fault=finding.fault)
        said = Post(AUDIT, promise.key, of_workspace(promise.workspace_id), owed_at=promise.owed_at)
        if findings and tell_manager(session, promise.workspace_id, said, now):
            promise.notification_key = promise.key


def _audit_workspace(reader: Reader, workspace_id: str, now: datetime) -> list[Finding]:
    heartbeat = heartbeats.get(reader, SWEEP)
    of_kind: dict[str, list[Promise]] = defaultdict(list)
    for promise in promises.pending(reader, workspace_id):
        of_kind[promise.kind].append(promise)
    findings, missing = [], []
    for duty in duties().values():
        pending = of_kind.pop(duty.name, [])
        faults = duty.faults(reader, workspace_id, pending)
        for promise in pending:
            if fault := fault_of_waiting(waited(heartbeat, promise.due_at, now)):
                faults[promise.key] = fault
        if duty.missing and not pending:
            missing.append(Finding(workspace_id, *duty.missing))
        findings += [Finding(workspace_id, subject, fault) for subject, fault in faults.items()]
    findings += missing
    findings += [
        Finding(workspace_id, promise.key, "no feature keeps promises of this kind")
        for pending in of_kind.values()
        for promise in pending
    ]
    return findings + _audit_outbox(reader, workspace_id, now)


def _audit_outbox(reader: Reader, workspace_id: str, now: datetime) -> list[Finding]:
    heartbeat = heartbeats.get(reader, SWEEP)
    unsent = notifications.unsettled_before(reader, workspace_id, now - UNSENT_AFTER)
    return [
        Finding(workspace_id, notification.key, fault)
        for notification in unsent
        if (
            fault := fault_of_notification(
                notification, waited(heartbeat, notification.due_at, now)
            )
        )
    ]
