"""Dependencies and dates across the registry: what slips run through, and what is shared."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from storage.entries import of_initiative
from storage.models import Dependency, DependencyKind, Entry, Initiative, Milestone, Stage

Columns = tuple[Any, ...]  # of one row, in the order that its function names


def dependencies_on(session: Session, workspace_id: str, key: str) -> Sequence[Dependency]:
    """Return what others need of an initiative or of its milestones, by their key."""
    return session.exec(
        select(Dependency)
        .where(
            Dependency.workspace_id == workspace_id,
            col(Dependency.kind).in_((DependencyKind.INITIATIVE, DependencyKind.MILESTONE)),
            or_(col(Dependency.thing) == key, col(Dependency.thing).startswith(f"{key}/")),
        )
        .order_by(col(Dependency.initiative_key), col(Dependency.number))
    ).all()


def sharing(session: Session, workspace_id: str, things: Collection[str]) -> list[Columns]:
    """Return the dependencies on these shared things, each with its initiative's own dates.

    Each row is a Dependency and the initiative's start and target. The paused and the retired
    share nothing.
    """
    here = col(Initiative.workspace_id) == col(Dependency.workspace_id)
    query = (
        select(Dependency)
        .add_columns(col(Entry.starts_on), col(Entry.target_on))
        .join(Initiative, here & (col(Initiative.key) == col(Dependency.initiative_key)))
        .join(Entry, of_initiative())
        .where(
            col(Dependency.workspace_id) == workspace_id,
            func.lower(Dependency.thing).in_({thing.lower() for thing in things}),
            col(Dependency.kind).not_in((DependencyKind.INITIATIVE, DependencyKind.MILESTONE)),
            col(Initiative.stage).not_in((Stage.PAUSED, Stage.RETIRED)),
        )
        .order_by(col(Dependency.initiative_key), col(Dependency.number))
    )
    return [tuple(row) for row in session.execute(query)]


def things(session: Session, workspace_id: str) -> list[Columns]:
    """Return the kind and the name of every shared thing that something depends on."""
    query = (
        select(Dependency.kind, Dependency.thing)
        .where(
            col(Dependency.workspace_id) == workspace_id,
            col(Dependency.kind).not_in((DependencyKind.INITIATIVE, DependencyKind.MILESTONE)),
        )
        .distinct()
        .order_by(col(Dependency.thing))
    )
    return [tuple(row) for row in session.execute(query)]


def commitments(session: Session, workspace_id: str) -> list[Columns]:
    """Return every initiative's key and target date; the date may be None."""
    query = (
        select(Initiative.key)
        .add_columns(col(Entry.target_on))
        .join(Entry, of_initiative(), isouter=True)
        .where(col(Initiative.workspace_id) == workspace_id)
    )
    return [tuple(row) for row in session.execute(query)]


def all_milestones(session: Session, workspace_id: str) -> list[Columns]:
    """Return the key, number, committed, forecast and reached date of every milestone."""
    query = (
        select(Milestone.initiative_key, Milestone.number)
        .add_columns(
            col(Milestone.committed_on), col(Milestone.forecast_on), col(Milestone.reached_on)
        )
        .where(col(Milestone.workspace_id) == workspace_id)
    )
    return [tuple(row) for row in session.execute(query)]


def all_needs(session: Session, workspace_id: str) -> list[Columns]:
    """Return the key, own milestone, thing and need-by date of what waits for an initiative."""
    query = (
        select(Dependency.initiative_key, Dependency.milestone)
        .add_columns(col(Dependency.thing), col(Dependency.need_by))
        .where(
            col(Dependency.workspace_id) == workspace_id,
            col(Dependency.kind).in_((DependencyKind.INITIATIVE, DependencyKind.MILESTONE)),
        )
    )
    return [tuple(row) for row in session.execute(query)]
