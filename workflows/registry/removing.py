"""Milestones and dependencies are taken away, and put back: every version is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session

from storage import entry_versions
from workflows.errors import EntryInvalidError
from workflows.registry.commitments import load_graph, milestone_name
from workflows.registry.editing import change_entry
from workflows.registry.entries import Shown
from workflows.registry.facts import DependencyFacts, Facts, MilestoneFacts
from workflows.registry.linking import refuse_cycle
from workflows.registry.policy import with_changes
from workflows.registry.recording import Known
from workflows.services import Actor, Services

Part = TypeVar("Part", MilestoneFacts, DependencyFacts)


@dataclass(frozen=True)
class Removed:
    """What was taken away from an entry, and by which version."""

    known: Shown
    milestone: MilestoneFacts | None = None
    dependency: DependencyFacts | None = None
    waiting: Sequence[str] = ()  # the keys of others that wait for the milestone

    @property
    def is_gone_before(self) -> bool:
        """Tell whether there was nothing to take away any more."""
        return self.milestone is None and self.dependency is None


def remove_milestone(services: Services, actor: Actor, key: str, number: int) -> Removed:
    """Take a milestone away, as the entry's next version; one that is gone already stays so.

    What waited for something as this milestone goes on waiting for it as the whole initiative.

    Raises:
        NotYoursError, GuestError: the actor may not; kept in the audit log.
    """
    gone: list[MilestoneFacts] = []

    def change(_session: Session, known: Known) -> Facts:
        gone.extend(one for one in known.facts.milestones if one.number == number)
        kept = [one.model_dump() for one in known.facts.milestones if one.number != number]
        needs = [
            one.model_dump() | ({"milestone": None} if one.milestone == number else {})
            for one in known.facts.dependencies
        ]
        return with_changes(known.facts, {"milestones": kept, "dependencies": needs})

    known = change_entry(services, actor, key, change)
    name = milestone_name(key, number)
    waiting = dict.fromkeys(other for other, need in known.needed_by if need.thing == name)
    return Removed(known, milestone=gone[0] if gone else None, waiting=list(waiting))


def remove_dependency(services: Services, actor: Actor, key: str, number: int) -> Removed:
    """Take a dependency away, as the entry's next version; one that is gone already stays so.

    Raises:
        NotYoursError, GuestError: the actor may not; kept in the audit log.
    """
    gone: list[DependencyFacts] = []

    def change(_session: Session, known: Known) -> Facts:
        gone.extend(one for one in known.facts.dependencies if one.number == number)
        kept = [one.model_dump() for one in known.facts.dependencies if one.number != number]
        return with_changes(known.facts, {"dependencies": kept})

    known = change_entry(services, actor, key, change)
    return Removed(known, dependency=gone[0] if gone else None)


def put_back(services: Services, actor: Actor, key: str, version: int) -> Shown:
    """Undo what one version did to milestones and dependencies; what was touched since stays.

    Undone twice it is undone once.

    Raises:
        EntryInvalidError: there is no such version, or it would close a circle by now.
        NotYoursError, GuestError: the actor may not; kept in the audit log.
    """

    def change(session: Session, known: Known) -> Facts:
        before, after = (_as_of(session, known, number) for number in (version - 1, version))
        now = known.facts
        milestones = _undone(before.milestones, after.milestones, now.milestones)
        needs = _undone(before.dependencies, after.dependencies, now.dependencies)
        graph = load_graph(session, actor.workspace_id)
        for need in needs:
            if need not in now.dependencies:
                refuse_cycle(graph, key, need)
        parts: Mapping[str, Any] = {
            "milestones": [one.model_dump() for one in milestones],
            "dependencies": [one.model_dump() for one in needs],
        }
        return with_changes(now, parts)

    return change_entry(services, actor, key, change)


def _as_of(session: Session, known: Known, version: int) -> Facts:
    initiative = known.initiative
    found = entry_versions.get(session, initiative.workspace_id, initiative.key, version)
    if found is None:
        raise EntryInvalidError({"version": f"{initiative.key} has no version {version}."})
    return Facts.model_validate(found.facts)


def _undone(before: Sequence[Part], after: Sequence[Part], now: Sequence[Part]) -> list[Part]:
    """Return the parts as they are now, but for those that stand as `after` left them."""
    was, became, parts = ({one.number: one for one in some} for some in (before, after, now))
    for number in was.keys() | became.keys():
        if was.get(number) != became.get(number) == parts.get(number):
            if number in was:
                parts[number] = was[number]
            else:
                del parts[number]
    return [parts[number] for number in sorted(parts)]
