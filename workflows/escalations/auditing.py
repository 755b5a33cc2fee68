"""Looks through what is owed about escalations: does each open one still go somewhere?"""

from collections.abc import Sequence

from storage import escalations
from storage.models import Promise, SubjectKind
from storage.promises import pending_of_subjects
from storage.reading import Reader
from workflows.subjects import escalation_of

Faults = dict[str, str]


def settled_ones(reader: Reader, workspace_id: str, pending: Sequence[Promise]) -> Faults:
    """Return which pending promises are about something that is settled, or isn't there."""
    open_ones = {one.number for one in escalations.unsettled(reader, workspace_id)}
    return {
        promise.key: "is about an escalation that is settled"
        for promise in pending
        if escalation_of(promise) not in open_ones
    }


def forgotten_ones(reader: Reader, workspace_id: str, pending: Sequence[Promise]) -> Faults:
    """Return as `settled_ones`, and each open escalation, however old, to which nothing happens."""
    owed = pending_of_subjects(reader, workspace_id, SubjectKind.ESCALATION)
    forgotten = {
        f"E-{one.number}": "is open, and nothing will happen to it"
        for one in escalations.unsettled(reader, workspace_id)
        if f"E-{one.number}" not in owed
    }
    return settled_ones(reader, workspace_id, pending) | forgotten
