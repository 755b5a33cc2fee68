"""Files that were taken into the registry."""

from sqlalchemy import text
from sqlmodel import Session, col, select

from storage.models import Import

_GROWING = ("initiative", "entry", "entry_version", "milestone", "dependency", "search_text")


def add(session: Session, done: Import) -> None:
    """Store what an import did."""
    session.add(done)
    session.flush()


def note_growth(session: Session) -> None:
    """Have PostgreSQL look at what has grown: until it does, it plans as for empty tables.

    It would do so by itself within a minute, in which joins of thousands of rows take seconds.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ANALYZE {', '.join(_GROWING)}"))


def last_to_change(session: Session, workspace_id: str) -> Import | None:
    """Return the newest import that was not undone, to be changed."""
    return session.exec(
        select(Import)
        .where(Import.workspace_id == workspace_id, col(Import.undone_at).is_(None))
        .order_by(col(Import.imported_at).desc(), col(Import.id))
        .limit(1)
    ).first()
