"""What a promise or a message is about: a row's kind and key, and the period that it recurs in."""

from dataclasses import dataclass
from datetime import date

from storage.due_promises import Due
from storage.models import Notification, Promise, SubjectKind


@dataclass(frozen=True)
class Subject:
    """What something is about."""

    kind: SubjectKind
    key: str
    period_on: date | None = None


def of_round(call_on: date) -> Subject:
    """Return a round as a subject: it is its own period."""
    return Subject(SubjectKind.ROUND, f"{call_on}", call_on)


def of_version(initiative_key: str, version: int) -> Subject:
    """Return a version of an entry of the registry as a subject."""
    return Subject(SubjectKind.ENTRY_VERSION, f"{initiative_key}@{version}")


def of_escalation(number: int) -> Subject:
    """Return an escalation as a subject."""
    return Subject(SubjectKind.ESCALATION, f"E-{number}")


def of_step(number: int, step: int) -> Subject:
    """Return one thing that happened to an escalation as a subject."""
    return Subject(SubjectKind.ESCALATION_STEP, f"E-{number}@{step}")


def escalation_of(row: Promise | Due | Notification) -> int:
    """Return the number of the escalation that something is owed or said about."""
    return int(row.subject_key.removeprefix("E-").partition("@")[0])


def step_of(row: Notification) -> int:
    """Return the number of the step that a line tells of."""
    return int(row.subject_key.partition("@")[2])


def of_person(user_id: str) -> Subject:
    """Return somebody as a subject."""
    return Subject(SubjectKind.PERSON, user_id)


def of_workspace(workspace_id: str) -> Subject:
    """Return all of a workspace as a subject."""
    return Subject(SubjectKind.WORKSPACE, workspace_id)


def round_of(row: Promise | Due | Notification) -> date:
    """Return the day of the call of the round that something is owed or said in."""
    assert row.period_on is not None  # what is of a round has one
    return row.period_on


def version_of(row: Notification) -> tuple[str, int]:
    """Return the initiative's key and the version of its entry that a message is about."""
    key, _, version = row.subject_key.rpartition("@")
    return key, int(version)
