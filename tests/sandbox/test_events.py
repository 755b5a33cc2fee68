"""Events: what the app hears, and how often."""

from collections.abc import Callable

import pytest

from sandbox.events import RETRY_AFTER_SECONDS
from tests.sandbox.conftest import (
    ANA,
    BEN,
    CLOSED,
    OPEN,
    SCOPES,
    SILENCE,
    App,
    Stage,
    a_home,
    a_manifest,
    connecting,
    running,
)
from tests.waiting import PATIENCE_SECONDS, wait_until


def heard(app: App, kind: str) -> list[dict[str, object]]:
    """Return the events of one kind, as the app heard them."""
    events = [request.payload["event"] for request in app.of("events_api")]
    return [event for event in events if event["type"] == kind]


def test_the_app_hears_that_somebody_looks_at_its_home(fresh_app: App, stage: Stage) -> None:
    stage.client().views_publish(user_id=ANA, view=a_home())

    stage.act("home", user=ANA)

    wait_until(lambda: heard(fresh_app, "app_home_opened"))
    [event] = heard(fresh_app, "app_home_opened")
    assert (event["user"], event["tab"], event["channel"]) == (ANA, "home", "D0ANA")
    assert isinstance(event["view"], dict)
    assert event["view"]["type"] == "home"


def test_an_event_comes_in_its_wrapping(fresh_app: App, stage: Stage) -> None:
    stage.act("home", user=ANA)

    wait_until(lambda: fresh_app.requests)
    [request] = fresh_app.requests
    assert request.payload["type"] == "event_callback"
    assert request.payload["api_app_id"] == "A0ROLLCALL"
    assert request.payload["event_id"].startswith("Ev")
    assert request.retry_attempt == 0
    assert request.accepts_response_payload is False


def test_the_app_hears_of_a_changed_profile(fresh_app: App, stage: Stage) -> None:
    stage.act("user", user=ANA, facts={"tz": "Asia/Tokyo"})

    wait_until(lambda: heard(fresh_app, "user_change"))
    [event] = heard(fresh_app, "user_change")
    assert isinstance(event["user"], dict)
    assert event["user"]["tz"] == "Asia/Tokyo"
    assert event["user"]["profile"]["email"] == "ana@example.com"


def test_the_app_hears_what_is_said_where_it_is(fresh_app: App, stage: Stage) -> None:
    stage.act("message", user=ANA, channel=CLOSED, text="Among us")

    stage.act("message", user=BEN, channel=OPEN, text="<b> & co")

    wait_until(lambda: heard(fresh_app, "message"))
    [event] = heard(fresh_app, "message")
    assert (event["channel"], event["channel_type"], event["user"]) == (OPEN, "channel", BEN)
    assert event["text"] == "&lt;b&gt; &amp; co"


def test_the_app_hears_nothing_that_it_did_not_ask_for() -> None:
    with running(a_manifest(events=["user_change"])) as stage, connecting(stage) as connect:
        app = connect()
        stage.act("home", user=ANA)
        stage.act("message", user=ANA, channel=OPEN, text="Hi")
        stage.act("user", user=ANA, facts={"title": "Lead"})

        wait_until(lambda: app.requests)

    assert [request.payload["event"]["type"] for request in app.requests] == ["user_change"]


def test_an_event_carries_no_email_without_its_scope() -> None:
    scopes = [scope for scope in SCOPES if scope != "users:read.email"]
    with running(a_manifest(scopes=scopes)) as stage, connecting(stage) as connect:
        app = connect()
        stage.act("user", user=ANA, facts={"title": "Lead"})

        wait_until(lambda: app.requests)

    assert "email" not in app.requests[0].payload["event"]["user"]["profile"]


def test_slack_delivers_again_at_once_after_a_minute_and_after_five() -> None:
    assert RETRY_AFTER_SECONDS == (0.0, 60.0, 300.0)


def test_an_event_that_is_not_acknowledged_is_delivered_again(fresh_app: App, stage: Stage) -> None:
    stage.sandbox.sockets.ack_seconds = 0.1
    stage.sandbox.events.retry_after_seconds = (0.0, 0.05)
    fresh_app.answer = lambda request: None if request.retry_attempt == 2 else SILENCE

    stage.act("home", user=ANA)
    wait_until(lambda: len(fresh_app.requests) == 3)
    stage.act("home", user=BEN)
    wait_until(lambda: len(fresh_app.requests) >= 6)

    assert [request.retry_attempt for request in fresh_app.requests[:6]] == [0, 1, 2, 0, 1, 2]
    assert [request.retry_reason for request in fresh_app.requests[:3]] == [
        "",
        "timeout",
        "timeout",
    ]
    assert len({request.payload["event_id"] for request in fresh_app.requests[:3]}) == 1
    assert len({request.envelope_id for request in fresh_app.requests}) == 6


def test_an_event_that_is_acknowledged_is_not_delivered_again(fresh_app: App, stage: Stage) -> None:
    stage.sandbox.events.retry_after_seconds = (0.0, 0.0, 0.0)

    stage.act("home", user=ANA)
    stage.act("home", user=BEN)

    wait_until(lambda: len(fresh_app.requests) == 2)
    stage.server.do(lambda: None)
    assert [request.payload["event"]["user"] for request in fresh_app.requests] == [ANA, BEN]


def test_an_event_is_given_up_after_three_more_deliveries(fresh_app: App, stage: Stage) -> None:
    stage.sandbox.sockets.ack_seconds = 0.05
    stage.sandbox.events.retry_after_seconds = (0.0, 0.0, 0.0)
    fresh_app.answer = lambda request: SILENCE

    stage.act("home", user=ANA)
    wait_until(lambda: len(fresh_app.requests) == 4)
    fresh_app.answer = lambda request: None
    stage.sandbox.sockets.ack_seconds = PATIENCE_SECONDS
    stage.act("home", user=BEN)
    wait_until(lambda: fresh_app.requests[-1].payload["event"]["user"] == BEN)

    assert [request.retry_attempt for request in fresh_app.requests] == [0, 1, 2, 3, 0]


def test_an_event_waits_for_an_app_that_is_away(connect: Callable[[], App], stage: Stage) -> None:
    stage.sandbox.events.retry_after_seconds = (0.1,) * 80

    stage.act("home", user=ANA)
    app = connect()
    wait_until(lambda: app.requests)

    assert app.requests[0].retry_attempt not in (None, 0)


@pytest.mark.parametrize("user_id", [ANA, BEN])
def test_the_direct_message_with_the_app_is_told_as_one(
    fresh_app: App, stage: Stage, user_id: str
) -> None:
    channel = stage.client().chat_postMessage(channel=user_id, text="Hi")["channel"]

    stage.act("message", user=user_id, channel=channel, text="Hello")

    wait_until(lambda: heard(fresh_app, "message"))
    assert heard(fresh_app, "message")[0]["channel_type"] == "im"
