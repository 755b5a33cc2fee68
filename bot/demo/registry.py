"""The demo's registry: each entry written by its lead, some days before the demo begins."""

from datetime import date, datetime, timedelta

from bot.demo.history import Life
from sandbox.seed.registry import RegistryEntry, SeedDependency, SeedMilestone, load_registry
from storage.models import Access, DependencyKind
from workflows.registry.editing import save_entry
from workflows.registry.entries import show_entry
from workflows.registry.linking import DependencyWanted, save_dependency
from workflows.registry.milestones import MilestoneWanted, save_milestone
from workflows.services import Actor

_DAYS_END = "_in"  # of a fact that is a date, in days


def write_registry(life: Life, present: datetime) -> None:
    """Write all entries at their times; the clock is left where the last was written."""
    entries = load_registry()
    for entry in entries:
        _write_facts(life, entry, present)
    for entry in entries:  # by now what they depend on is there
        life.move_clock_to(present - timedelta(days=entry.written))
        for dependency in entry.dependencies:
            save_dependency(
                life.services, _lead(life, entry), entry.key, _dependency(dependency, present)
            )


def _write_facts(life: Life, entry: RegistryEntry, present: datetime) -> None:
    lead = _lead(life, entry)
    life.move_clock_to(present - timedelta(days=entry.written))
    version = show_entry(life.services, lead, entry.key).version
    facts = dict(_fact(name, value, present) for name, value in entry.facts.items())
    save_entry(life.services, lead, entry.key, version, facts)
    for milestone in entry.milestones:
        save_milestone(life.services, lead, entry.key, _milestone(milestone, present))


def _lead(life: Life, entry: RegistryEntry) -> Actor:
    anybody = Actor(life.workspace.id, "")
    known = show_entry(life.services, anybody, entry.key)
    return Actor(life.workspace.id, known.facts.lead_id or "")


def _fact(name: str, value: str | int, present: datetime) -> tuple[str, str | int | date]:
    if name.endswith(_DAYS_END) and isinstance(value, int):
        return f"{name.removesuffix(_DAYS_END)}_on", _day(value, present)
    return name, value


def _milestone(seed: SeedMilestone, present: datetime) -> MilestoneWanted:
    forecast_in = seed.committed_in if seed.forecast_in is None else seed.forecast_in
    return MilestoneWanted(
        None, seed.name, _day(seed.committed_in, present), _day(forecast_in, present)
    )


def _dependency(seed: SeedDependency, present: datetime) -> DependencyWanted:
    return DependencyWanted(
        kind=DependencyKind(seed.kind),
        thing=seed.thing,
        access=Access(seed.access) if seed.access else None,
        need_by=None if seed.need_by_in is None else _day(seed.need_by_in, present),
        until_on=None if seed.until_in is None else _day(seed.until_in, present),
    )


def _day(days: int, present: datetime) -> date:
    return present.date() + timedelta(days=days)
