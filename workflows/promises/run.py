"""Lists promises, and audits them: is any overdue and untouched, has each its cause?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from storage import initiatives, promises, rounds, updates, workspaces
from storage.models import Promise, PromiseKind, PromiseState
from workflows.promises.policy import fault_of_promise, fault_of_round
from workflows.services import Services


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
    with services.transaction() as session:
        return promises.find(session, state, kind, containing, limit)


def audit_promises(services: Services) -> list[Finding]:
    """Return everything that is owed and would not happen, however old it is."""
    now = services.now()
    with services.transaction() as session:
        return [
            finding
            for workspace in workspaces.every(session)
            for finding in _audit_workspace(session, workspace.workspace_id, now)
        ]


def _audit_workspace(session: Session, workspace_id: str, now: datetime) -> list[Finding]:
    pending = promises.pending(session, workspace_id)
    of_round: dict[date, list[Promise]] = defaultdict(list)
    for promise in pending:
        of_round[promise.call_on].append(promise)
    asked_keys = {initiative.key for initiative in initiatives.asked(session, workspace_id)}
    findings = []
    for call_on, made in of_round.items():
        round_ = rounds.get(session, workspace_id, call_on)
        filed = updates.of_round(session, workspace_id, call_on)
        for promise in made:
            if fault := fault_of_promise(promise, now, round_, filed, asked_keys):
                findings.append(Finding(workspace_id, promise.key, fault))
    for round_ in rounds.still_open(session, workspace_id):
        kinds = {promise.kind for promise in of_round[round_.call_on]}
        if fault := fault_of_round(round_, kinds):
            findings.append(Finding(workspace_id, f"round of {round_.call_on}", fault))
    if not any(promise.kind == PromiseKind.OPEN_ROUND for promise in pending):
        findings.append(Finding(workspace_id, "next round", "nothing will open it"))
    return findings
