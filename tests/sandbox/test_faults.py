"""Faults on request: what the SDK makes of a bad day."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from tests.sandbox.conftest import OPEN, Stage
from tests.waiting import wait_until


def said_in(stage: Stage) -> list[str]:
    return [message["text"] for message in stage.ask("messages", channel=OPEN)["messages"]]


def post(client: WebClient) -> None:
    client.chat_postMessage(channel=OPEN, text="Once")


def test_too_many_calls_are_told_when_to_come_again(client: WebClient, stage: Stage) -> None:
    stage.act("faults", method="chat.postMessage", kind="rate_limited", seconds=7)

    with pytest.raises(SlackApiError) as refusal:
        post(client)

    assert refusal.value.response.status_code == 429
    assert refusal.value.response["error"] == "ratelimited"
    assert refusal.value.response.headers["retry-after"] == "7"
    assert said_in(stage) == []


def test_the_sdk_comes_again_when_it_was_told_to(stage: Stage) -> None:
    stage.act("faults", method="chat.postMessage", kind="rate_limited", seconds=0)

    post(stage.client(retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=1)]))

    assert said_in(stage) == ["Once"]


def test_a_server_in_trouble_carries_nothing_out(client: WebClient, stage: Stage) -> None:
    stage.act("faults", method="chat.postMessage", kind="server_error")

    with pytest.raises(SlackApiError) as refusal:
        post(client)

    assert refusal.value.response.status_code == 500
    assert said_in(stage) == []


def test_a_connection_closed_before_the_call_is_accepted_posts_nothing(
    client: WebClient, stage: Stage
) -> None:
    stage.act("faults", method="chat.postMessage", kind="close_before_accept")

    with pytest.raises(OSError, match=r"."):
        post(client)

    assert said_in(stage) == []


def test_a_connection_closed_after_the_call_is_accepted_posts_once(
    client: WebClient, stage: Stage
) -> None:
    stage.act("faults", method="chat.postMessage", kind="close_after_accept")

    with pytest.raises(OSError, match=r"."):
        post(client)

    assert said_in(stage) == ["Once"]


def test_the_sdks_own_retry_posts_twice_and_tells_of_one(stage: Stage) -> None:
    stage.act("faults", method="chat.postMessage", kind="close_after_accept")
    as_it_comes = WebClient(token="xoxb-sandbox", base_url=f"{stage.server.url}/api/")

    post(as_it_comes)

    assert said_in(stage) == ["Once", "Once"]


def test_a_slow_answer_is_an_answer(client: WebClient, stage: Stage) -> None:
    stage.act("faults", method="chat.postMessage", kind="slow", seconds=0.2)
    began = time.monotonic()

    post(client)

    assert time.monotonic() - began >= 0.2
    assert said_in(stage) == ["Once"]


def test_a_late_call_is_carried_out_after_what_came_meanwhile(stage: Stage) -> None:
    stage.act("faults", method="chat.postMessage", kind="late", seconds=1)
    client = stage.client()

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(client.chat_postMessage, channel=OPEN, text="Late")
        wait_until(lambda: stage.ask("state")["faults"] == 0)
        client.chat_postMessage(channel=OPEN, text="Meanwhile")
        late.result()

    assert said_in(stage) == ["Meanwhile", "Late"]


def test_who_waits_no_longer_than_the_answer_takes_does_not_know(stage: Stage) -> None:
    stage.act("faults", method="chat.postMessage", kind="slow", seconds=3)

    with pytest.raises(TimeoutError):
        post(stage.client(timeout=1))

    wait_until(lambda: said_in(stage) == ["Once"])


def test_a_fault_meets_its_own_method_and_as_many_calls_as_asked(
    client: WebClient, stage: Stage
) -> None:
    stage.act("faults", method="chat.postMessage", kind="server_error", times=2)

    assert client.auth_test()["ok"]
    for _ in range(2):
        with pytest.raises(SlackApiError):
            post(client)
    post(client)

    assert said_in(stage) == ["Once"]


def test_a_fault_for_every_method_meets_the_next_call(client: WebClient, stage: Stage) -> None:
    stage.act("faults", method="*", kind="server_error")

    with pytest.raises(SlackApiError):
        client.auth_test()

    assert client.auth_test()["ok"]


def test_calls_are_told_with_what_became_of_them(client: WebClient, stage: Stage) -> None:
    stage.act("faults", method="auth.test", kind="server_error")
    with pytest.raises(SlackApiError):
        client.auth_test()
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="C0NOWHERE", text="Hi")

    told = [(call["method"], call["error"], call["fault"]) for call in stage.ask("calls")["calls"]]

    assert told == [
        ("auth.test", None, "server_error"),
        ("chat.postMessage", "channel_not_found", None),
    ]
