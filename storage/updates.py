"""Updates, every version of them."""

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
