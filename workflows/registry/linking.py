"""Dependencies: entered, and checked against the graph."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from storage import dependencies, entries
from storage.models import Access, DependencyKind
from storage.reading import Reader
from workflows.errors import EntryInvalidError, UnknownInitiativeError
from workflows.registry.cascade import Graph, key_of
from workflows.registry.clashes import Clash, find_clashes
from workflows.registry.commitments import load_graph, need_of
from workflows.registry.editing import OpenEntry, change_entry, highest_number, open_entry
from workflows.registry.entries import Shown, find
from workflows.registry.facts import DependencyFacts, Facts
from workflows.registry.policy import with_changes
from workflows.registry.recording import Known
from workflows.services import Actor, Services

_MILESTONE = re.compile(r"(?P<key>[A-Za-z0-9-]+)\s*/\s*[Mm](?P<number>\d{1,4})")


@dataclass(frozen=True)
class DependencyWanted:
    """A dependency as somebody enters it."""

    kind: DependencyKind
    thing: str  # a key or a name, a milestone as FIN-01/M2, or what the shared thing is called
    milestone: int | None = None  # the initiative's own that waits
    access: Access | None = None
    need_by: date | None = None
    until_on: date | None = None


@dataclass(frozen=True)
class LinkPreview:
    """What a dependency will be, and what speaks against it."""

    entry: OpenEntry
    dependency: DependencyFacts
    promised_on: date | None  # later than it is needed; None: nothing contradicts
    clashes: Sequence[Clash]


def preview_dependency(
    services: Services, actor: Actor, key: str, wanted: DependencyWanted
) -> LinkPreview:
    """Return what would come of a dependency, before anything is saved.

    Raises:
        EntryInvalidError: it can't be so; a cycle is told with its path.
        NotYoursError, GuestError: the actor may not.
    """
    entry = open_entry(services, actor, key)
    assert entry.facts is not None  # what is opened by its key is there
    with services.reading() as reader:
        graph = load_graph(reader, actor.workspace_id)
        facts = _with(reader, actor, entry.key, entry.facts, graph, wanted)
        clashes = find_clashes(reader, actor.workspace_id, entry.key, facts)
    dependency = facts.dependencies[-1]
    mine = [clash for clash in clashes if clash.thing == dependency.thing]
    return LinkPreview(entry, dependency, _promised_late(graph, dependency), mine)


def save_dependency(services: Services, actor: Actor, key: str, wanted: DependencyWanted) -> Shown:
    """Store a dependency as a part of the entry's next version.

    Raises:
        EntryInvalidError: it can't be so; a cycle is told with its path.
        NotYoursError, GuestError: the actor may not; kept in the audit log.
    """

    def change(session: Session, known: Known) -> Facts:
        return with_dependency(session, actor, key, known.facts, wanted)

    return change_entry(services, actor, key, change)


def with_dependency(
    session: Session, actor: Actor, key: str, facts: Facts, wanted: DependencyWanted
) -> Facts:
    """Return the facts with one more dependency, for whoever holds the registry.

    Raises:
        EntryInvalidError: it can't be so; a cycle is told with its path.
    """
    graph = load_graph(session, actor.workspace_id)
    return _with(session, actor, key, facts, graph, wanted)


def refuse_cycle(graph: Graph, key: str, dependency: DependencyFacts) -> None:
    """Refuse a dependency that would have two wait for each other.

    Raises:
        EntryInvalidError: it would; told with the path.
    """
    if not dependency.is_on_initiative:
        return
    if key_of(dependency.thing) == key:
        raise EntryInvalidError({"thing": "An initiative doesn't wait for itself."})
    if cycle := graph.cycle_with(need_of(key, dependency)):
        path = " → ".join(cycle)
        raise EntryInvalidError({"thing": f"Then each would wait for the other: {path}."})


def _with(
    reader: Reader,
    actor: Actor,
    key: str,
    facts: Facts,
    graph: Graph,
    wanted: DependencyWanted,
) -> Facts:
    if wanted.need_by and wanted.until_on and wanted.until_on < wanted.need_by:
        raise EntryInvalidError({"until_on": "This is before it is needed."})
    named = replace(wanted, thing=_thing(reader, actor.workspace_id, wanted))
    taken = highest_number(reader, actor.workspace_id, key, "dependencies")
    number = max([taken, *(one.number for one in facts.dependencies)]) + 1
    written = {"number": number, **vars(named)}
    others = [one.model_dump() for one in facts.dependencies]
    fresh = with_changes(facts, {"dependencies": [*others, written]})
    added = fresh.dependencies[-1]
    if any(one.model_copy(update={"number": number}) == added for one in facts.dependencies):
        raise EntryInvalidError({"thing": "This dependency is there already."})
    refuse_cycle(graph, key, added)
    return fresh


def _thing(reader: Reader, workspace_id: str, wanted: DependencyWanted) -> str:
    """Return the one name of what is depended on."""
    if wanted.kind is DependencyKind.MILESTONE:
        return _milestone_name(reader, workspace_id, wanted.thing)
    if wanted.kind is DependencyKind.INITIATIVE:
        return _initiative_key(reader, workspace_id, wanted.thing)
    name = " ".join(wanted.thing.split())
    shared = dependencies.things(reader, workspace_id)
    known: dict[str, str] = {thing.casefold(): thing for _, thing in shared}
    return known.get(name.casefold(), name)


def _initiative_key(reader: Reader, workspace_id: str, wanted: str) -> str:
    try:
        return find(reader, workspace_id, wanted).key
    except UnknownInitiativeError as error:
        raise EntryInvalidError({"thing": str(error)}) from None


def _milestone_name(reader: Reader, workspace_id: str, wanted: str) -> str:
    found = _MILESTONE.fullmatch(wanted.strip())
    if found is None:
        raise EntryInvalidError({"thing": "Write a milestone as its key and number: FIN-01/M2."})
    key, number = _initiative_key(reader, workspace_id, found["key"]), int(found["number"])
    known = [one.number for one in entries.milestones(reader, workspace_id, [key]).get(key, ())]
    if number not in known:
        there = ", ".join(f"M{one}" for one in known) or "none yet"
        raise EntryInvalidError({"thing": f"{key} has no M{number}. It has {there}."})
    return f"{key}/M{number}"


def _promised_late(graph: Graph, dependency: DependencyFacts) -> date | None:
    """Return when something is promised, if that is later than it is needed."""
    known = graph.commitments.get(dependency.thing)
    if not dependency.is_on_initiative or known is None or dependency.need_by is None:
        return None
    promised_on = known.forecast_on
    return promised_on if promised_on and promised_on > dependency.need_by else None
