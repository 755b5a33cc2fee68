"""What stands around an initiative, and what falls into a quarter: what the pictures show."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from storage import entries, initiatives
from storage.models import DependencyKind, Initiative
from storage.reading import Reader
from workflows.registry.cascade import Graph, key_of
from workflows.registry.commitments import load_graph
from workflows.registry.entries import as_shown, find
from workflows.registry.facts import DependencyFacts, MilestoneFacts
from workflows.registry.listing import chosen_facts
from workflows.services import Actor, Services

MOST_AROUND = 24
MOST_MILESTONES = 30


@dataclass(frozen=True)
class Thing:
    """Something that waits or is waited for."""

    name: str  # FIN-01, FIN-01/M2, or what a shared thing is called
    kind: DependencyKind
    label: str
    department: str = ""  # of an initiative
    expected_on: date | None = None


@dataclass(frozen=True)
class Tie:
    """One thing waits for another."""

    waiting: str
    on: str
    need_by: date | None
    is_late: bool  # promised later than it is needed


@dataclass(frozen=True)
class Surroundings:
    """An initiative with what it needs and what needs it."""

    focus: str
    things: list[Thing]
    ties: list[Tie]


@dataclass(frozen=True)
class Quarter:
    """The milestones that fall into a quarter, by date."""

    starts_on: date
    ends_on: date
    milestones: list[tuple[str, MilestoneFacts]]  # with the initiative's key
    total: int


def surroundings(services: Services, actor: Actor, wanted: str) -> Surroundings:
    """Return what stands around the initiative that somebody named.

    Raises:
        UnknownInitiativeError: nothing is called so.
    """
    with services.reading() as reader:
        known = as_shown(reader, find(reader, actor.workspace_id, wanted))
        key = known.initiative.key
        graph = load_graph(reader, actor.workspace_id)
        ties = [_tie(graph, key, one) for one in known.facts.dependencies]
        ties += [_tie(graph, other, one) for other, one in known.needed_by]
        ties = ties[:MOST_AROUND]
        kinds = {one.thing: one.kind for one in known.facts.dependencies}
        names = dict.fromkeys([key, *(name for tie in ties for name in (tie.waiting, tie.on))])
        things = _things(reader, actor.workspace_id, list(names), kinds, graph)
    # Milestones of its own stand for it: the picture is of the initiative.
    own = {f"{key}/M{one.number}": key for one in known.facts.milestones}
    ties = [
        Tie(own.get(tie.waiting, tie.waiting), own.get(tie.on, tie.on), tie.need_by, tie.is_late)
        for tie in ties
    ]
    shown = [thing for thing in things if thing.name not in own]
    return Surroundings(key, shown, list(dict.fromkeys(ties)))


def quarter_of(services: Services, actor: Actor, wanted: str, today: date) -> Quarter:
    """Return the milestones of the present quarter, of all or of those that the words choose.

    Raises:
        FilterUnknownError: the words mean nothing; names the closest.
    """
    starts_on = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    ends_on = starts_on + relativedelta(months=3) - timedelta(days=1)
    with services.reading() as reader:
        chosen = chosen_facts(reader, actor, wanted)
        found, _ = initiatives.page(reader, actor.workspace_id, chosen, 0, None)
        keys = {initiative.key for initiative in found}
        rows = entries.milestones_between(reader, actor.workspace_id, starts_on, ends_on)
        mine = [row for row in rows if row.initiative_key in keys]
    facts = [
        (
            row.initiative_key,
            MilestoneFacts.model_construct(
                **row.model_dump(include=set(MilestoneFacts.model_fields))
            ),
        )
        for row in mine
    ]
    return Quarter(starts_on, ends_on, facts[:MOST_MILESTONES], len(facts))


def _tie(graph: Graph, key: str, dependency: DependencyFacts) -> Tie:
    waiting = f"{key}/M{dependency.milestone}" if dependency.milestone else key
    promised = graph.commitments.get(dependency.thing)
    late = bool(
        promised
        and promised.forecast_on
        and dependency.need_by
        and promised.forecast_on > dependency.need_by
    )
    return Tie(waiting, dependency.thing, dependency.need_by, late)


def _things(
    reader: Reader,
    workspace_id: str,
    names: list[str],
    kinds: dict[str, DependencyKind],
    graph: Graph,
) -> list[Thing]:
    keys = {key_of(name) for name in names}
    found = {one.key: one for one in initiatives.among(reader, workspace_id, keys)}
    milestones = {
        f"{key}/M{row.number}": row.name
        for key, rows in entries.milestones(reader, workspace_id, keys).items()
        for row in rows
    }
    return [_thing(name, found, milestones, kinds, graph) for name in names]


def _thing(
    name: str,
    found: dict[str, Initiative],
    milestones: dict[str, str],
    kinds: dict[str, DependencyKind],
    graph: Graph,
) -> Thing:
    known = graph.commitments.get(name)
    expected_on = known.forecast_on if known else None
    if name in milestones:
        return Thing(
            name, DependencyKind.MILESTONE, f"{name} {milestones[name]}", expected_on=expected_on
        )
    if name in found:
        one = found[name]
        label = f"{name} {one.name}"
        return Thing(name, DependencyKind.INITIATIVE, label, one.department, expected_on)
    return Thing(name, kinds.get(name, DependencyKind.INITIATIVE), name)
