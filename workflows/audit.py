"""Who did, or tried to do, what to what: one row and one line in the log for each."""

from datetime import datetime

import structlog
from sqlmodel import Session

from storage import audit
from storage.models import AuditEntry
from workflows.once import not_done, require_acting
from workflows.services import Actor

DONE = "done"
_log = structlog.get_logger("rollcall.audit")


def record(
    session: Session,
    now: datetime,
    actor: Actor,
    action: str,
    subject: str,
    outcome: str = DONE,
) -> None:
    """Keep what somebody did to which subject; never what they wrote.

    It is stored, or lost, together with what it tells of.

    Raises:
        AssertionError: it was done where it could be done twice.
    """
    if outcome == DONE:
        require_acting(session, actor)
    else:
        not_done(session, actor)
    _add(session, now, actor, action, subject, outcome)


def record_rule(
    session: Session, now: datetime, workspace_id: str, action: str, subject: str
) -> None:
    """Keep what the bot did to which subject because a rule asked for it."""
    _add(session, now, Actor(workspace_id, ""), action, subject, DONE)


def _add(
    session: Session, now: datetime, actor: Actor, action: str, subject: str, outcome: str
) -> None:
    audit.add(
        session,
        AuditEntry(
            workspace_id=actor.workspace_id,
            id=audit.new_id(),
            at=now,
            actor_id=actor.user_id,
            action=action,
            subject=subject,
            outcome=outcome,
        ),
    )
    _log.info(
        action, workspace=actor.workspace_id, actor=actor.user_id, subject=subject, outcome=outcome
    )
