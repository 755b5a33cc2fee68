"""Initiatives, those who answer for them, and their departments."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import and_, delete, func, union_all
from sqlmodel import Session, col, select

from storage.insert import insert_all, insert_or_change_all
from storage.models import (
    DepartmentLead,
    Deputy,
    Initiative,
    Stage,
    Update,
)
from storage.reading import LIMIT, OFFSET, Read, Reader, connection_of, given, new_row
from storage.several import one_of

_HERE = select(Initiative).where(Initiative.workspace_id == given("workspace_id"))
_WITHIN = one_of(col(Initiative.key), "keys")
_IN_ORDER = _HERE.order_by(col(Initiative.key))
_BY_KEY = Read(_HERE.where(Initiative.key == given("key")))
_EVERY, _AMONG = Read(_IN_ORDER), Read(_IN_ORDER.where(_WITHIN))
_OF_DEPARTMENTS = Read(_IN_ORDER.where(one_of(col(Initiative.department), "names")))
_KEYS = Read(
    select(Initiative.key, Initiative.department)
    .where(Initiative.workspace_id == given("workspace_id"))
    .order_by(col(Initiative.key))
)
_COUNT = Read(
    select(func.count())
    .select_from(Initiative)
    .where(col(Initiative.workspace_id) == given("workspace_id"))
)
_UPDATED = Read(
    select(Update.initiative_key)
    .where(
        Update.workspace_id == given("workspace_id"),
        one_of(col(Update.initiative_key), "keys"),
    )
    .distinct()
)
_DEPARTMENTS = Read(
    select(Initiative.department)
    .where(Initiative.workspace_id == given("workspace_id"))
    .distinct()
    .order_by(col(Initiative.department))
)
# In one of the `stages` given, and led by somebody.
IS_LED = and_(one_of(col(Initiative.stage), "stages"), col(Initiative.lead_id).is_not(None))
_LED = Read(_IN_ORDER.where(IS_LED))
_LEADS = (
    select(Initiative.key, col(Initiative.lead_id))
    .where(Initiative.workspace_id == given("workspace_id"), IS_LED)
    .order_by(col(Initiative.key))
)
_ALL_LEADS, _LEADS_OF = Read(_LEADS), Read(_LEADS.where(_WITHIN))
# One after the other, as an OR would look through all initiatives.
_KEYS_OF_PERSON = union_all(
    select(Initiative.key).where(
        Initiative.workspace_id == given("workspace_id"), Initiative.lead_id == given("user_id")
    ),
    select(Deputy.initiative_key).where(
        Deputy.workspace_id == given("workspace_id"), Deputy.user_id == given("user_id")
    ),
)
_OF_PERSON = Read(_IN_ORDER.where(col(Initiative.key).in_(_KEYS_OF_PERSON)))
_OWING = Read(
    select(Initiative.key, Initiative.owes_since_at).where(
        Initiative.workspace_id == given("workspace_id"),
        _WITHIN,
        col(Initiative.owes_since_at).is_not(None),
    )
)
_DEPUTIES = (
    select(Deputy.initiative_key, Deputy.user_id)
    .where(Deputy.workspace_id == given("workspace_id"))
    .order_by(col(Deputy.initiative_key), col(Deputy.position))
)
_ALL_DEPUTIES = Read(_DEPUTIES)
_DEPUTIES_OF = Read(_DEPUTIES.where(one_of(col(Deputy.initiative_key), "keys")))
_CLEAR_DEPUTIES = delete(Deputy).where(
    col(Deputy.workspace_id) == given("workspace_id"), one_of(col(Deputy.initiative_key), "keys")
)
_DEPARTMENT_LEADS = Read(
    select(DepartmentLead.department, DepartmentLead.user_id)
    .where(DepartmentLead.workspace_id == given("workspace_id"))
    .order_by(col(DepartmentLead.department), col(DepartmentLead.user_id))
)


def get(reader: Reader, workspace_id: str, key: str) -> Initiative | None:
    """Return one initiative, if there is one of that key."""
    return _BY_KEY.first(reader, workspace_id=workspace_id, key=key)


def get_one(reader: Reader, workspace_id: str, key: str) -> Initiative:
    """Return one initiative that is known to be there."""
    return _BY_KEY.one(reader, workspace_id=workspace_id, key=key)


def keys(reader: Reader, workspace_id: str) -> Sequence[tuple[str, str]]:
    """Return the key and the department of every initiative."""
    return _KEYS.all(reader, workspace_id=workspace_id)


def count(reader: Reader, workspace_id: str) -> int:
    """Return how many initiatives there are."""
    return _COUNT.one(reader, workspace_id=workspace_id)


def with_updates(reader: Reader, workspace_id: str, keys: Collection[str]) -> set[str]:
    """Return those of these initiatives that have updates."""
    return set(_UPDATED.all(reader, workspace_id=workspace_id, keys=keys))


def every(reader: Reader, workspace_id: str) -> Sequence[Initiative]:
    """Return all initiatives in the order of their keys."""
    return _EVERY.all(reader, workspace_id=workspace_id)


def page(
    reader: Reader, workspace_id: str, facts: Mapping[str, str], offset: int, limit: int | None
) -> tuple[Sequence[Initiative], int]:
    """Return a page of the initiatives with these facts, by key, and how many there are in all.

    `facts` are columns and what they hold; without a limit it is all of them.
    """
    total, rows = _pages(frozenset(facts), is_whole=limit is None)
    given_facts = {"workspace_id": workspace_id, **facts}
    part = {} if limit is None else {"offset": offset, "limit": limit}
    return rows.all(reader, **given_facts, **part), total.one(reader, **given_facts)


@cache  # one for each few facts that people ask for
def _pages(names: frozenset[str], *, is_whole: bool) -> tuple[Read[int], Read[Initiative]]:
    wanted = [getattr(Initiative, name) == given(name) for name in sorted(names)]
    total = select(func.count()).select_from(Initiative)
    total = total.where(col(Initiative.workspace_id) == given("workspace_id"), *wanted)
    rows = _IN_ORDER.where(*wanted)
    return Read(total), Read(rows if is_whole else rows.offset(OFFSET).limit(LIMIT))


def departments(reader: Reader, workspace_id: str) -> Sequence[str]:
    """Return the departments that have initiatives."""
    return _DEPARTMENTS.all(reader, workspace_id=workspace_id)


def among(reader: Reader, workspace_id: str, keys: Collection[str]) -> Sequence[Initiative]:
    """Return the known ones of these initiatives in the order of their keys."""
    return _AMONG.all(reader, workspace_id=workspace_id, keys=keys) if keys else []


def of_departments(
    reader: Reader, workspace_id: str, names: Collection[str]
) -> Sequence[Initiative]:
    """Return the initiatives of these departments in the order of their keys."""
    return _OF_DEPARTMENTS.all(reader, workspace_id=workspace_id, names=names) if names else []


def led(reader: Reader, workspace_id: str, stages: Collection[Stage]) -> Sequence[Initiative]:
    """Return those in these stages that somebody leads."""
    return _LED.all(reader, workspace_id=workspace_id, stages=stages)


def leads(
    reader: Reader,
    workspace_id: str,
    stages: Collection[Stage],
    keys: Collection[str] | None = None,
) -> dict[str, str]:
    """Return the user id of the lead of each initiative (of `keys`, if given) in these stages.

    They are in the order of keys; those that nobody leads are not among them.
    """
    if keys is None:
        rows = _ALL_LEADS.all(reader, workspace_id=workspace_id, stages=stages)
    else:
        rows = _LEADS_OF.all(reader, workspace_id=workspace_id, stages=stages, keys=keys)
    return {key: lead_id for key, lead_id in rows if lead_id}


def of_person(reader: Reader, workspace_id: str, user_id: str) -> Sequence[Initiative]:
    """Return the initiatives that a person leads or is a deputy of, their own first."""
    found = _OF_PERSON.all(reader, workspace_id=workspace_id, user_id=user_id)
    return sorted(found, key=lambda initiative: initiative.lead_id != user_id)


def owing_since(reader: Reader, workspace_id: str, keys: Collection[str]) -> dict[str, datetime]:
    """Return since when each of these initiatives owes updates, where that was noted."""
    rows = _OWING.all(reader, workspace_id=workspace_id, keys=keys)
    return {key: since_at for key, since_at in rows if since_at is not None}


def deputies(
    reader: Reader, workspace_id: str, keys: Collection[str] | None = None
) -> dict[str, list[str]]:
    """Return the user ids of the deputies of initiatives, in the order they are asked.

    `keys` are the only initiatives wanted; None: all of them.
    """
    if keys is None:
        rows = _ALL_DEPUTIES.all(reader, workspace_id=workspace_id)
    else:
        rows = _DEPUTIES_OF.all(reader, workspace_id=workspace_id, keys=keys)
    found: dict[str, list[str]] = defaultdict(list)
    for key, user_id in rows:
        found[key].append(user_id)
    return found


def deputies_of(reader: Reader, workspace_id: str, key: str) -> list[str]:
    """Return the user ids of the deputies of one initiative, in the order they are asked."""
    return deputies(reader, workspace_id, [key])[key]


def department_leads(reader: Reader, workspace_id: str) -> dict[str, list[str]]:
    """Return the user ids of the leads of every department that has one."""
    found: dict[str, list[str]] = defaultdict(list)
    for department, user_id in _DEPARTMENT_LEADS.all(reader, workspace_id=workspace_id):
        found[department].append(user_id)
    return found


def save_all(
    session: Session, rows: Sequence[Initiative], deputies: Mapping[str, Sequence[str]]
) -> None:
    """Store initiatives of one workspace, new or changed, each with exactly these deputies."""
    if not rows:
        return
    workspace_id = rows[0].workspace_id
    insert_or_change_all(session, rows, ("name", "department", "stage", "lead_id", "owes_since_at"))
    of_those = {"workspace_id": workspace_id, "keys": list(deputies)}
    connection_of(session).execute(_CLEAR_DEPUTIES, of_those)
    standing_in = [
        new_row(
            Deputy,
            workspace_id=workspace_id,
            initiative_key=key,
            user_id=user_id,
            position=position,
        )
        for key, user_ids in deputies.items()
        for position, user_id in enumerate(user_ids, start=1)
    ]
    insert_all(session, standing_in)


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
