"""Files that were taken into the registry."""

from sqlmodel import Session, col, select

from storage.models import Import


def add(session: Session, done: Import) -> None:
    """Store what an import did."""
    session.add(done)
    session.flush()


def last(session: Session, workspace_id: str) -> Import | None:
    """Return the newest import that was not undone."""
    return session.exec(
        select(Import)
        .where(Import.workspace_id == workspace_id, col(Import.undone_at).is_(None))
        .order_by(col(Import.imported_at).desc(), col(Import.id))
        .limit(1)
    ).first()
