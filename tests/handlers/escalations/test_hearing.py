"""What is said in the thread of an escalation is activity: who and when is kept, and no word."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from storage import escalations, notifications
from storage.models import Escalation, EscalationKind, InboxItem
from tests.factories import MONDAY_9AM, TEAM, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.conftest import Workspace
from tests.storage.filling import everything
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.services import Services

TOPIC = "C0TOPIC0001"
LATER = MONDAY_9AM + timedelta(hours=3)
WORDS = "the secret is out"


@pytest.fixture
def thread_ts(services: Services, slack: FakeSlack, adopt: Callable[..., None]) -> str:
    """An open blocker whose card is in Slack."""
    topic = {"title": "Data access", "channel": TOPIC}
    adopt(features=["escalations"], topics={"data-access": topic})
    settle_in(services, an_initiative())
    kind = EscalationKind.TECHNICAL_BLOCKER
    open_escalation(services, actor(), Wanted(kind, "FIN-01", what="Stuck", topic="data-access"))
    deliver(services, slack)
    with services.reading() as reader:
        card = notifications.get(reader, TEAM, "escalation:E-1:1")
    assert card is not None
    return card.ts


def say(workspace: Workspace, **facts: Any) -> None:
    usual = {
        "type": "message",
        "channel_type": "channel",
        "channel": TOPIC,
        "user": "U_OLA",
        "text": WORDS,
        "ts": f"{int(LATER.timestamp())}.000200",
    }
    workspace.event(**(usual | facts))


def one(services: Services) -> Escalation:
    with services.reading() as reader:
        found = escalations.get(reader, TEAM, 1)
    assert found is not None
    return found


def test_an_answer_in_the_thread_is_heard(
    workspace: Workspace, services: Services, clock: FakeClock, thread_ts: str
) -> None:
    clock.move_to(LATER)

    say(workspace, thread_ts=thread_ts)

    assert (one(services).active_at, one(services).active_id) == (LATER, "U_OLA")


def test_no_word_of_it_is_kept(
    workspace: Workspace, engine: Engine, clock: FakeClock, thread_ts: str
) -> None:
    clock.move_to(LATER)

    say(workspace, thread_ts=thread_ts)

    stored = everything(engine)
    assert stored[str(InboxItem.__tablename__)] == []
    assert WORDS not in str(stored)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"thread_ts": "9.000100"},
        {"thread_ts": "own", "channel": "C0OTHER0001"},
        {"thread_ts": "own", "bot_id": "B1"},
        {"thread_ts": "own", "subtype": "message_changed"},
        {"thread_ts": "own", "user_team": "T_ELSEWHERE"},
        {"thread_ts": "own", "ts": "soon"},
        {"thread_ts": "own", "user": None},
    ],
    ids=str,
)
def test_nothing_else_that_is_said_in_channels_is_heard(
    workspace: Workspace,
    services: Services,
    clock: FakeClock,
    thread_ts: str,
    facts: dict[str, Any],
) -> None:
    clock.move_to(LATER)
    given = {**facts, "thread_ts": thread_ts} if facts.get("thread_ts") == "own" else facts

    say(workspace, **given)

    assert one(services).active_at == MONDAY_9AM


def test_a_message_of_the_future_is_of_now(
    workspace: Workspace, services: Services, clock: FakeClock, thread_ts: str
) -> None:
    clock.move_to(MONDAY_9AM + timedelta(minutes=5))

    say(workspace, thread_ts=thread_ts)

    assert one(services).active_at == MONDAY_9AM + timedelta(minutes=5)
