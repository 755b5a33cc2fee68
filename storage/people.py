"""People, as Slack last described them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.insert import insert_or_change
from storage.models import Person
from storage.reading import LIMIT, Read, Reader, given
from storage.several import one_of

_HERE = select(Person).where(Person.workspace_id == given("workspace_id"))
_EVERY = Read(_HERE.order_by(col(Person.user_id)))
_BY_ID = Read(_HERE.where(Person.user_id == given("user_id")))
_AMONG = Read(_HERE.where(one_of(col(Person.user_id), "user_ids")))
_STALEST = Read(
    select(Person.user_id)
    .where(Person.workspace_id == given("workspace_id"), col(Person.read_at) < given("instant"))
    .order_by(col(Person.read_at))
    .limit(LIMIT)
)


def get(reader: Reader, workspace_id: str, user_id: str) -> Person | None:
    """Return one person, if they are known."""
    return _BY_ID.first(reader, workspace_id=workspace_id, user_id=user_id)


def to_change(session: Session, workspace_id: str, user_id: str) -> Person | None:
    """Return one person to be changed, if they are known."""
    return session.get(Person, (workspace_id, user_id))


def among(reader: Reader, workspace_id: str, user_ids: Iterable[str]) -> dict[str, Person]:
    """Return the known ones of these people by their user id."""
    wanted = set(user_ids)
    found = _AMONG.all(reader, workspace_id=workspace_id, user_ids=wanted) if wanted else []
    return {person.user_id: person for person in found}


def every(reader: Reader, workspace_id: str) -> Sequence[Person]:
    """Return everybody who is known."""
    return _EVERY.all(reader, workspace_id=workspace_id)


def save(session: Session, person: Person) -> Person:
    """Store a person, new or changed; their time away and their place are kept."""
    told = ("name", "timezone", "deactivated", "guest", "stranger", "read_at")
    insert_or_change(session, person, told)
    return _BY_ID.one(session, workspace_id=person.workspace_id, user_id=person.user_id)


def read_before(reader: Reader, workspace_id: str, instant: datetime, limit: int) -> Sequence[str]:
    """Return the user ids of those not read from Slack since the instant, stalest first."""
    return _STALEST.all(reader, workspace_id=workspace_id, instant=instant, limit=limit)
