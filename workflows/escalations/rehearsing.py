"""Reads the past weeks' escalations, for another policy to be rehearsed over them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import entries, escalations, notifications, people, promises
from storage.models import (
    Act,
    Escalation,
    EscalationStep,
    Notification,
    Promise,
    PromiseState,
    SubjectKind,
)
from storage.reading import Reader
from workflows import policies
from workflows.calendars.calendar import Calendar
from workflows.escalations.clocks import calendar_for
from workflows.escalations.kinds import TO_PEOPLE
from workflows.escalations.rehearsal import Recorded, Settled, rehearse
from workflows.escalations.replay import Telling, World
from workflows.escalations.standing import standings_at
from workflows.policies import Policy
from workflows.policy_document import PolicyDocument
from workflows.services import Services
from workflows.subjects import escalation_of

_TURNS = (Act.OPEN, Act.RAISE, Act.ESCALATE, Act.HAND_OVER, Act.REOPEN, Act.CHASE, Act.CHECK)
_WEEK = timedelta(days=7)
Owed = dict[tuple[str, datetime], Settled]


@dataclass(frozen=True)
class Rehearsed:
    """One escalation: whom it told, and whom it would have told."""

    escalation: Escalation
    happened: Sequence[Telling]
    would_have: Sequence[Telling]


@dataclass(frozen=True)
class Rehearsal:
    """The past weeks under another policy, and the names of all whom they tell."""

    since: datetime
    several: Sequence[Rehearsed]
    names: dict[str, str]


def rehearse_weeks(
    services: Services, workspace_id: str, document: PolicyDocument, weeks: int
) -> Rehearsal:
    """Return what a policy would have made of the escalations of the last weeks; send nothing.

    Raises:
        NoPolicyError: the workspace has none, so nothing was escalated.
    """
    now = services.now()
    since = now - weeks * _WEEK
    with services.reading() as reader:
        # Nothing is stored under it: the number is nobody's.
        policy = Policy(policies.in_force(reader, workspace_id).version, document)
        history = _history(reader, workspace_id, since)
        told = _told(reader, workspace_id, history)
        world = _world(reader, workspace_id, policy, history, now)
        several = [
            Rehearsed(one.escalation, _happened(one, told), rehearse(one, world)) for one in history
        ]
        ids = {user for one in several for user in _users(one)}
        known = people.among(reader, workspace_id, ids)
    names = {user_id: person.name for user_id, person in known.items()}
    return Rehearsal(since, several, names)


def _world(
    reader: Reader,
    workspace_id: str,
    policy: Policy,
    history: Sequence[Recorded],
    now: datetime,
) -> World:
    several = [one.escalation for one in history]
    known = {person.user_id: person for person in people.every(reader, workspace_id)}
    calendars: dict[str | None, Calendar] = {}

    def calendar(user_id: str | None) -> Calendar:
        if user_id not in calendars:
            calendars[user_id] = calendar_for(policy.document, known.get(user_id or ""))
        return calendars[user_id]

    standing = standings_at(reader, workspace_id, policy, several, now)
    return World(policy.document, standing, calendar, now)


def _history(reader: Reader, workspace_id: str, since: datetime) -> list[Recorded]:
    several = escalations.opened_since(reader, workspace_id, since)
    steps: dict[int, list[EscalationStep]] = defaultdict(list)
    for step in escalations.steps_since(reader, workspace_id, since):
        steps[step.number].append(step)
    keys = [f"E-{one.number}" for one in several]
    owed: dict[int, Owed] = defaultdict(dict)
    for promise in promises.about_several(reader, workspace_id, SubjectKind.ESCALATION, keys):
        _note_owed(owed[escalation_of(promise)], promise)
    known = entries.among(reader, workspace_id, {one.initiative_key for one in several})
    budgets = {key: entry.budget_approved for key, entry in known.items()}
    return [
        Recorded(
            one,
            steps[one.number],
            policies.of_version(reader, workspace_id, one.policy_version).document.escalations,
            owed[one.number],
            budgets.get(one.initiative_key),
        )
        for one in several
    ]


def _note_owed(owed: Owed, promise: Promise) -> None:
    """Keep when what fell due was seen to; what was cancelled before that never did."""
    place = (promise.kind, promise.owed_at)
    if promise.settled_at is not None and promise.settled_at < promise.owed_at:
        return
    is_kept = promise.state in (PromiseState.KEPT, PromiseState.LATE)
    known = owed.get(place)
    if known is None or is_kept or (known.at is None and promise.settled_at is not None):
        owed[place] = Settled(promise.settled_at, is_kept)


def _told(
    reader: Reader, workspace_id: str, history: Sequence[Recorded]
) -> dict[tuple[int, int], list[str]]:
    """Return whom each step has told, by the number of the escalation and of the step."""
    keys = [f"E-{one.escalation.number}" for one in history]
    about = SubjectKind.ESCALATION
    rows = notifications.about_several(reader, workspace_id, about, keys, TO_PEOPLE)
    told: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row in rows:
        told[escalation_of(row), _step_in(row)].append(row.recipient_id)
    return told


def _step_in(row: Notification) -> int:
    return int(row.key.split(":")[2])  # as `turning.tell` names it


def _happened(one: Recorded, told: dict[tuple[int, int], list[str]]) -> list[Telling]:
    return [
        Telling(step.number, step.at, step.act, step.level, tuple(told[step.number, step.step]))
        for step in one.steps
        if step.act in _TURNS
    ]


def _users(one: Rehearsed) -> set[str]:
    return {user for telling in (*one.happened, *one.would_have) for user in telling.told}
