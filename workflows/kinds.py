"""Duties and outgoing kinds by their names, from the list of features."""

from collections.abc import Mapping, Sequence
from functools import cache

from workflows.owing import Duty, Method, Outgoing, Owed
from workflows.policy_document import has_clause


class DeclarationError(Exception):
    """A feature's declaration can't be so; nothing starts with it."""


@cache
def duties() -> Mapping[str, Duty]:
    """Return every duty by its name, in the order in which a batch is settled."""
    return {duty.name: duty for owed in _features() for duty in owed.duties}


@cache
def outgoing() -> Mapping[str, Outgoing]:
    """Return every kind of message by its name."""
    return {kind.name: kind for owed in _features() for kind in owed.outgoing}


def posted_kinds() -> list[str]:
    """Return the names of the kinds that are posts of their own in Slack, or parts of one."""
    own = (Method.POST, Method.UPLOAD)
    return [kind.name for kind in outgoing().values() if kind.method in own]


def duty_of(name: str) -> Duty:
    """Return the duty that a promise is of.

    Raises:
        DeclarationError: no feature declares it.
    """
    if name not in duties():
        raise DeclarationError(f"no feature declares the duty “{name}”")
    return duties()[name]


def outgoing_of(name: str) -> Outgoing:
    """Return the kind of a message.

    Raises:
        DeclarationError: no feature declares it.
    """
    if name not in outgoing():
        raise DeclarationError(f"no feature declares the message “{name}”")
    return outgoing()[name]


def check(features: Sequence[Owed]) -> None:
    """Check what features declare.

    Raises:
        DeclarationError: a name is declared twice, or a clause is none of the policy's.
    """
    for names in (
        [owed.feature for owed in features],
        [duty.name for owed in features for duty in owed.duties],
        [kind.name for owed in features for kind in owed.outgoing],
    ):
        if twice := {name for name in names if names.count(name) > 1}:
            raise DeclarationError(f"declared twice: {', '.join(sorted(twice))}")
    clauses = {kind.clause for owed in features for kind in owed.outgoing if kind.clause}
    if unknown := [clause for clause in sorted(clauses) if not has_clause(clause)]:
        raise DeclarationError(f"no clause of the policy: {', '.join(unknown)}")


def _features() -> Sequence[Owed]:
    # Imported here: the list names every room, and most rooms look up names.
    from workflows.features import FEATURES

    check(FEATURES)
    return FEATURES
