"""Rows and facts for tests: say only what the test is about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from storage import initiatives, people
from storage.models import (
    Confidence,
    Escalation,
    EscalationKind,
    EscalationState,
    Initiative,
    Level,
    Notification,
    Person,
    Round,
    Stage,
    SubjectKind,
    Update,
)
from workflows.calendars.calendar import Calendar
from workflows.people import Profile
from workflows.policy_document import WorkingHours
from workflows.policy_shapes import Weekday
from workflows.services import Actor, Services
from workflows.updates.filing import Filing
from workflows.updates.policy import Answers

TEAM = "T1"
COORDINATION = "C0COORD0001"
# In New York, where the call of these tests is: 14:00 UTC is 09:00 there in winter.
MONDAY_9AM = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
CALL_ON = date(2026, 11, 25)
CALL_AT = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
CLOSES_AT = datetime(2026, 11, 25, 19, 0, tzinfo=UTC)


def a_policy(**sections: object) -> str:
    usual: dict[str, object] = {
        "call": {"weekday": "wednesday", "time": "15:00", "timezone": "America/New_York"},
        "channels": {"coordination": COORDINATION},
    }
    return yaml.safe_dump(usual | sections)


def a_calendar(zone: str = "Europe/Berlin", **facts: Any) -> Calendar:
    """From nine to six, Monday to Friday."""
    hours = WorkingHours.model_validate(facts.pop("working_hours", {}))
    days = frozenset(map(Weekday, facts.pop("working_days", list(Weekday)[:5])))
    return Calendar(ZoneInfo(zone), days, hours, **facts)


def a_person(user_id: str = "U_LEAD", **facts: Any) -> Person:
    usual: dict[str, Any] = {
        "workspace_id": TEAM,
        "user_id": user_id,
        "name": user_id.removeprefix("U_").title(),
        "timezone": "America/New_York",
        "read_at": MONDAY_9AM,
    }
    return Person(**(usual | facts))


def a_profile(user_id: str = "U_LEAD", **facts: Any) -> Profile:
    usual: dict[str, Any] = {"name": user_id, "timezone": "America/New_York"}
    return Profile(user_id=user_id, **(usual | facts))


def an_initiative(key: str = "FIN-01", **facts: Any) -> Initiative:
    usual: dict[str, Any] = {
        "workspace_id": TEAM,
        "key": key,
        "name": f"Initiative {key}",
        "department": "Finance",
        "stage": Stage.PILOT,
        "lead_id": "U_LEAD",
    }
    return Initiative(**(usual | facts))


def a_round(**facts: Any) -> Round:
    usual: dict[str, Any] = {
        "workspace_id": TEAM,
        "call_on": CALL_ON,
        "call_at": CALL_AT,
        "closes_at": CLOSES_AT,
        "policy_version": 1,
    }
    return Round(**(usual | facts))


def a_notification(**facts: Any) -> Notification:
    """A message whose words need no rows of its own, to the coordination channel."""
    due_at = facts.get("due_at", MONDAY_9AM)
    if call_on := facts.pop("call_on", None):
        about = SubjectKind.ROUND
        facts |= {"subject_kind": about, "subject_key": f"{call_on}", "period_on": call_on}
    usual: dict[str, Any] = {
        "workspace_id": TEAM,
        "key": "n",
        "kind": "resumed",
        "subject_kind": SubjectKind.WORKSPACE,
        "subject_key": TEAM,
        "recipient_id": COORDINATION,
        "words": "Words",
        "due_at": due_at,
        "owed_at": due_at,
        "clause": "c",
    }
    return Notification(**(usual | facts))


def an_escalation(**facts: Any) -> Escalation:
    """A technical blocker, opened by the lead, who owns it."""
    usual: dict[str, Any] = {
        "workspace_id": TEAM,
        "number": 1,
        "kind": EscalationKind.TECHNICAL_BLOCKER,
        "state": EscalationState.OPEN,
        "level": Level.OPERATIONAL,
        "initiative_key": "FIN-01",
        "opener_id": "U_LEAD",
        "owner_id": "U_LEAD",
        "what": "No access to the ledger",
        "opened_at": MONDAY_9AM,
        "level_since_at": MONDAY_9AM,
        "active_at": MONDAY_9AM,
        "policy_version": 1,
    }
    return Escalation(**(usual | facts))


def an_update(**facts: Any) -> Update:
    usual: dict[str, Any] = {
        "workspace_id": TEAM,
        "initiative_key": "FIN-01",
        "call_on": CALL_ON,
        "version": 1,
        "author_id": "U_LEAD",
        "filed_at": MONDAY_9AM,
        "late": False,
        "confidence": Confidence.ON_TRACK,
        "progress": "The model is live",
    }
    return Update(**(usual | facts))


def answers(progress: str = "The model is live", **facts: Any) -> Answers:
    usual: dict[str, Any] = {"confidence": Confidence.ON_TRACK}
    return Answers(progress=progress, **(usual | facts))


def a_filing(key: str = "FIN-01", base_version: int = 0, **facts: Any) -> Filing:
    call_on = facts.pop("call_on", CALL_ON)
    return Filing(key=key, call_on=call_on, base_version=base_version, answers=answers(**facts))


def actor(user_id: str = "U_LEAD") -> Actor:
    return Actor(workspace_id=TEAM, user_id=user_id)


def settle_in(
    services: Services,
    *several: Initiative,
    persons: Sequence[Person] = (),
    deputies: dict[str, list[str]] | None = None,
    department_leads: dict[str, list[str]] | None = None,
) -> None:
    """Store initiatives and their people; leads and deputies that are not given are usual ones."""
    given = {person.user_id for person in persons}
    named = {initiative.lead_id for initiative in several if initiative.lead_id}
    for user_ids in [*(deputies or {}).values(), *(department_leads or {}).values()]:
        named.update(user_ids)
    with services.transaction() as session:
        known = people.among(session, TEAM, named)
        fresh = sorted(named - given - set(known))
        for person in [*persons, *(a_person(user_id) for user_id in fresh)]:
            session.add(person)
        session.flush()
        standing_in = {one.key: (deputies or {}).get(one.key, []) for one in several}
        initiatives.save_all(session, several, standing_in)
        for department, user_ids in (department_leads or {}).items():
            initiatives.set_department_leads(session, TEAM, department, user_ids)


def person_now(services: Services, user_id: str) -> Person:
    with services.transaction() as session:
        person = people.get(session, TEAM, user_id)
    assert person is not None
    return person
