"""What people said of initiatives that look alike."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, or_
from sqlmodel import Session, col, select

from storage.insert import insert_or_change
from storage.models import Entry, Initiative, OverlapVerdict


def save(session: Session, verdict: OverlapVerdict) -> None:
    """Keep a verdict in place of an earlier one."""
    insert_or_change(session, verdict, ("verdict", "author_id", "given_at"))


def of_initiative(session: Session, workspace_id: str, key: str) -> Sequence[OverlapVerdict]:
    """Return what was said of an initiative and others."""
    return session.exec(
        select(OverlapVerdict).where(
            OverlapVerdict.workspace_id == workspace_id,
            or_(col(OverlapVerdict.first_key) == key, col(OverlapVerdict.second_key) == key),
        )
    ).all()


def described(
    session: Session, workspace_id: str, keys: Collection[str] | None = None
) -> Sequence[Row[Any]]:
    """Return what initiatives say of themselves; `keys` are the only ones wanted; None: all.

    Each row has key, department, name, objective, outcome, topic and data.
    """
    texts = (col(Entry.objective), col(Entry.outcome), col(Entry.topic), col(Entry.data))
    joined = (col(Entry.workspace_id) == Initiative.workspace_id) & (
        col(Entry.initiative_key) == Initiative.key
    )
    query = (
        select(Initiative.key, Initiative.department, Initiative.name)
        .add_columns(*texts)
        .join(Entry, joined)
        .where(col(Initiative.workspace_id) == workspace_id)
    )
    if keys is not None:
        query = query.where(col(Initiative.key).in_(keys))
    return session.execute(query.order_by(col(Initiative.key))).all()
