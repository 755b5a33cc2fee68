"""Milestones: added, moved, reached. What a moved date does to others is said beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from storage import entry_versions
from workflows.errors import EntryInvalidError
from workflows.registry.cascade import Hit
from workflows.registry.commitments import commitment_of, load_graph, milestone_name
from workflows.registry.editing import OpenEntry, change_entry, highest_number, open_entry
from workflows.registry.entries import Shown
from workflows.registry.facts import Facts, MilestoneFacts
from workflows.registry.policy import with_changes
from workflows.registry.recording import Known
from workflows.services import Actor, Services


@dataclass(frozen=True)
class MilestoneWanted:
    """A milestone as somebody wants it."""

    number: int | None  # None: a new one
    name: str
    committed_on: date
    forecast_on: date | None = None  # None: as committed
    reached_on: date | None = None


@dataclass(frozen=True)
class MovePreview:
    """What a milestone will be, and whom that hits."""

    entry: OpenEntry
    milestone: MilestoneFacts
    hits: list[Hit]  # downstream, the worst first


def preview_milestone(
    services: Services, actor: Actor, key: str, wanted: MilestoneWanted
) -> MovePreview:
    """Return what would come of a milestone, before anything is saved.

    Raises:
        EntryInvalidError: it can't be so, or there is none of that number.
        NotYoursError, GuestError: the actor may not.
    """
    entry = open_entry(services, actor, key)
    assert entry.facts is not None  # what is opened by its key is there
    with services.reading() as reader:
        taken = highest_number(reader, actor.workspace_id, entry.key, "milestones")
        graph = load_graph(reader, actor.workspace_id)
    milestone = _milestone(_with(entry.facts, wanted, taken), wanted)
    name = milestone_name(entry.key, milestone.number)
    moved = {name: commitment_of(milestone)} if name in graph.commitments else {}
    hits = [hit for hit in graph.cascade(moved) if hit.projected_on]  # without a date nothing slips
    return MovePreview(entry, milestone, hits)


def save_milestone(
    services: Services, actor: Actor, key: str, wanted: MilestoneWanted, version: int | None = None
) -> Shown:
    """Store a milestone as a part of the entry's next version.

    `version` is the one that the form showed; None: whatever is there is written over.

    Raises:
        EntryInvalidError: it can't be so, there is none of that number, or it was changed since.
        NotYoursError, GuestError: the actor may not; kept in the audit log.
    """

    def change(session: Session, known: Known) -> Facts:
        if version is not None and wanted.number is not None:
            _refuse_crossed(session, known, wanted.number, version)
        taken = highest_number(session, actor.workspace_id, key, "milestones")
        return _with(known.facts, wanted, taken)

    return change_entry(services, actor, key, change)


def _refuse_crossed(session: Session, known: Known, number: int, version: int) -> None:
    """Refuse to write over what somebody else did to a milestone while the form was open."""
    initiative = known.initiative
    shown = entry_versions.get(session, initiative.workspace_id, initiative.key, version)
    if shown is None:  # nobody had written here yet
        return
    before = {one.number: one for one in Facts.model_validate(shown.facts).milestones}
    now = {one.number: one for one in known.facts.milestones}
    if number in now and now[number] != before.get(number):
        says = f"M{number} was changed while this window was open. Please open it again."
        raise EntryInvalidError({"milestone": says})


def _with(facts: Facts, wanted: MilestoneWanted, taken: int) -> Facts:
    numbers = [milestone.number for milestone in facts.milestones]
    if wanted.number is not None and wanted.number not in numbers:
        raise EntryInvalidError({"milestone": f"There is no M{wanted.number} any more."})
    written = {
        "number": wanted.number or max([taken, *numbers]) + 1,
        "name": wanted.name,
        "committed_on": wanted.committed_on,
        "forecast_on": wanted.forecast_on or wanted.committed_on,
        "reached_on": wanted.reached_on,
    }
    if wanted.number is None:
        _refuse_twice(facts, written)
    others = [one for one in facts.milestones if one.number != wanted.number]
    milestones = sorted([one.model_dump() for one in others] + [written], key=_number)
    return with_changes(facts, {"milestones": milestones})


def _refuse_twice(facts: Facts, written: Mapping[str, object]) -> None:
    """Refuse a new milestone that says the very same as one that is there."""
    fresh = {**written, "number": 0}
    for one in facts.milestones:
        if one.model_dump() | {"number": 0} == fresh:
            raise EntryInvalidError(
                {"milestone": f"This milestone is there already, as M{one.number}."}
            )


def _number(milestone: dict[str, object]) -> int:
    return int(str(milestone["number"]))


def _milestone(facts: Facts, wanted: MilestoneWanted) -> MilestoneFacts:
    if wanted.number is None:
        return facts.milestones[-1]
    return next(one for one in facts.milestones if one.number == wanted.number)
