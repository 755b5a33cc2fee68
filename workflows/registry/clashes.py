"""Where two initiatives get in each other's way: one pool at one time, or data that one changes.

Pure, but for what loads the rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from storage import dependencies
from storage.models import Access, DependencyKind
from storage.reading import Reader
from workflows.registry.facts import DependencyFacts, Facts
from workflows.registry.recording import dependency_facts
from workflows.stages import AT_WORK

_POOLS = (DependencyKind.PLATFORM, DependencyKind.SKILL)
Span = tuple[date, date]


@dataclass(frozen=True)
class Sharing:
    """One initiative's share in something, and when."""

    key: str
    dependency: DependencyFacts
    starts_on: date | None  # of the initiative
    target_on: date | None


@dataclass(frozen=True)
class Clash:
    """Another initiative that a dependency collides with."""

    key: str
    dependency: DependencyFacts  # the other's
    thing: str
    from_on: date | None = None  # when both need the pool
    until_on: date | None = None


def find_clashes(reader: Reader, workspace_id: str, key: str, facts: Facts) -> list[Clash]:
    """Return what the dependencies of an entry collide with, as it is or is going to be."""
    shared = [part for part in facts.dependencies if not part.is_on_initiative]
    if not shared:
        return []
    rows = dependencies.sharing(reader, workspace_id, AT_WORK, [part.thing for part in shared])
    others = [
        Sharing(row.initiative_key, dependency_facts(row), starts_on, target_on)
        for row, starts_on, target_on in rows
    ]
    mine = [Sharing(key, part, facts.starts_on, facts.target_on) for part in shared]
    return clashes(mine, others)


def clashes(mine: Iterable[Sharing], others: Iterable[Sharing]) -> list[Clash]:
    """Return where the two collide: pools in the same days, and data that is changed and read."""
    known = list(others)
    found = (_clash(one, other) for one in mine for other in known if other.key != one.key)
    return [clash for clash in found if clash]


def _clash(one: Sharing, other: Sharing) -> Clash | None:
    mine, theirs = one.dependency, other.dependency
    if mine.kind is not theirs.kind or mine.thing.casefold() != theirs.thing.casefold():
        return None
    if mine.kind is DependencyKind.DATA:
        changes = Access.CHANGES in (mine.access, theirs.access)
        return Clash(other.key, theirs, mine.thing) if changes else None
    if mine.kind not in _POOLS:
        return None
    span, other_span = _span(one), _span(other)
    if span is None or other_span is None:
        return None
    start, end = max(span[0], other_span[0]), min(span[1], other_span[1])
    return Clash(other.key, theirs, mine.thing, start, end) if start <= end else None


def _span(one: Sharing) -> Span | None:
    """Return from when until when a pool is needed; None if nobody has said."""
    start = one.dependency.need_by or one.starts_on
    end = one.dependency.until_on or one.target_on or start
    return (start, max(start, end)) if start and end else None
