"""The one way to react to a change: each duty that listens plans anew."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from workflows.kinds import duties
from workflows.owing import Change, What


def changed(
    session: Session,
    workspace_id: str,
    what: What,
    now: datetime,
    keys: Collection[str] | None = None,
) -> None:
    """Have what is owed brought in line with a change; `keys` are of initiatives, None: of any."""
    named = None if keys is None else frozenset(keys)
    change = Change(workspace_id, what, named)
    for duty in duties().values():
        if duty.plan_anew is not None:
            duty.plan_anew(session, change, now)
