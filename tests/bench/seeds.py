"""Organisations of any size, stored at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from bot.services import build_services
from storage.models import (
    Confidence,
    Deputy,
    Initiative,
    Notification,
    NotificationSubject,
    Person,
    Promise,
    Round,
    SubjectKind,
    Update,
)
from tests.bench.databases import store
from tests.factories import (
    CALL_ON,
    MONDAY_9AM,
    TEAM,
    a_person,
    a_policy,
    a_round,
    an_initiative,
    an_update,
)
from tests.fakes import FakeClock
from workflows import policies
from workflows.services import Services

TEXTS = {
    "progress": "The second of three plants reports its stock every night, and the model's "
    "error is down from nine to six in a hundred. Two planners work with it daily.",
    "milestones": "Third plant by the tenth; the comparison with last year's plan a week later.",
    "blockers": "",
    "needs": "",
}
_DEPARTMENT_SIZE = 50


def lead_of(number: int) -> str:
    return f"U0LEAD{number:05}"


def key_of(number: int) -> str:
    return f"INI-{number:05}"


def settled(engine: Engine, initiatives: int, now: datetime = MONDAY_9AM) -> Services:
    """Store a workspace with its policy, and initiatives with a lead and a deputy each."""
    services = build_services(engine, FakeClock(now))
    policies.adopt(services, TEAM, "Bench", a_policy())
    numbers = range(initiatives)
    person = a_person().model_dump()
    leads = [person | {"user_id": lead_of(n), "name": f"Lead {n}"} for n in numbers]
    store(engine, Person, leads)
    store(engine, Initiative, [_initiative(n) for n in numbers])
    deputies = [(key_of(n), lead_of((n + 1) % initiatives)) for n in numbers]
    several = [
        Deputy(workspace_id=TEAM, initiative_key=key, user_id=user_id, position=1).model_dump()
        for key, user_id in deputies
    ]
    store(engine, Deputy, several)
    return services


def open_round(engine: Engine, call_on: date = CALL_ON, call_at: datetime | None = None) -> None:
    """Store a round that is open."""
    times = {} if call_at is None else {"call_at": call_at, "closes_at": call_at - _HOUR}
    store(engine, Round, [a_round(call_on=call_on, **times).model_dump()])


def filed_weeks(engine: Engine, initiatives: int, weeks: int) -> None:
    """Store past rounds, the last of them that of CALL_ON, with an update of each initiative."""
    for week in range(weeks):
        back = timedelta(weeks=week)
        round_ = a_round(call_on=CALL_ON - back)
        round_.call_at, round_.closes_at = round_.call_at - back, round_.closes_at - back
        store(engine, Round, [round_.model_dump()])
        update = an_update(call_on=round_.call_on, filed_at=MONDAY_9AM - back, **TEXTS).model_dump()
        store(engine, Update, [update | _told(number) for number in range(initiatives)])


def promised(engine: Engine, kind: str, initiatives: int, due_at: datetime) -> None:
    """Store a pending prompt or reminder of each initiative in the round of CALL_ON."""
    usual = Promise(
        workspace_id=TEAM,
        key="",
        kind=kind,
        subject_kind=SubjectKind.INITIATIVE,
        subject_key="",
        period_on=CALL_ON,
        due_at=due_at,
        owed_at=due_at,
        clause=f"round.{kind}_working_days_before",
        policy_version=1,
    ).model_dump()
    rows = [
        usual | {"key": f"{kind}:{CALL_ON}:{key_of(n)}", "subject_key": key_of(n)}
        for n in range(initiatives)
    ]
    store(engine, Promise, rows)


@dataclass(frozen=True)
class Prompt:
    """A message that asks for the initiative of a number."""

    number: int
    recipient_id: str
    due_at: datetime
    call_on: date = CALL_ON
    instead_of_id: str = ""

    @property
    def key(self) -> str:
        return f"prompt:{self.call_on}:{key_of(self.number)}:{self.recipient_id}:{self.due_at}"

    def row(self) -> dict[str, Any]:
        return Notification(
            workspace_id=TEAM,
            key=self.key,
            kind="prompt",
            recipient_id=self.recipient_id,
            instead_of_id=self.instead_of_id,
            subject_kind=SubjectKind.ROUND,
            subject_key=f"{self.call_on}",
            period_on=self.call_on,
            due_at=self.due_at,
            owed_at=self.due_at,
            policy_version=1,
        ).model_dump()


def prompted(engine: Engine, prompts: Sequence[Prompt]) -> None:
    """Store messages that wait to be sent and ask for one initiative each."""
    store(engine, Notification, [prompt.row() for prompt in prompts])
    asked = {"workspace_id": TEAM, "subject_kind": SubjectKind.INITIATIVE, "position": 0}
    subjects = [
        asked | {"notification_key": prompt.key, "subject_key": key_of(prompt.number)}
        for prompt in prompts
    ]
    store(engine, NotificationSubject, subjects)


_HOUR = timedelta(hours=1)


def _initiative(number: int) -> dict[str, Any]:
    return an_initiative(
        key_of(number),
        name=f"Stock forecast of plant {number}",
        department=f"Department {number // _DEPARTMENT_SIZE}",
        lead_id=lead_of(number),
    ).model_dump()


def _told(number: int) -> dict[str, Any]:
    """Return an update's facts: one in eight is at risk and blocked, one in forty off track."""
    troubled = number % 8 == 0
    confidence = Confidence.AT_RISK if troubled else Confidence.ON_TRACK
    return {
        "initiative_key": key_of(number),
        "author_id": lead_of(number),
        "confidence": Confidence.OFF_TRACK if number % 40 == 0 else confidence,
        "blockers": "The plant's data officer has not signed yet." if troubled else "",
    }
