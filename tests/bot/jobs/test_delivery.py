from datetime import timedelta

import pytest
from slack_sdk.errors import SlackRequestError

from storage import notifications
from storage.models import Notification, NotificationState
from tests.factories import (
    CALL_ON,
    CLOSES_AT,
    TEAM,
    a_filing,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock, FakeSlack, deliver
from workflows.outbox.claiming import ABANDONED_AFTER
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update

PROMPT = f"prompt:{CALL_ON}:FIN-01:U_LEAD"
LOST = SlackRequestError("the connection was closed before the answer")


@pytest.fixture(autouse=True)
def _prompted(services: Services) -> None:
    settle_in(services, an_initiative(), department_leads={"Finance": ["U_HEAD"]})
    sweep(services)


def row(services: Services, key: str = PROMPT) -> Notification:
    with services.transaction() as session:
        found = notifications.get(session, TEAM, key)
    assert found is not None
    return found


def posted(slack: FakeSlack) -> list[str]:
    return [params["metadata"]["event_payload"]["key"] for params in slack.of("chat.postMessage")]


def test_what_is_due_is_sent_once_and_recorded(services: Services, slack: FakeSlack) -> None:
    deliver(services, slack)
    deliver(services, slack)

    assert posted(slack) == [PROMPT]
    sent = row(services)
    assert (sent.state, sent.channel_id, sent.ts) == (NotificationState.SENT, "U_LEAD", "1.000100")


def test_links_are_not_unfolded_and_names_not_linked(services: Services, slack: FakeSlack) -> None:
    deliver(services, slack)

    (sent,) = slack.of("chat.postMessage")
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)
    assert not {"link_names", "parse"} & set(sent)


def test_a_prompt_for_what_was_filed_a_second_ago_is_not_sent(
    services: Services, slack: FakeSlack
) -> None:
    file_update(services, actor(), a_filing())

    deliver(services, slack)

    assert posted(slack) == []
    assert row(services).state == NotificationState.CANCELLED


def test_a_lost_answer_is_looked_for_before_anything_is_sent_again(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    slack.answers["chat.postMessage"].append(LOST)
    slack.answers["conversations.history"].append(
        {"messages": [{"ts": "9.1", "metadata": {"event_payload": {"key": PROMPT}}}]}
    )

    deliver(services, slack)
    clock.advance(seconds=ABANDONED_AFTER.total_seconds() - 1)
    deliver(services, slack)
    too_early = len(slack.of("conversations.history"))
    clock.advance(seconds=1)
    deliver(services, slack)

    assert (too_early, posted(slack)) == (0, [PROMPT])
    found = row(services)
    assert (found.state, found.channel_id, found.ts) == ("sent", "DU_LEAD", "9.1")


def test_what_slack_does_not_have_is_sent_again(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    slack.answers["chat.postMessage"].append(LOST)

    deliver(services, slack)
    clock.advance(seconds=ABANDONED_AFTER.total_seconds())
    deliver(services, slack)

    assert posted(slack) == [PROMPT, PROMPT]
    assert row(services).state == NotificationState.SENT


def test_a_message_on_a_later_page_is_found(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    slack.answers["chat.postMessage"].append(LOST)
    slack.answers["conversations.history"] += [
        {"messages": [{"ts": "9.2"}], "response_metadata": {"next_cursor": "more"}},
        {"messages": [{"ts": "9.1", "metadata": {"event_payload": {"key": PROMPT}}}]},
    ]

    deliver(services, slack)
    clock.advance(seconds=ABANDONED_AFTER.total_seconds())
    deliver(services, slack)

    assert row(services).ts == "9.1"
    assert [call.get("cursor") for call in slack.of("conversations.history")] == [None, "more"]


def test_too_many_requests_wait_as_long_as_slack_says(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    slack.answers["chat.postMessage"].append("ratelimited")

    deliver(services, slack)
    clock.advance(seconds=29)
    deliver(services, slack)
    before = len(posted(slack))
    clock.advance(seconds=1)
    deliver(services, slack)

    assert (before, len(posted(slack))) == (1, 2)
    assert slack.of("conversations.history") == []
    assert row(services).state == NotificationState.SENT


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "user_disabled"])
def test_a_final_refusal_is_kept_with_its_reason_and_not_tried_again(
    services: Services, slack: FakeSlack, clock: FakeClock, code: str
) -> None:
    slack.answers["chat.postMessage"].append(code)

    deliver(services, slack)
    clock.advance(hours=1)
    deliver(services, slack)

    assert (row(services).state, row(services).error) == (NotificationState.FAILED, code)
    assert len(posted(slack)) == 1


@pytest.mark.parametrize("code", ["invalid_auth", "internal_error"])
def test_a_passing_fault_is_tried_again(
    services: Services, slack: FakeSlack, clock: FakeClock, code: str
) -> None:
    slack.answers["chat.postMessage"].append(code)

    deliver(services, slack)
    clock.advance(seconds=ABANDONED_AFTER.total_seconds())
    deliver(services, slack)

    assert row(services).state == NotificationState.SENT


def test_one_message_that_fails_does_not_hold_up_the_others(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    slack.answers["chat.postMessage"].append(LOST)
    clock.move_to(CLOSES_AT)
    sweep(services)

    deliver(services, slack)

    # The summary's answer is lost; the digest, which is in no hurry, comes after it.
    assert row(services, f"summary:{CALL_ON}").state == NotificationState.SENDING
    assert row(services, f"digest:{CALL_ON}:U_HEAD").state == NotificationState.SENT


def test_nothing_is_sent_before_it_is_due(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    clock.advance(seconds=-1)

    deliver(services, slack)
    clock.advance(hours=1, seconds=1)
    deliver(services, slack)

    assert timedelta(hours=1) == clock() - row(services).due_at
    assert posted(slack) == [PROMPT]
