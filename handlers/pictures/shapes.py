"""What the pictures show: a dependency graph, and the milestones of a quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH = 1080  # pixels; a phone shows them at a third of it
MARGIN = 32


@dataclass(frozen=True)
class Node:
    """One box of a graph. `kind`: initiative, milestone, data, model, platform or skill."""

    id: str
    label: str
    sub: str
    kind: str
    is_focus: bool = False


@dataclass(frozen=True)
class Edge:
    """Say that `source` needs `target`; `is_hit` if the date in the label contradicts."""

    source: str
    target: str
    label: str
    is_hit: bool = False


@dataclass(frozen=True)
class Graph:
    """One initiative, what it needs and what needs it."""

    title: str
    nodes: Sequence[Node]
    edges: Sequence[Edge]


@dataclass(frozen=True)
class Row:
    """One milestone; each date that isn't known is None."""

    label: str
    sub: str
    committed_on: date | None
    forecast_on: date | None
    reached_on: date | None = None

    @property
    def ends_on(self) -> date | None:
        """Return the day it was reached or else is forecast to be."""
        return self.reached_on or self.forecast_on

    @property
    def slip_days(self) -> int | None:
        """Return by how many days it ends after the committed date; None if either is unknown."""
        if self.committed_on is None or self.ends_on is None:
            return None
        return (self.ends_on - self.committed_on).days


@dataclass(frozen=True)
class Timeline:
    """The milestones of a quarter, committed against forecast; both ends belong to the window."""

    title: str
    starts_on: date
    ends_on: date
    today: date
    rows: Sequence[Row]


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, counted from the top left corner of the picture."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return where it ends."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Return where it ends below."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Return the middle of its width."""
        return self.left + self.width / 2

    def overlaps(self, other: "Box") -> bool:
        """Tell whether they share a point inside."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)
