"""Writing to the audit log, looking into it, and doing what nobody should do to it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import col, select

from storage import audit as entries
from storage.models import AuditEntry, AuditLink, Fact
from tests.factories import MONDAY_9AM, TEAM
from workflows.audit_log.sealing import seal_batch, unsealed_workspaces
from workflows.audit_log.verifying import Verdict, verify
from workflows.audit_log.walking import Fault
from workflows.services import Services


def write(services: Services, *ids: str, at_minute: int = 1, **facts: Fact) -> None:
    """Write entries, in the order of their ids."""
    with services.transaction() as session:
        for entry_id in ids:
            entry = AuditEntry(
                workspace_id=TEAM,
                id=entry_id,
                at=MONDAY_9AM + timedelta(minutes=at_minute),
                actor_id="U_LEAD",
                action="deed",
                subject=entry_id,
                outcome="done",
                facts=facts,
            )
            entries.add(session, entry)


def chained(services: Services) -> list[tuple[int, str]]:
    with services.transaction() as session:
        found = session.exec(select(AuditLink).order_by(col(AuditLink.position)))
        return [(link.position, link.entry_id) for link in found]


def verdict_on(services: Services) -> Verdict:
    (verdict,) = verify(services)
    return verdict


def found(services: Services) -> list[tuple[Fault, int | None, str]]:
    return [(one.fault, one.position, one.entry_id) for one in verdict_on(services).findings]


def touch(engine: Engine, *statements: str, **values: Any) -> None:
    """Do what nobody should do, by the driver."""
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def kept_of(services: Services, action: str) -> list[AuditEntry]:
    with services.transaction() as session:
        return list(session.exec(select(AuditEntry).where(AuditEntry.action == action)))


def everything(services: Services) -> list[AuditEntry]:
    with services.transaction() as session:
        return list(session.exec(select(AuditEntry)))


def seal(services: Services) -> int:
    """Seal a batch in each workspace, and return how many entries were looked at."""
    return sum(seal_batch(services, one) for one in unsealed_workspaces(services))
