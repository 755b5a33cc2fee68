"""People, as Slack last described them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.insert import insert_or_change
from storage.models import Person


def get(session: Session, workspace_id: str, user_id: str) -> Person | None:
    """Return one person, if they are known."""
    return session.get(Person, (workspace_id, user_id))


def among(session: Session, workspace_id: str, user_ids: Iterable[str]) -> dict[str, Person]:
    """Return the known ones of these people by their user id."""
    found = session.exec(
        select(Person).where(
            Person.workspace_id == workspace_id, col(Person.user_id).in_(set(user_ids))
        )
    ).all()
    return {person.user_id: person for person in found}


def every(session: Session, workspace_id: str) -> Sequence[Person]:
    """Return everybody who is known."""
    return session.exec(
        select(Person).where(Person.workspace_id == workspace_id).order_by(col(Person.user_id))
    ).all()


def save(session: Session, person: Person) -> Person:
    """Store a person, new or changed; their time away is kept."""
    told = ("name", "timezone", "deactivated", "guest", "stranger", "read_at")
    insert_or_change(session, person, told)
    key = (person.workspace_id, person.user_id)
    return session.get_one(Person, key, populate_existing=True)


def read_before(
    session: Session, workspace_id: str, instant: datetime, limit: int
) -> Sequence[str]:
    """Return the user ids of those not read from Slack since the instant, stalest first."""
    return session.exec(
        select(Person.user_id)
        .where(Person.workspace_id == workspace_id, col(Person.read_at) < instant)
        .order_by(col(Person.read_at))
        .limit(limit)
    ).all()
