"""What is done to escalations in tests, and what is looked at afterwards."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from storage import decisions, escalations, notifications, people, promises
from storage.models import (
    Act,
    AuditEntry,
    Decision,
    Escalation,
    EscalationKind,
    EscalationState,
    EscalationStep,
    Level,
    Promise,
)
from tests.factories import MONDAY_9AM, TEAM, actor
from tests.fakes import FakeClock
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import Deed
from workflows.escalations.errors import EscalationInvalidError
from workflows.services import Services
from workflows.sweep import sweep

Open = Callable[..., int]
A_SECOND = timedelta(seconds=1)
A_DAY = timedelta(days=1)
CONFLICT = {
    "kind": EscalationKind.RESOURCE_CONFLICT,
    "pool": "GPU pool",
    "other": "OPS-01",
    "topic": "",
}
RISK = {"kind": EscalationKind.TIMELINE_RISK, "milestone": 1, "forecast_on": date(2027, 4, 14)}
OVERRUN = {"kind": EscalationKind.BUDGET_OVERRUN, "forecast": Decimal(110_001)}


def one(services: Services, number: int = 1) -> Escalation:
    with services.reading() as reader:
        found = escalations.get(reader, TEAM, number)
    assert found is not None
    return found


def steps(services: Services, number: int = 1) -> list[EscalationStep]:
    with services.reading() as reader:
        return list(escalations.steps(reader, TEAM, number))


def acts(services: Services, number: int = 1) -> list[Act]:
    return [step.act for step in steps(services, number)]


def do(
    services: Services,
    act: Act,
    user_id: str,
    number: int = 1,
    seen_step: int | None = None,
    **facts: object,
) -> Escalation:
    """Act on an escalation as it stands, or as it stood at a step."""
    seen = one(services, number).turned_on_step if seen_step is None else seen_step
    return act_on(services, actor(user_id), Deed(act, number, seen, **facts))  # type: ignore[arg-type]


def told(services: Services, *kinds: str) -> list[tuple[str, str]]:
    """Return kind and recipient of the messages of these kinds, oldest first."""
    with services.reading() as reader:
        rows = [
            row
            for row in notifications.unsettled_before(reader, TEAM, MONDAY_9AM + 999 * A_DAY)
            if row.kind in kinds
        ]
    return [(row.kind, row.recipient_id) for row in rows]


def lines(services: Services, number: int = 1) -> list[str]:
    """Return the keys of the lines in the thread of an escalation."""
    with services.reading() as reader:
        found = notifications.unsettled_before(reader, TEAM, MONDAY_9AM + 999 * A_DAY)
    root = f"escalation:E-{number}:"
    return [row.key for row in found if row.kind == "escalation_line" and row.key.startswith(root)]


def pending(services: Services, number: int = 1) -> list[Promise]:
    with services.reading() as reader:
        found = promises.pending(reader, TEAM)
    return [promise for promise in found if promise.subject_key == f"E-{number}"]


def owed(services: Services, number: int = 1) -> list[str]:
    """Return the kinds of what is owed about an escalation, in the order of the alphabet."""
    return sorted(promise.kind for promise in pending(services, number))


def decided(services: Services) -> list[Decision]:
    """Return the decision log, newest first."""
    with services.reading() as reader:
        return list(decisions.page(reader, TEAM, "", 0, 100)[0])


def audited(services: Services) -> list[tuple[str, str, str, str]]:
    """Return who did, or tried to do, what to which escalation, and what came of it."""
    wanted = select(AuditEntry).where(col(AuditEntry.action).startswith("escalation_"))
    with services.transaction() as session:
        rows = session.exec(wanted.order_by(col(AuditEntry.at))).all()
        return [(row.actor_id, row.action, row.subject, row.outcome) for row in rows]


def leave(services: Services, *user_ids: str) -> None:
    """Deactivate people without the bot being told: it sees it as it looks."""
    with services.transaction() as session:
        for user_id in user_ids:
            person = people.to_change(session, TEAM, user_id)
            assert person is not None
            person.deactivated = True


def at(clock: FakeClock, services: Services, **by: float) -> None:
    """Let it be so long after the opening, with one sweep."""
    clock.move_to(MONDAY_9AM + timedelta(**by))
    sweep(services)


def stands(found: Escalation) -> tuple[EscalationState, Level, str | None]:
    """Return its state, its level and its owner."""
    return found.state, found.level, found.owner_id


def faults(refused: pytest.ExceptionInfo[EscalationInvalidError]) -> dict[str, str]:
    """Return what was said beside each field."""
    return refused.value.faults
