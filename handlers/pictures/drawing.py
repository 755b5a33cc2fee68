"""What the registry knows, as the pictures show it."""

from datetime import date

from handlers.pictures import shapes
from storage.models import DependencyKind
from workflows.registry.surroundings import Quarter, Surroundings, Thing, Tie


def graph_of(around: Surroundings) -> shapes.Graph:
    """Return the graph of an initiative."""
    labels = {thing.name: thing.label for thing in around.things}
    nodes = [_node(thing, around.focus) for thing in around.things]
    edges = [_edge(tie) for tie in around.ties]
    return shapes.Graph(labels.get(around.focus, around.focus), nodes, edges)


def timeline_of(quarter: Quarter, title: str, today: date) -> shapes.Timeline:
    """Return the timeline of a quarter."""
    rows = [
        shapes.Row(one.name, key, one.committed_on, one.forecast_on, one.reached_on)
        for key, one in quarter.milestones
    ]
    return shapes.Timeline(title, quarter.starts_on, quarter.ends_on, today, rows)


def _node(thing: Thing, focus: str) -> shapes.Node:
    return shapes.Node(thing.name, thing.label, _sub(thing), thing.kind.value, thing.name == focus)


def _edge(tie: Tie) -> shapes.Edge:
    label = f"by {_short(tie.need_by)}" if tie.need_by else ""
    return shapes.Edge(tie.waiting, tie.on, label, tie.is_late)


def _sub(thing: Thing) -> str:
    if thing.kind is DependencyKind.INITIATIVE:
        return thing.department
    return _short(thing.expected_on) if thing.expected_on else ""


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"
