"""Answers in a thread: below the message that they answer, wherever it went."""

from datetime import timedelta

import pytest

from storage import notifications
from storage.models import Notification, NotificationState
from tests.factories import COORDINATION, MONDAY_9AM, a_notification
from tests.fakes import FakeClock, FakeSlack, deliver
from workflows.outbox.claiming import ABANDONED_AFTER
from workflows.services import Services

FALLBACK = "C0FALLBACK1"
TOPIC = "C0TOPIC0001"
A_SECOND = timedelta(seconds=1)


def put(services: Services, *several: Notification) -> None:
    with services.transaction() as session:
        for row in several:
            notifications.enqueue(session, row)


def a_root(**facts: str) -> Notification:
    usual = {"key": "card", "thread_key": "card", "recipient_id": TOPIC}
    return a_notification(**(usual | facts))


def an_answer(key: str = "line", **facts: str) -> Notification:
    usual = {"key": key, "thread_key": "card", "recipient_id": TOPIC}
    return a_notification(due_at=MONDAY_9AM + A_SECOND, **(usual | facts))


@pytest.fixture
def later(clock: FakeClock) -> None:
    clock.advance(seconds=1)


@pytest.mark.usefixtures("later")
def test_an_answer_hangs_on_the_message_that_it_answers(
    services: Services, slack: FakeSlack
) -> None:
    put(services, an_answer(), a_root())

    deliver(services, slack)
    deliver(services, slack)

    first, second = slack.of("chat.postMessage")
    assert "thread_ts" not in first
    assert second["thread_ts"] == "1.000100"
    assert second["channel"] == TOPIC


def test_what_went_to_the_fallback_channel_is_answered_there(
    services: Services, slack: FakeSlack, clock: FakeClock, adopt: object
) -> None:
    assert callable(adopt)
    adopt(channels={"coordination": COORDINATION, "fallback": FALLBACK})
    slack.answers["chat.postMessage"].append("is_archived")
    put(services, a_root(kind="audit"), an_answer(kind="audit"))

    for _ in range(4):
        deliver(services, slack)
        clock.advance(seconds=1)

    posts = [
        (one["channel"], one.get("thread_ts"))
        for one in slack.of("chat.postMessage")
        if one["metadata"]["event_payload"]["key"].startswith(("card", "line"))
    ]
    assert posts[0] == (TOPIC, None)
    assert posts[1] == (FALLBACK, None)
    assert posts[2][0] == FALLBACK
    assert posts[2][1] is not None


@pytest.mark.usefixtures("later")
def test_an_answer_to_what_somebody_has_deleted_stands_by_itself(
    services: Services, slack: FakeSlack
) -> None:
    put(services, a_root())
    deliver(services, slack)
    slack.answers["chat.postMessage"].append("thread_not_found")
    put(services, an_answer())

    deliver(services, slack)

    assert [one.get("thread_ts") for one in slack.of("chat.postMessage")] == [
        None,
        "1.000100",
        None,
    ]
    with services.reading() as reader:
        line = notifications.get(reader, "T1", "line")
    assert line is not None
    assert line.state is NotificationState.SENT


def test_an_answer_that_was_lost_is_looked_for_in_its_thread(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    put(services, a_root())
    deliver(services, slack)
    clock.advance(seconds=1)
    slack.answers["chat.postMessage"].append(TimeoutError("lost"))
    put(services, an_answer())
    deliver(services, slack)
    found = {"ts": "9.9", "metadata": {"event_payload": {"key": "line"}}}
    slack.answers["conversations.replies"].append({"messages": [found]})
    clock.advance(seconds=ABANDONED_AFTER.total_seconds() + 1)

    deliver(services, slack)

    assert len(slack.of("chat.postMessage")) == 2
    (asked,) = slack.of("conversations.replies")
    assert (asked["channel"], asked["ts"]) == (TOPIC, "1.000100")
    assert slack.of("conversations.history") == []
