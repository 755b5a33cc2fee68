"""The chain of hashes over the audit log: how an entry is sealed, and what it is told by.

The seal of an entry is SHA-256 over the seal before it and the entry as JSON, in which whoever is
named is hashed with a salt of their own. So the seals hold after that is what the entry itself
says, its salt is gone, and nobody can tell any more who it was.
"""

import json
from collections.abc import Mapping
from datetime import UTC
from hashlib import sha256
from typing import Any

from storage.models import AuditEntry, Fact

START = "0" * 64  # stands for the seal before the first
_MARK = "@"  # begins what names a person, in subjects and facts
_HASHED = "hashed:"
Hidden = Mapping[str, str]  # what stands for people, by their user id


def naming(user_id: str) -> str:
    """Return how a subject or a fact names a person, so that they can be hashed and erased."""
    return f"{_MARK}{user_id}"


def hidden(user_id: str, salt: str) -> str:
    """Return what stands for a person in a seal, and everywhere once they are erased."""
    return _HASHED + sha256(f"{salt}{user_id}".encode()).hexdigest()


def names_in(entry: AuditEntry) -> set[str]:
    """Return the user ids that an entry names, but for those that are erased."""
    facts: Any = entry.facts  # of a row that somebody changed it may be anything
    said = [entry.subject, *(facts.values() if isinstance(facts, dict) else ())]
    marked = [one for one in said if isinstance(one, str) and one.startswith(_MARK)]
    names = {entry.actor_id, *(one.removeprefix(_MARK) for one in marked)}
    return {name for name in names if name and not name.startswith(_HASHED)}


def with_hidden(facts: Mapping[str, Fact], hidden: Hidden) -> dict[str, Fact]:
    """Return facts in which people are hashed."""
    return {name: _without_names(fact, hidden) for name, fact in facts.items()}


def text_of(entry: AuditEntry, hidden: Hidden) -> str:
    """Return what is sealed of an entry: JSON that is the same on every database."""
    facts: Any = entry.facts
    said = {
        "workspace_id": entry.workspace_id,
        "id": entry.id,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": hidden.get(entry.actor_id, entry.actor_id),
        "action": entry.action,
        "subject": _without_names(entry.subject, hidden),
        "outcome": entry.outcome,
        "facts": with_hidden(facts, hidden) if isinstance(facts, dict) else facts,
        "clause": entry.clause,
        "policy_version": entry.policy_version,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def seal_after(seal: str, text: str) -> str:
    """Return the seal of what follows another seal."""
    return sha256(f"{seal}{text}".encode()).hexdigest()


def _without_names(value: Any, hidden: Hidden) -> Any:
    if not (isinstance(value, str) and value.startswith(_MARK)):
        return value
    name = value.removeprefix(_MARK)
    return naming(hidden.get(name, name))
