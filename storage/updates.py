"""Updates, every version of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select, tuple_

from storage.models import Update


def of_round(
    session: Session, workspace_id: str, call_on: date, keys: Collection[str] | None = None
) -> dict[str, Update]:
    """Return the last version of each initiative's update in a round, by initiative key.

    `keys` are the only initiatives wanted; None: all of them.
    """
    newest = (
        select(Update.initiative_key, func.max(Update.version))
        .where(Update.workspace_id == workspace_id, Update.call_on == call_on)
        .group_by(col(Update.initiative_key))
    )
    if keys is not None:
        newest = newest.where(col(Update.initiative_key).in_(keys))
    found = session.exec(
        select(Update).where(
            Update.workspace_id == workspace_id,
            Update.call_on == call_on,
            tuple_(col(Update.initiative_key), col(Update.version)).in_(newest),
        )
    ).all()
    return {update.initiative_key: update for update in found}


def of_rounds(
    session: Session,
    workspace_id: str,
    calls_on: Collection[date],
    keys: Collection[str] | None = None,
) -> dict[str, list[Update]]:
    """Return the last versions of the updates in some rounds, newest first, by initiative key.

    `keys` are the only initiatives wanted; None: all of them.
    """
    mine = select(Update).where(
        Update.workspace_id == workspace_id, col(Update.call_on).in_(calls_on)
    )
    if keys is not None:
        mine = mine.where(col(Update.initiative_key).in_(keys))
    ordered = mine.order_by(col(Update.call_on).desc(), col(Update.version).desc())
    found: dict[str, list[Update]] = defaultdict(list)
    for update in session.exec(ordered):
        of_one = found[update.initiative_key]
        if not of_one or of_one[-1].call_on != update.call_on:  # not an earlier version
            of_one.append(update)
    return found


def in_round(session: Session, workspace_id: str, key: str, call_on: date) -> Update | None:
    """Return the last version of one initiative's update in a round, if it was filed."""
    return session.exec(
        select(Update)
        .where(
            Update.workspace_id == workspace_id,
            Update.initiative_key == key,
            Update.call_on == call_on,
        )
        .order_by(col(Update.version).desc())
        .limit(1)
    ).one_or_none()


def before_call(session: Session, workspace_id: str, key: str, call_on: date) -> Update | None:
    """Return the last version of the last update that an initiative filed for an earlier call."""
    return session.exec(
        select(Update)
        .where(
            Update.workspace_id == workspace_id,
            Update.initiative_key == key,
            Update.call_on < call_on,
        )
        .order_by(col(Update.call_on).desc(), col(Update.version).desc())
        .limit(1)
    ).one_or_none()


def latest(session: Session, workspace_id: str, key: str) -> Update | None:
    """Return the last version of an initiative's most recent update, if there is one."""
    return next(iter(history(session, workspace_id, key, limit=1)), None)


def history(session: Session, workspace_id: str, key: str, limit: int) -> Sequence[Update]:
    """Return versions of an initiative's updates, newest first."""
    return session.exec(
        select(Update)
        .where(Update.workspace_id == workspace_id, Update.initiative_key == key)
        .order_by(col(Update.call_on).desc(), col(Update.version).desc())
        .limit(limit)
    ).all()


def add(session: Session, update: Update) -> None:
    """Store one more version."""
    session.add(update)
    session.flush()
