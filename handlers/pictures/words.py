"""The pictures in words, for those who can't see them."""

from datetime import date

from handlers.blocks.text import clip, date_text
from handlers.pictures.shapes import Graph, Row, Timeline

_CLIP = 100


def tell_graph(graph: Graph) -> str:
    """Return who needs what, a line each."""
    labels = {node.id: clip(node.label, _CLIP) for node in graph.nodes}
    lines = [
        f"{labels[edge.source]} needs {labels[edge.target]}"
        + (f", {edge.label}" if edge.label else "")
        + (": date at risk" if edge.is_hit else "")
        for edge in graph.edges
        if edge.source in labels and edge.target in labels
    ]
    alone = "It depends on nothing, and nothing depends on it."
    return "\n".join([clip(graph.title, _CLIP), *(lines or [alone])])


def tell_timeline(timeline: Timeline) -> str:
    """Return the milestones and their dates, a line each."""
    lines = [f"{clip(row.label, _CLIP)}: {_dates(row)}" for row in timeline.rows]
    none = "No milestones this quarter."
    return "\n".join([clip(timeline.title, _CLIP), *(lines or [none])])


def _dates(row: Row) -> str:
    parts = [f"committed {_day(row.committed_on)}"] if row.committed_on else []
    if row.reached_on:
        parts.append(f"reached {_day(row.reached_on)}")
    elif row.forecast_on and row.forecast_on != row.committed_on:
        parts.append(f"expected {_day(row.forecast_on)}")
    if row.slip_days:
        days = f"{abs(row.slip_days)} {'day' if abs(row.slip_days) == 1 else 'days'}"
        parts.append(f"{days} {'late' if row.slip_days > 0 else 'early'}")
    return ", ".join(parts) or "no date"


def _day(day: date) -> str:
    return f"{date_text(day)} {day.year}"
