"""Decides where an escalation goes, and when. Pure: rows, rules and instants in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from math import ceil

from storage.models import Escalation, EscalationKind, EscalationState, Level
from workflows.calendars.calendar import Calendar
from workflows.calendars.working_time import business_days_after, business_time_after
from workflows.escalations.rules import AcknowledgeRules, EscalationRules, OverrunRules

_PATHS = {
    EscalationKind.TECHNICAL_BLOCKER: (Level.OPERATIONAL, Level.TACTICAL),
    EscalationKind.RESOURCE_CONFLICT: (Level.OPERATIONAL, Level.STRATEGIC),
    EscalationKind.TIMELINE_RISK: (Level.OPERATIONAL, Level.STRATEGIC),
    EscalationKind.BUDGET_OVERRUN: (Level.OPERATIONAL, Level.STRATEGIC),
}
UNSETTLED = (EscalationState.OPEN, EscalationState.ACKNOWLEDGED)
_A_HUNDRED = Decimal(100)


def is_settled(escalation: Escalation) -> bool:
    """Return whether nothing more happens to an escalation by itself."""
    return escalation.state not in UNSETTLED


def next_level(kind: EscalationKind, level: Level) -> Level | None:
    """Return the level after one; None after the kind's last."""
    path = _PATHS[kind]
    return path[1] if level is path[0] else None


def moves_at(
    kind: EscalationKind,
    level: Level,
    since: datetime,
    rules: EscalationRules,
    calendar: Calendar,
) -> datetime | None:
    """Return when the clock takes an escalation one level on; None where no clock runs.

    Time is what passes, unless the rule says business time: then it is that of whoever is waited
    for, by the calendar that they have as the clock begins.
    """
    if level is not Level.OPERATIONAL:
        return None
    blocker, conflict = rules.blocker, rules.conflict
    if kind is EscalationKind.TECHNICAL_BLOCKER:
        length = timedelta(hours=blocker.coe_after_hours)
        is_business = blocker.business_time
        return business_time_after(calendar, since, length) if is_business else since + length
    if kind is EscalationKind.RESOURCE_CONFLICT:
        days, is_business = conflict.steering_after_days, conflict.business_time
        whole = timedelta(days=days)
        return business_days_after(calendar, since, days) if is_business else since + whole
    return None


def clock_clause(kind: EscalationKind) -> str:
    """Return the clause of the policy that says when a kind goes one level on."""
    return {
        EscalationKind.TECHNICAL_BLOCKER: "escalations.blocker.coe_after_hours",
        EscalationKind.RESOURCE_CONFLICT: "escalations.conflict.steering_after_days",
        EscalationKind.TIMELINE_RISK: "escalations.timeline.steering_over_days",
        EscalationKind.BUDGET_OVERRUN: "escalations.overrun.steering_over_percent",
    }[kind]


def first_level(
    kind: EscalationKind,
    rules: EscalationRules,
    impact_days: int | None = None,
    overrun: Decimal | None = None,
) -> Level | None:
    """Return the level at which an escalation begins; None where nothing is to be opened.

    `overrun` is in percent of the approved budget; None with a budget of zero, which is an overrun
    whatever is forecast above it.
    """
    match kind:
        case EscalationKind.TIMELINE_RISK:
            is_long = (impact_days or 0) > rules.timeline.steering_over_days
            return Level.STRATEGIC if is_long else Level.OPERATIONAL
        case EscalationKind.BUDGET_OVERRUN:
            is_over = overrun is None or overrun > rules.overrun.steering_over_percent
            return Level.STRATEGIC if is_over else None
        case _:
            return Level.OPERATIONAL


def overrun_percent(approved: Decimal, forecast: Decimal) -> Decimal | None:
    """Return (forecast - approved) / approved in percent, exactly; None without an approved budget.

    A forecast that is not above a budget of zero is no overrun: 0.
    """
    if approved == 0:
        return None if forecast > 0 else Decimal(0)
    return (forecast - approved) * _A_HUNDRED / approved


def overrun_steps(overrun: Decimal | None, rules: OverrunRules) -> int:
    """Return how many alerts an overrun is worth: 1 above the threshold, 1 more every few points.

    One without an approved budget (None) is worth one, however much is forecast.
    """
    if overrun is None:
        return 1
    above = overrun - rules.steering_over_percent
    # More than so many points: exactly that many are not yet worth another.
    return max(0, ceil(above / rules.again_every_points))


class Chase(IntEnum):
    """Whom an escalation that nobody acknowledges is told to, one after the other."""

    LEVEL = 1  # reminded
    FALLBACK = 2
    MANAGER = 3  # and then again and again


@dataclass(frozen=True)
class WorkingSpan:
    """A length of working time: so many hours, or so many days."""

    hours: int = 0
    days: int = 0


AGAIN = WorkingSpan(days=5)  # the programme manager is told until somebody acts


def chase_after(level: Level, rules: AcknowledgeRules) -> WorkingSpan:
    """Return how long a level may leave an escalation unacknowledged, at each step of the chain."""
    if level is Level.TACTICAL:
        return WorkingSpan(hours=rules.coe_working_hours)
    return WorkingSpan(days=rules.others_working_days)


def next_chase(last: int, *, has_holders: bool, has_fallback: bool) -> Chase:
    """Return who is told next; a step that nobody holds does not wait out its delay."""
    if last < Chase.LEVEL and has_holders:
        return Chase.LEVEL
    if last < Chase.FALLBACK and has_fallback:
        return Chase.FALLBACK
    return Chase.MANAGER


def is_seen(escalation: Escalation) -> bool:
    """Return whether its level has acknowledged it, and answered since it was asked."""
    if escalation.state is not EscalationState.ACKNOWLEDGED:
        return False
    return escalation.asked_at is None or escalation.active_at > escalation.asked_at


def is_snoozed(escalation: Escalation, now: datetime) -> bool:
    """Return whether reminders are silenced."""
    return escalation.snoozed_until_at is not None and now < escalation.snoozed_until_at


def can_reopen(escalation: Escalation, rules: EscalationRules, now: datetime) -> bool:
    """Return whether it is settled, and not for longer than the policy allows."""
    return (
        is_settled(escalation)
        and escalation.settled_at is not None
        and now - escalation.settled_at <= timedelta(days=rules.reopen_days)
    )
