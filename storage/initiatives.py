"""Initiatives, those who answer for them, and their departments."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_
from sqlmodel import Session, col, select

from storage.insert import insert_or_change_all
from storage.models import (
    DepartmentLead,
    Dependency,
    Deputy,
    Initiative,
    Stage,
    Update,
)

ASKED_STAGES = (Stage.PROPOSED, Stage.APPROVED, Stage.PILOT, Stage.PRODUCTION)


def get(session: Session, workspace_id: str, key: str) -> Initiative | None:
    """Return one initiative, if there is one of that key."""
    return session.get(Initiative, (workspace_id, key))


def get_one(session: Session, workspace_id: str, key: str) -> Initiative:
    """Return one initiative that is known to be there."""
    return session.get_one(Initiative, (workspace_id, key))


def keys(session: Session, workspace_id: str) -> Sequence[tuple[str, str]]:
    """Return the key and the department of every initiative."""
    return session.exec(
        select(Initiative.key, Initiative.department)
        .where(Initiative.workspace_id == workspace_id)
        .order_by(col(Initiative.key))
    ).all()


def count(session: Session, workspace_id: str) -> int:
    """Return how many initiatives there are."""
    query = select(func.count()).select_from(Initiative)
    return session.exec(query.where(Initiative.workspace_id == workspace_id)).one()


def in_use(session: Session, workspace_id: str, keys: Collection[str]) -> set[str]:
    """Return those of these initiatives that have updates, or that something else depends on."""
    updated = select(Update.initiative_key).where(
        Update.workspace_id == workspace_id, col(Update.initiative_key).in_(keys)
    )
    needed = select(Dependency.thing).where(
        Dependency.workspace_id == workspace_id,
        col(Dependency.thing).in_(keys),
        col(Dependency.initiative_key).not_in(keys),
    )
    return {*session.exec(updated), *session.exec(needed)}


def every(session: Session, workspace_id: str) -> Sequence[Initiative]:
    """Return all initiatives in the order of their keys."""
    return session.exec(
        select(Initiative)
        .where(Initiative.workspace_id == workspace_id)
        .order_by(col(Initiative.key))
    ).all()


def page(
    session: Session, workspace_id: str, facts: Mapping[str, str], offset: int, limit: int | None
) -> tuple[Sequence[Initiative], int]:
    """Return some of the initiatives with these facts in the order of keys, and how many it is of.

    `facts` are columns and what they hold; without a limit it is all of them.
    """
    query = select(Initiative).where(Initiative.workspace_id == workspace_id)
    for name, value in facts.items():
        query = query.where(getattr(Initiative, name) == value)
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    rows = session.exec(query.order_by(col(Initiative.key)).offset(offset).limit(limit)).all()
    return rows, total


def departments(session: Session, workspace_id: str) -> Sequence[str]:
    """Return the departments that have initiatives."""
    return session.exec(
        select(Initiative.department)
        .where(Initiative.workspace_id == workspace_id)
        .distinct()
        .order_by(col(Initiative.department))
    ).all()


def among(session: Session, workspace_id: str, keys: Collection[str]) -> Sequence[Initiative]:
    """Return the known ones of these initiatives in the order of their keys."""
    return session.exec(
        select(Initiative)
        .where(Initiative.workspace_id == workspace_id, col(Initiative.key).in_(keys))
        .order_by(col(Initiative.key))
    ).all()


def asked(
    session: Session, workspace_id: str, keys: Collection[str] | None = None
) -> Sequence[Initiative]:
    """Return those (of `keys`, if given) that owe a weekly update: led, not paused, not retired."""
    query = select(Initiative).where(
        Initiative.workspace_id == workspace_id,
        col(Initiative.stage).in_(ASKED_STAGES),
        col(Initiative.lead_id).is_not(None),
    )
    if keys is not None:
        query = query.where(col(Initiative.key).in_(keys))
    return session.exec(query.order_by(col(Initiative.key))).all()


def of_person(session: Session, workspace_id: str, user_id: str) -> Sequence[Initiative]:
    """Return the initiatives that a person leads or is a deputy of, their own first."""
    deputised = select(Deputy.initiative_key).where(
        Deputy.workspace_id == workspace_id, Deputy.user_id == user_id
    )
    found = session.exec(
        select(Initiative)
        .where(
            Initiative.workspace_id == workspace_id,
            or_(col(Initiative.lead_id) == user_id, col(Initiative.key).in_(deputised)),
        )
        .order_by(col(Initiative.key))
    ).all()
    return sorted(found, key=lambda initiative: initiative.lead_id != user_id)


def owing_since(
    session: Session, workspace_id: str, keys: Collection[str]
) -> dict[str, datetime | None]:
    """Return since when each of these initiatives owes updates, where that was noted."""
    found = session.exec(
        select(Initiative.key, Initiative.owes_since_at).where(
            Initiative.workspace_id == workspace_id, col(Initiative.key).in_(keys)
        )
    )
    return dict(found.all())


def deputies(
    session: Session, workspace_id: str, keys: Collection[str] | None = None
) -> dict[str, list[str]]:
    """Return the user ids of the deputies of initiatives, in the order they are asked.

    `keys` are the only initiatives wanted; None: all of them.
    """
    found: dict[str, list[str]] = defaultdict(list)
    query = select(Deputy.initiative_key, Deputy.user_id).where(Deputy.workspace_id == workspace_id)
    if keys is not None:
        query = query.where(col(Deputy.initiative_key).in_(keys))
    rows = session.exec(query.order_by(col(Deputy.initiative_key), col(Deputy.position)))
    for key, user_id in rows:
        found[key].append(user_id)
    return found


def deputies_of(session: Session, workspace_id: str, key: str) -> list[str]:
    """Return the user ids of the deputies of one initiative, in the order they are asked."""
    return list(
        session.exec(
            select(Deputy.user_id)
            .where(Deputy.workspace_id == workspace_id, Deputy.initiative_key == key)
            .order_by(col(Deputy.position))
        )
    )


def department_leads(session: Session, workspace_id: str) -> dict[str, list[str]]:
    """Return the user ids of the leads of every department that has one."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = session.exec(
        select(DepartmentLead)
        .where(DepartmentLead.workspace_id == workspace_id)
        .order_by(col(DepartmentLead.department), col(DepartmentLead.user_id))
    )
    for row in rows:
        found[row.department].append(row.user_id)
    return found


def save_all(
    session: Session, rows: Sequence[Initiative], deputies: Mapping[str, Sequence[str]]
) -> None:
    """Store initiatives of one workspace, new or changed, each with exactly these deputies."""
    if not rows:
        return
    workspace_id = rows[0].workspace_id
    insert_or_change_all(session, rows, ("name", "department", "stage", "lead_id", "owes_since_at"))
    held = select(Initiative).where(
        Initiative.workspace_id == workspace_id, col(Initiative.key).in_(deputies)
    )
    session.exec(held, execution_options={"populate_existing": True}).all()
    session.execute(
        delete(Deputy).where(
            col(Deputy.workspace_id) == workspace_id, col(Deputy.initiative_key).in_(deputies)
        )
    )
    session.add_all(
        Deputy(workspace_id=workspace_id, initiative_key=key, user_id=user_id, position=position)
        for key, user_ids in deputies.items()
        for position, user_id in enumerate(user_ids, start=1)
    )
    session.flush()


def set_department_leads(
    session: Session, workspace_id: str, department: str, user_ids: Sequence[str]
) -> None:
    """Store exactly these people as the leads of a department."""
    session.execute(
        delete(DepartmentLead).where(
            col(DepartmentLead.workspace_id) == workspace_id,
            col(DepartmentLead.department) == department,
        )
    )
    for user_id in user_ids:
        session.add(
            DepartmentLead(workspace_id=workspace_id, department=department, user_id=user_id)
        )
    session.flush()
