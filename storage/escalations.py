"""Escalations, their steps, and what the parties of a conflict agree to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from storage.insert import insert, insert_once
from storage.models import (
    Agreement,
    Escalation,
    EscalationKind,
    EscalationState,
    EscalationStep,
)
from storage.reading import LIMIT, Read, Reader, given

_HERE = select(Escalation).where(Escalation.workspace_id == given("workspace_id"))
_UNSETTLED = col(Escalation.state).in_((EscalationState.OPEN, EscalationState.ACKNOWLEDGED))
_OLDEST_FIRST = (col(Escalation.opened_at), col(Escalation.number))
_BY_NUMBER = Read(_HERE.where(Escalation.number == given("number")))
_LAST_NUMBER = Read(
    select(func.max(Escalation.number)).where(Escalation.workspace_id == given("workspace_id"))
)
_OPEN = Read(_HERE.where(_UNSETTLED).order_by(*_OLDEST_FIRST))
_OPEN_OF_INITIATIVE = Read(
    _HERE.where(_UNSETTLED, Escalation.initiative_key == given("key")).order_by(*_OLDEST_FIRST)
)
_OF_INITIATIVE = Read(
    _HERE.where(Escalation.initiative_key == given("key"))
    .order_by(col(Escalation.opened_at).desc(), col(Escalation.number).desc())
    .limit(LIMIT)
)
_LAST_OF_KIND = Read(
    _HERE.where(Escalation.initiative_key == given("key"), Escalation.kind == given("kind"))
    .order_by(col(Escalation.number).desc())
    .limit(1)
)
_OPEN_OF_PERSON = Read(
    _HERE.where(
        _UNSETTLED,
        or_(
            col(Escalation.owner_id) == given("user_id"),
            col(Escalation.opener_id) == given("user_id"),
        ),
    ).order_by(*_OLDEST_FIRST)
)
_OPEN_OF_KIND = Read(
    _HERE.where(_UNSETTLED, Escalation.kind == given("kind")).order_by(*_OLDEST_FIRST)
)
_STEPS = Read(
    select(EscalationStep)
    .where(
        EscalationStep.workspace_id == given("workspace_id"),
        EscalationStep.number == given("number"),
    )
    .order_by(col(EscalationStep.step))
)
_STEP = Read(
    select(EscalationStep).where(
        EscalationStep.workspace_id == given("workspace_id"),
        EscalationStep.number == given("number"),
        EscalationStep.step == given("step"),
    )
)
_OPENED_SINCE = Read(
    _HERE.where(col(Escalation.opened_at) >= given("since")).order_by(*_OLDEST_FIRST)
)
_STEPS_SINCE = Read(
    select(EscalationStep)
    .join(
        Escalation,
        (col(Escalation.workspace_id) == col(EscalationStep.workspace_id))
        & (col(Escalation.number) == col(EscalationStep.number)),
    )
    .where(
        EscalationStep.workspace_id == given("workspace_id"),
        col(Escalation.opened_at) >= given("since"),
    )
    .order_by(col(EscalationStep.number), col(EscalationStep.step))
)
_AGREED = Read(
    select(Agreement)
    .where(
        Agreement.workspace_id == given("workspace_id"),
        Agreement.number == given("number"),
        Agreement.terms_number == given("terms_number"),
    )
    .order_by(col(Agreement.at), col(Agreement.department))
)


def get(reader: Reader, workspace_id: str, number: int) -> Escalation | None:
    """Return one escalation."""
    return _BY_NUMBER.first(reader, workspace_id=workspace_id, number=number)


def hold(session: Session, workspace_id: str, number: int) -> Escalation | None:
    """Return one escalation to be changed; whoever else changes it waits."""
    return session.get(Escalation, (workspace_id, number), with_for_update={"key_share": True})


def hold_where_free(session: Session, workspace_id: str, number: int) -> Escalation | None:
    """Return one escalation to be changed; None if somebody changes it at this moment."""
    free = {"key_share": True, "skip_locked": True}
    return session.get(Escalation, (workspace_id, number), with_for_update=free)


def add(session: Session, escalation: Escalation) -> None:
    """Store a new escalation."""
    insert(session, escalation)


def next_number(reader: Reader, workspace_id: str) -> int:
    """Return the number of the next escalation; whoever opens one holds `locks.hold_numbers`."""
    return (_LAST_NUMBER.one(reader, workspace_id=workspace_id) or 0) + 1


def unsettled(reader: Reader, workspace_id: str) -> Sequence[Escalation]:
    """Return all that is open, oldest first."""
    return _OPEN.all(reader, workspace_id=workspace_id)


def unsettled_of_kind(
    reader: Reader, workspace_id: str, kind: EscalationKind
) -> Sequence[Escalation]:
    """Return the open ones of a kind, oldest first."""
    return _OPEN_OF_KIND.all(reader, workspace_id=workspace_id, kind=kind)


def unsettled_of_initiative(reader: Reader, workspace_id: str, key: str) -> Sequence[Escalation]:
    """Return the open ones of an initiative, oldest first."""
    return _OPEN_OF_INITIATIVE.all(reader, workspace_id=workspace_id, key=key)


def last_of_kind(
    reader: Reader, workspace_id: str, key: str, kind: EscalationKind
) -> Escalation | None:
    """Return the newest escalation of a kind of an initiative, whatever became of it."""
    return _LAST_OF_KIND.first(reader, workspace_id=workspace_id, key=key, kind=kind)


def unsettled_of_person(reader: Reader, workspace_id: str, user_id: str) -> Sequence[Escalation]:
    """Return the open ones that somebody owns or has opened, oldest first."""
    return _OPEN_OF_PERSON.all(reader, workspace_id=workspace_id, user_id=user_id)


def of_initiative(reader: Reader, workspace_id: str, key: str, limit: int) -> Sequence[Escalation]:
    """Return the escalations of an initiative, newest first, whatever became of them."""
    return _OF_INITIATIVE.all(reader, workspace_id=workspace_id, key=key, limit=limit)


def add_step(session: Session, step: EscalationStep) -> None:
    """Store what happened to an escalation; it is never changed."""
    insert(session, step)


def steps(reader: Reader, workspace_id: str, number: int) -> Sequence[EscalationStep]:
    """Return all that happened to an escalation, in order."""
    return _STEPS.all(reader, workspace_id=workspace_id, number=number)


def opened_since(reader: Reader, workspace_id: str, since: datetime) -> Sequence[Escalation]:
    """Return what was opened since an instant, oldest first, whatever became of it."""
    return _OPENED_SINCE.all(reader, workspace_id=workspace_id, since=since)


def steps_since(reader: Reader, workspace_id: str, since: datetime) -> Sequence[EscalationStep]:
    """Return all that happened to what was opened since an instant, one after the other."""
    return _STEPS_SINCE.all(reader, workspace_id=workspace_id, since=since)


def step(reader: Reader, workspace_id: str, number: int, step: int) -> EscalationStep | None:
    """Return one thing that happened to an escalation."""
    return _STEP.first(reader, workspace_id=workspace_id, number=number, step=step)


def agree(session: Session, agreement: Agreement) -> bool:
    """Store a party's yes; return whether it is the first that it gives to these terms."""
    return insert_once(session, agreement)


def agreed(
    reader: Reader, workspace_id: str, number: int, terms_number: int
) -> Sequence[Agreement]:
    """Return who has said yes to the terms of a number."""
    return _AGREED.all(reader, workspace_id=workspace_id, number=number, terms_number=terms_number)
