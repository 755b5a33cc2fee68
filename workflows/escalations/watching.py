"""Risks and overruns find themselves: whenever somebody changes a date or a forecast of money."""

from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from storage import entries, escalations, notifications
from storage.models import (
    Act,
    Escalation,
    EscalationKind,
    EscalationState,
    Level,
    Milestone,
    NotificationState,
)
from workflows import policies
from workflows.errors import NoPolicyError
from workflows.escalations.clocking import begin_clocks
from workflows.escalations.deeds import settle
from workflows.escalations.impact import Impact, impact_of
from workflows.escalations.opening import store
from workflows.escalations.policy import (
    clock_clause,
    is_settled,
    overrun_percent,
    overrun_steps,
)
from workflows.escalations.standing import standing_of
from workflows.escalations.telling import announce, card_key, tell_receded
from workflows.escalations.turn import Turn
from workflows.escalations.turning import note, reach
from workflows.escalations.wanted import Wanted, latest_milestone, prepared
from workflows.owing import Change, What
from workflows.policies import Policy
from workflows.policy_document import Switch
from workflows.registry.commitments import load_graph
from workflows.services import Actor
from workflows.subjects import of_escalation


def watch_forecasts(session: Session, change: Change, now: datetime) -> None:
    """Look whether a changed date or forecast makes a risk, adds to one, or ends it.

    What an import or a new policy brings opens nothing by itself.
    """
    if change.what is not What.FORECASTS or change.keys is None:
        return
    try:
        policy = policies.in_force(session, change.workspace_id)
    except NoPolicyError:
        return
    if Switch.ESCALATIONS not in policy.document.features:
        return
    for key in sorted(change.keys):
        _watch_dates(session, change.workspace_id, key, policy, now)
        _watch_money(session, change.workspace_id, key, policy, now)


def _watch_dates(
    session: Session, workspace_id: str, key: str, policy: Policy, now: datetime
) -> None:
    kind, rules = EscalationKind.TIMELINE_RISK, policy.document.escalations
    last = escalations.last_of_kind(session, workspace_id, key, kind)
    impact = impact_of(load_graph(session, workspace_id), key, {})
    alerts = int(impact.days > rules.timeline.steering_over_days)
    if last is not None and not is_settled(last):
        _go_on(session, last, alerts, impact.days, now)
        return
    if last is not None and not alerts:
        _disarm(session, last)
    if alerts and (last is None or not last.alerts):
        milestone = latest_milestone(session, workspace_id, key)
        if milestone is not None:
            _open(session, workspace_id, _risk(key, milestone, impact), now)


def _watch_money(
    session: Session, workspace_id: str, key: str, policy: Policy, now: datetime
) -> None:
    kind, rules = EscalationKind.BUDGET_OVERRUN, policy.document.escalations.overrun
    entry = entries.get(session, workspace_id, key)
    if entry is None or entry.budget_approved is None or entry.budget_forecast is None:
        return
    overrun = overrun_percent(entry.budget_approved, entry.budget_forecast)
    alerts = overrun_steps(overrun, rules)
    last = escalations.last_of_kind(session, workspace_id, key, kind)
    if last is not None and not is_settled(last):
        _go_on(session, last, alerts, entry.budget_forecast, now)
        return
    if last is not None and not alerts:
        _disarm(session, last)
    if alerts > (last.alerts if last is not None else 0):
        said = "The forecast is above what was approved by more than the threshold."
        wanted = Wanted(kind, key, what=said, forecast=entry.budget_forecast)
        _open(session, workspace_id, wanted, now)


def _open(session: Session, workspace_id: str, wanted: Wanted, now: datetime) -> None:
    found = prepared(session, Actor(workspace_id, ""), wanted, now)
    store(session, found, None, now)


def _go_on(
    session: Session, last: Escalation, alerts: int, forecast: int | Decimal, now: datetime
) -> None:
    """Bring an open one in line with what is forecast now, and tell whom that concerns."""
    turn = _turn(session, last, now)
    one = turn.escalation
    before, clause = one.alerts, clock_clause(one.kind)
    one.alerts = alerts
    if isinstance(forecast, Decimal):
        one.forecast = forecast
    else:
        one.impact_days = forecast
    if alerts and not before and one.level is not Level.STRATEGIC:
        reach(turn, Level.STRATEGIC)
        note(turn, Act.GROW)
        begin_clocks(turn)
        announce(turn, clause)
    elif alerts > before:
        note(turn, Act.GROW)
        announce(turn, clause)
    elif before and not alerts:
        _recede(turn, clause)


def _recede(turn: Turn, clause: str) -> None:
    """Tell everybody who was told; where nothing was sent yet, nobody is told anything."""
    one = turn.escalation
    card = notifications.get(turn.session, one.workspace_id, card_key(one))
    if card is not None and card.state is NotificationState.PENDING:
        settle(turn, EscalationState.WITHDRAWN)
        note(turn, Act.RECEDE)
        subject = of_escalation(one.number)
        notifications.cancel_about(turn.session, one.workspace_id, subject.key)
        return
    note(turn, Act.RECEDE)
    tell_receded(turn, clause)


def _disarm(session: Session, last: Escalation) -> None:
    """Note that it went under its threshold: crossing that again is news."""
    held = escalations.hold(session, last.workspace_id, last.number)
    assert held is not None
    held.alerts = 0
    session.flush()


def _turn(session: Session, last: Escalation, now: datetime) -> Turn:
    held = escalations.hold(session, last.workspace_id, last.number)
    assert held is not None  # read before
    policy = policies.in_force(session, last.workspace_id)
    began = policies.of_version(session, last.workspace_id, last.policy_version)
    return Turn(session, now, began, held, standing_of(session, policy, held, now))


def _risk(key: str, milestone: Milestone, impact: Impact) -> Wanted:
    worst = f" {impact.name} is hit most." if impact.name else ""
    return Wanted(
        EscalationKind.TIMELINE_RISK,
        key,
        what=f"“{milestone.name}” is expected later than it was committed to.{worst}",
        milestone=milestone.number,
        forecast_on=milestone.forecast_on,
    )
