"""What an escalation says of dates and money is in the registry, too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from storage import initiatives
from storage.models import Escalation, EscalationKind, Initiative
from storage.reading import Reader
from workflows.registry.cascade import Commitment, Graph
from workflows.registry.commitments import load_graph, milestone_name
from workflows.registry.editing import write
from workflows.registry.facts import Facts
from workflows.registry.policy import with_changes
from workflows.registry.recording import read_known
from workflows.services import Actor


def with_forecast(
    reader: Reader, initiative: Initiative, milestone: int, forecast_on: date
) -> tuple[Graph, dict[str, Commitment]]:
    """Return the registry's dates, and what a milestone becomes at another forecast."""
    graph = load_graph(reader, initiative.workspace_id)
    name = milestone_name(initiative.key, milestone)
    known = graph.commitments.get(name)
    moved = {name: replace(known, forecast_on=forecast_on, is_reached=False)} if known else {}
    return graph, moved


def record_forecasts(session: Session, actor: Actor, one: Escalation, now: datetime) -> None:
    """Write the forecast that an escalation came with into the entry of its initiative."""
    if one.kind is EscalationKind.TIMELINE_RISK and one.forecast_on is not None:
        _change(session, actor, one.initiative_key, lambda facts: _moved(facts, one), now)
    if one.kind is EscalationKind.BUDGET_OVERRUN and one.forecast is not None:
        forecast = {"budget_forecast": one.forecast}
        _change(
            session, actor, one.initiative_key, lambda facts: with_changes(facts, forecast), now
        )


def _moved(facts: Facts, one: Escalation) -> Facts:
    milestones = [
        each.model_dump()
        | ({"forecast_on": one.forecast_on} if each.number == one.milestone else {})
        for each in facts.milestones
    ]
    return with_changes(facts, {"milestones": milestones})


def _change(
    session: Session, actor: Actor, key: str, change: Callable[[Facts], Facts], now: datetime
) -> None:
    known = read_known(session, initiatives.get_one(session, actor.workspace_id, key))
    write(session, now, actor, known, change(known.facts))
