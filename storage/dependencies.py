"""Dependencies and dates across the registry: what slips run through, and what is shared."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Text, func, or_
from sqlalchemy import select as select_many
from sqlmodel import col, select

from storage.entries import of_initiative
from storage.models import Dependency, DependencyKind, Entry, Initiative, Milestone, Stage
from storage.reading import Read, Reader, given
from storage.several import one_of

_HERE = col(Dependency.workspace_id) == given("workspace_id")
_ON_INITIATIVES = col(Dependency.kind).in_((DependencyKind.INITIATIVE, DependencyKind.MILESTONE))
_ON = Read(
    select(Dependency)
    .where(
        _HERE,
        _ON_INITIATIVES,
        or_(
            col(Dependency.thing) == given("key"),
            col(Dependency.thing).startswith(given("below", Text)),
        ),
    )
    .order_by(col(Dependency.initiative_key), col(Dependency.number))
)
_SHARING = Read(
    select(Dependency, col(Entry.starts_on), col(Entry.target_on))
    .join(
        Initiative,
        (col(Initiative.workspace_id) == col(Dependency.workspace_id))
        & (col(Initiative.key) == col(Dependency.initiative_key)),
    )
    .join(Entry, of_initiative())
    .where(
        _HERE,
        one_of(func.lower(Dependency.thing), "things"),
        ~_ON_INITIATIVES,
        one_of(col(Initiative.stage), "stages"),
    )
    .order_by(col(Dependency.initiative_key), col(Dependency.number))
)
_THINGS = Read(
    select(col(Dependency.kind), Dependency.thing)
    .where(_HERE, ~_ON_INITIATIVES)
    .distinct()
    .order_by(col(Dependency.thing))
)
_COMMITMENTS = Read(
    select(Initiative.key, col(Entry.target_on))
    .join(Entry, of_initiative(), isouter=True)
    .where(col(Initiative.workspace_id) == given("workspace_id"))
)
_MILESTONES = Read(
    select_many(
        col(Milestone.initiative_key),
        col(Milestone.number),
        col(Milestone.committed_on),
        col(Milestone.forecast_on),
        col(Milestone.reached_on),
    ).where(col(Milestone.workspace_id) == given("workspace_id"))
)
_NEEDS = Read(
    select(
        Dependency.initiative_key,
        col(Dependency.milestone),
        Dependency.thing,
        col(Dependency.need_by),
    ).where(_HERE, _ON_INITIATIVES)
)


def dependencies_on(reader: Reader, workspace_id: str, key: str) -> Sequence[Dependency]:
    """Return what others need of an initiative or of its milestones, by their key."""
    return _ON.all(reader, workspace_id=workspace_id, key=key, below=f"{key}/")


def sharing(
    reader: Reader, workspace_id: str, stages: Collection[Stage], things: Collection[str]
) -> Sequence[tuple[Dependency, date | None, date | None]]:
    """Return the dependencies on these shared things, each with its initiative's own dates.

    The dates are its start and its target; it is in one of these stages.
    """
    named = {thing.lower() for thing in things}
    return _SHARING.all(reader, workspace_id=workspace_id, stages=stages, things=named)


def things(reader: Reader, workspace_id: str) -> Sequence[tuple[DependencyKind, str]]:
    """Return the kind and the name of every shared thing that something depends on."""
    return _THINGS.all(reader, workspace_id=workspace_id)


def commitments(reader: Reader, workspace_id: str) -> Sequence[tuple[str, date | None]]:
    """Return every initiative's key and target date."""
    return _COMMITMENTS.all(reader, workspace_id=workspace_id)


def all_milestones(
    reader: Reader, workspace_id: str
) -> Sequence[tuple[str, int, date, date, date | None]]:
    """Return the key, number, committed, forecast and reached date of every milestone."""
    return _MILESTONES.all(reader, workspace_id=workspace_id)


def all_needs(
    reader: Reader, workspace_id: str
) -> Sequence[tuple[str, int | None, str, date | None]]:
    """Return the key, own milestone, thing and need-by date of what waits for an initiative."""
    return _NEEDS.all(reader, workspace_id=workspace_id)
