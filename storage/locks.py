"""Who waits for whom. Each is held until the transaction ends, and they are taken in this order.

1. What came in (`inbox.mark_acted`) or was sent (`inventory_files.get`): only the very same waits.
2. `hold_registry`: whoever writes entries, from an edit to an import of thousands. Nobody else.
3. `hold_filing`: whoever files for one initiative. An import and a filing never meet.
4. `hold_planning`: whoever makes or moves what is owed. An import comes here at its end.
5. One escalation (`escalations.hold`). What time does to those that are due waits for none
   (`hold_where_free`): it holds promises already, which whoever acts on an escalation may want.
6. `hold_numbers`: whoever gives an escalation or a decision its number.
7. Promises by their keys, then the outbox's turn (`pace`), then messages.
8. `hold_seals`: whoever seals the audit log, or erases somebody from it. Who writes entries never
   waits for it: they are sealed afterwards.

A transaction may skip some, and goes back to none: so no two wait for each other. What refers to a
workspace or an initiative can be stored meanwhile; none of these locks keeps a foreign key waiting.
On SQLite each transaction begins with the only lock there is for writing.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import text
from sqlmodel import Session, col, select

from storage.models import Workspace

# Advisory, for the length of a transaction: they bar who asks for them and not who stores a row.
_HOLD = text("SELECT pg_advisory_xact_lock(hashtext(:kind), hashtext(:name))")


def hold_registry(session: Session, workspace_id: str) -> None:
    """Make others who write entries wait: a key is given once, and no two close a circle."""
    _hold(session, "registry", workspace_id)


def hold_filing(session: Session, workspace_id: str, key: str) -> None:
    """Make others who file for the same initiative wait: two filings are two versions."""
    _hold(session, "filing", f"{workspace_id}:{key}")


def hold_numbers(session: Session, workspace_id: str) -> None:
    """Make others who number an escalation or a decision wait: a number is given once."""
    _hold(session, "numbers", workspace_id)


def hold_planning(session: Session, workspace_id: str) -> None:
    """Make others who plan in the workspace wait.

    Two that plan at once would not see each other: a round that opens finds no initiative, and
    an import finds no round.
    """
    session.exec(
        select(Workspace.workspace_id)
        .where(Workspace.workspace_id == workspace_id)
        .with_for_update(key_share=True)
    ).all()


def hold_planning_where_free(session: Session, workspace_ids: Collection[str]) -> Sequence[str]:
    """Hold those of the workspaces that nobody plans in just now, and return their ids."""
    return session.exec(
        select(Workspace.workspace_id)
        .where(col(Workspace.workspace_id).in_(workspace_ids))
        .order_by(col(Workspace.workspace_id))
        .with_for_update(key_share=True, skip_locked=True)
    ).all()


def hold_seals(session: Session, workspace_id: str) -> None:
    """Make others who seal the audit log wait: each link is of the one before it."""
    _hold(session, "seals", workspace_id)


def _hold(session: Session, kind: str, name: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_HOLD, {"kind": kind, "name": name})
