"""Erasing a person from the audit log: what they did stays, who it was can't be told any more."""

from datetime import datetime

from sqlmodel import Session

from storage import audit as entries
from storage import locks, sealing
from workflows import audit
from workflows.audit_log.policy import naming, with_hidden
from workflows.audit_log.sealing import hidden_people


def erase_person(session: Session, now: datetime, workspace_id: str, user_id: str) -> None:
    """Put what stands for somebody in the seals in the place of their user id, everywhere.

    The seals hold, since they were made of just that. Their salt is deleted: of whoever comes
    back under the same user id nobody can tell that it is the same person. Entries that are not
    sealed yet are changed, too, and sealed afterwards.
    """
    locks.hold_seals(session, workspace_id)
    people = hidden_people(session, workspace_id, {user_id})
    stands_for = people[user_id]
    named, now_named = naming(user_id), naming(stands_for)
    entries.put_in_place(session, workspace_id, "actor_id", user_id, stands_for)
    entries.put_in_place(session, workspace_id, "subject", named, now_named)
    found = entries.with_fact(session, workspace_id, named)
    changed = {entry_id: with_hidden(facts, people) for entry_id, facts in found.items()}
    entries.change_facts(session, workspace_id, changed)
    sealing.delete_salt(session, workspace_id, user_id)
    audit.record_rule(session, now, workspace_id, "erase_person", now_named)
