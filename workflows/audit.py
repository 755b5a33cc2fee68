"""Who did, or tried to do, what to what; which rule fired, and which setting changed.

One row and one line in the log for each. Never what people wrote: a subject and its facts are
keys, numbers and single words, and whoever they name is written as `naming(user_id)`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlmodel import Session

from storage import audit
from storage.models import AuditEntry, Fact
from workflows.audit_log.policy import naming as naming  # callers say audit.naming
from workflows.once import not_done, require_acting
from workflows.services import Actor

DONE = "done"
BOT = ""  # who acts where nobody does: the clock, or a setting that was read
_WORD = re.compile(r"\S{0,100}")
_log = structlog.get_logger("rollcall.audit")


@dataclass(frozen=True)
class Fired:
    """What an entry tells, whoever did it: a rule that decided something, and by which numbers."""

    workspace_id: str
    action: str
    subject: str
    outcome: str = DONE
    facts: Mapping[str, Fact] = field(default_factory=dict)
    clause: str = ""
    policy_version: int = 0


def record(  # noqa: PLR0913  (an entry has so many columns)
    session: Session,
    now: datetime,
    actor: Actor,
    action: str,
    subject: str,
    outcome: str = DONE,
    *,
    facts: Mapping[str, Fact] | None = None,
    clause: str = "",
    policy_version: int = 0,
) -> None:
    """Keep what somebody did to which subject, and the numbers that decided.

    It is stored, or lost, together with what it tells of.

    Raises:
        AssertionError: it was done where it could be done twice, or says what it may not.
    """
    if outcome == DONE:
        require_acting(session, actor)
    else:
        not_done(session, actor)
    assert actor.user_id not in (subject, *(facts or {}).values()), "name people by `naming`"
    said = Fired(actor.workspace_id, action, subject, outcome, facts or {}, clause, policy_version)
    columns = _columns(said)
    entry = AuditEntry(id=audit.new_id(), at=now, actor_id=actor.user_id, **columns)
    audit.add(session, entry)
    _log.info(
        action, workspace=actor.workspace_id, actor=actor.user_id, subject=subject, outcome=outcome
    )


def record_rule(  # noqa: PLR0913  (an entry has so many columns)
    session: Session,
    now: datetime,
    workspace_id: str,
    action: str,
    subject: str,
    *,
    facts: Mapping[str, Fact] | None = None,
    clause: str = "",
    policy_version: int = 0,
) -> None:
    """Keep what the clock had the bot decide, or a setting that changed."""
    fired = Fired(workspace_id, action, subject, DONE, facts or {}, clause, policy_version)
    record_rules(session, now, [fired])
    _log.info(action, workspace=workspace_id, subject=subject)


def record_rules(session: Session, now: datetime, fired: Sequence[Fired]) -> None:
    """Keep many rules that fired at once."""
    like = AuditEntry(
        workspace_id="", id="", at=now, actor_id=BOT, action="", subject="", outcome=DONE
    )
    ids = audit.new_ids(len(fired))
    several = [{"id": new} | _columns(one) for new, one in zip(ids, fired, strict=True)]
    audit.add_like(session, like, several)


def _columns(fired: Fired) -> dict[str, Any]:
    return vars(fired) | {"facts": _checked(fired.facts)}


def _checked(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return facts that are whole numbers, yes or no, or single words: nothing that was written."""
    for name, fact in facts.items():
        fits = fact is None or isinstance(fact, int | bool)
        assert fits or (isinstance(fact, str) and _WORD.fullmatch(fact)), f"{name}: no fact"
    return dict(facts)
