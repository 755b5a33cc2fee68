"""Asks: for which initiatives messages ask, each a row that is found by its initiative."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import and_, exists, func
from sqlmodel import Session, col, select

from storage.batch import insert_like
from storage.initiatives import IS_LED
from storage.models import (
    Initiative,
    Notification,
    NotificationSubject,
    Promise,
    Stage,
    SubjectKind,
    Update,
)
from storage.reading import LIMIT, Read, Reader, given
from storage.several import one_of

_AND = ","  # between keys, which have none
_KINDS = one_of(col(Notification.kind), "kinds")
_SUBJECTS = and_(
    col(NotificationSubject.workspace_id) == col(Notification.workspace_id),
    col(NotificationSubject.notification_key) == col(Notification.key),
    col(NotificationSubject.subject_kind) == SubjectKind.INITIATIVE,
)
_OF_ROUND = and_(
    col(Notification.workspace_id) == given("workspace_id"),
    col(Notification.subject_kind) == SubjectKind.ROUND,
    col(Notification.subject_key) == given("round_key"),
    _KINDS,
)
# Looked up for each message, and no join: where the tables have grown within the last minute,
# PostgreSQL takes them for empty, and would compare each message with each initiative.
_KEYS_ASKED = (
    select(func.aggregate_strings(col(NotificationSubject.subject_key), _AND))
    # Not by their kind, too: PostgreSQL would choose the index by subject, and read all of it.
    .where(
        col(NotificationSubject.workspace_id) == col(Notification.workspace_id),
        col(NotificationSubject.notification_key) == col(Notification.key),
    )
    .correlate(Notification)
    .scalar_subquery()
)
_ASKED_IN_ROUND = Read(
    select(_KEYS_ASKED, Notification.recipient_id, Notification.due_at).where(_OF_ROUND)
)
_ASKED_BETWEEN = Read(
    select(NotificationSubject.subject_key, Notification.recipient_id, Notification.due_at)
    .join(Notification, _SUBJECTS)
    .where(
        Notification.workspace_id == given("workspace_id"),
        one_of(col(Notification.recipient_id), "recipient_ids"),
        _KINDS,
        col(Notification.due_at) >= given("start"),
        col(Notification.due_at) < given("end"),
    )
)
_ABOUT_INITIATIVE = Read(
    select(Notification)
    .join(NotificationSubject, _SUBJECTS)
    .where(_OF_ROUND, NotificationSubject.subject_key == given("initiative_key"))
    .order_by(col(Notification.key))
)
_UNPLANNED = Read(
    select(Initiative.key)
    .where(
        Initiative.workspace_id == given("workspace_id"),
        IS_LED,
        ~exists().where(
            col(Promise.workspace_id) == col(Initiative.workspace_id),
            col(Promise.period_on) == given("call_on"),
            col(Promise.subject_kind) == SubjectKind.INITIATIVE,
            col(Promise.subject_key) == col(Initiative.key),
        ),
        ~exists().where(
            col(Update.workspace_id) == col(Initiative.workspace_id),
            col(Update.initiative_key) == col(Initiative.key),
            col(Update.call_on) == given("call_on"),
        ),
    )
    .order_by(col(Initiative.key))
    .limit(LIMIT)
)
_INITIATIVES = Read(
    select(NotificationSubject.notification_key, NotificationSubject.subject_key)
    .where(
        NotificationSubject.workspace_id == given("workspace_id"),
        one_of(col(NotificationSubject.notification_key), "keys"),
        NotificationSubject.subject_kind == SubjectKind.INITIATIVE,
    )
    .order_by(col(NotificationSubject.notification_key), col(NotificationSubject.position))
)


def add(session: Session, workspace_id: str, asks: Mapping[str, Sequence[str]]) -> None:
    """Store for which initiatives messages ask, by the message's key, in the order of its words."""
    usual = NotificationSubject(
        workspace_id=workspace_id,
        notification_key="",
        subject_kind=SubjectKind.INITIATIVE,
        subject_key="",
        position=0,
    )
    rows = [
        {"notification_key": message_key, "subject_key": key, "position": position}
        for message_key, keys in asks.items()
        for position, key in enumerate(keys)
    ]
    insert_like(session, usual, rows)


def initiatives_of(
    reader: Reader, workspace_id: str, keys: Collection[str]
) -> dict[str, list[str]]:
    """Return for which initiatives messages ask, by the message's key; others have none."""
    asked: dict[str, list[str]] = defaultdict(list)
    for message_key, key in _INITIATIVES.all(reader, workspace_id=workspace_id, keys=keys):
        asked[message_key].append(key)
    return asked


def asked_in_round(
    reader: Reader, workspace_id: str, call_on: date, kinds: Collection[str]
) -> dict[str, set[str]]:
    """Return by initiative key the ids of those who were asked for it; others have none."""
    asked: dict[str, set[str]] = defaultdict(set)
    for key, recipient_id, _ in _asks(reader, workspace_id, call_on, kinds):
        asked[key].add(recipient_id)
    return asked


def unplanned_keys(
    reader: Reader, workspace_id: str, call_on: date, stages: Collection[Stage], limit: int
) -> Sequence[str]:
    """Return the first led initiatives in these stages that a round has nothing of.

    They filed nothing in it, and nothing about them is promised in it.
    """
    return _UNPLANNED.all(
        reader, workspace_id=workspace_id, call_on=call_on, stages=stages, limit=limit
    )


def asked_between(
    reader: Reader,
    workspace_id: str,
    recipient_ids: Collection[str],
    start: datetime,
    end: datetime,
    kinds: Collection[str],
) -> Sequence[tuple[str, str, datetime]]:
    """Return for which initiative messages due in a time asked, whom, and when they were due."""
    return _ASKED_BETWEEN.all(
        reader,
        workspace_id=workspace_id,
        recipient_ids=recipient_ids,
        start=start,
        end=end,
        kinds=kinds,
    )


def first_asked_at(
    reader: Reader, workspace_id: str, call_on: date, kinds: Collection[str]
) -> dict[str, datetime]:
    """Return when each initiative that was asked for in a round was so first, by its key."""
    first: dict[str, datetime] = {}
    for key, _, due_at in _asks(reader, workspace_id, call_on, kinds):
        first[key] = min(due_at, first.get(key, due_at))
    return first


def _asks(
    reader: Reader, workspace_id: str, call_on: date, kinds: Collection[str]
) -> Iterator[tuple[str, str, datetime]]:
    """Yield for which initiative a message of a round asks, whom, and when that was due."""
    wanted = {"workspace_id": workspace_id, "round_key": f"{call_on}", "kinds": kinds}
    for keys, recipient_id, due_at in _ASKED_IN_ROUND.all(reader, **wanted):
        for key in keys.split(_AND) if keys else ():
            yield key, recipient_id, due_at


def about_initiative(
    reader: Reader,
    workspace_id: str,
    call_on: date,
    initiative_key: str,
    kinds: Collection[str],
) -> Sequence[Notification]:
    """Return the messages of these kinds that are about an initiative in a round."""
    return _ABOUT_INITIATIVE.all(
        reader,
        workspace_id=workspace_id,
        round_key=f"{call_on}",
        initiative_key=initiative_key,
        kinds=kinds,
    )
