"""What people do: commands and clicks, and what an app may answer."""

from datetime import timedelta

import httpx
import pytest

from sandbox.tickets import RESPONSE_LIFE
from sandbox.workspace import Json
from tests.sandbox.conftest import (
    ANA,
    BEN,
    CLEO,
    CLOSED,
    OPEN,
    SILENCE,
    START,
    App,
    Stage,
    a_button,
    a_window,
)
from tests.waiting import wait_until


def type_command(stage: Stage, text: str = "/ai-status show KEY") -> str:
    notice: str = stage.act("command", user=ANA, channel=OPEN, text=text)["notice"]
    return notice


def said_in(stage: Stage) -> list[Json]:
    said: list[Json] = stage.ask("messages", channel=OPEN)["messages"]
    return said


def windows_of(stage: Stage) -> list[Json]:
    told: list[Json] = stage.ask("views", user=ANA)["views"]
    return told


def test_a_command_comes_with_who_typed_it_where_and_a_trigger(app: App, stage: Stage) -> None:
    type_command(stage)

    payload = app.of("slash_commands")[0].payload
    assert (payload["user_id"], payload["channel_id"]) == (ANA, OPEN)
    assert (payload["command"], payload["text"]) == ("/ai-status", "show KEY")
    assert payload["response_url"].startswith(stage.server.url)
    view = stage.client().views_open(trigger_id=payload["trigger_id"], view=a_window())["view"]
    assert [one["id"] for one in windows_of(stage)] == [view["id"]]


@pytest.mark.parametrize(
    ("answer", "seen_by"),
    [
        ({"text": "Here"}, ANA),
        ({"text": "Here", "response_type": "ephemeral"}, ANA),
        ({"text": "Here", "response_type": "in_channel"}, None),
    ],
    ids=["unsaid", "ephemeral", "in the channel"],
)
def test_an_answer_is_its_senders_unless_it_says_otherwise(
    app: App, stage: Stage, answer: Json, seen_by: str | None
) -> None:
    app.answer = lambda request: answer

    notice = type_command(stage)

    [message] = said_in(stage)
    assert notice == ""
    assert (message["text"], message.get("ephemeral_to")) == ("Here", seen_by)


def test_a_command_that_the_app_has_not_is_not_delivered(app: App, stage: Stage) -> None:
    notice = type_command(stage, "/dance now")

    assert notice.startswith("/dance is not a valid command")
    assert app.of("slash_commands") == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"text": "Hi", "colour": "red"}, "invalid_arguments"),
        ({"text": "Hi", "blocks": [{"type": "banner"}]}, "invalid_blocks"),
        ({"text": ""}, "no_text"),
    ],
    ids=["unknown", "block", "empty"],
)
def test_an_answer_that_slack_would_not_show_is_a_failed_command(
    app: App, stage: Stage, answer: Json, error: str
) -> None:
    app.answer = lambda request: answer

    notice = type_command(stage)

    assert notice == f"/ai-status failed with the error “{error}”."
    assert said_in(stage) == []


def test_nobody_types_where_they_may_not_look(stage: Stage) -> None:
    answer = stage.act("command", user=CLEO, channel=CLOSED, text="/ai-status")

    assert answer == {"ok": False, "error": "channel_not_found"}


def test_who_is_no_member_says_nothing(stage: Stage) -> None:
    answer = stage.act("message", user=CLEO, channel=OPEN, text="Hi")

    assert answer == {"ok": False, "error": "not_in_channel"}


def press(stage: Stage, ts: str, user: str = ANA) -> str:
    facts = {"type": "button", "value": "7"}
    told = stage.act(
        "press",
        user=user,
        channel=OPEN,
        ts=ts,
        block_id="buttons",
        action_id="open_form",
        facts=facts,
    )
    return str(told.get("notice", told.get("error")))


def test_a_click_comes_with_its_message_and_what_was_pressed(app: App, stage: Stage) -> None:
    ts = stage.client().chat_postMessage(channel=OPEN, text="Due", blocks=[a_button()])["ts"]

    notice = press(stage, ts)

    payload = app.of("interactive")[0].payload
    assert notice == ""
    assert (payload["type"], payload["user"]["id"]) == ("block_actions", ANA)
    assert payload["message"]["ts"] == ts
    assert payload["container"]["is_ephemeral"] is False
    assert payload["actions"][0]["action_id"] == "open_form"
    assert payload["actions"][0]["value"] == "7"
    assert payload["trigger_id"]


def test_a_click_in_an_ephemeral_message_is_its_readers_and_does_not_tell_it_back(
    app: App, stage: Stage
) -> None:
    client = stage.client()
    ts = client.chat_postEphemeral(channel=OPEN, user=ANA, text="Due", blocks=[a_button()])
    by_other = press(stage, ts["message_ts"], BEN)

    notice = press(stage, ts["message_ts"])

    [request] = app.of("interactive")
    assert (by_other, notice) == ("message_not_found", "")
    assert request.payload["container"]["is_ephemeral"] is True
    assert "message" not in request.payload


def test_a_click_that_is_not_acknowledged_is_told_and_not_delivered_again(
    app: App, stage: Stage
) -> None:
    ts = stage.client().chat_postMessage(channel=OPEN, text="Due", blocks=[a_button()])["ts"]
    stage.sandbox.sockets.ack_seconds = 0.1
    app.answer = lambda request: SILENCE

    notices = [press(stage, ts), press(stage, ts)]

    assert notices == ["That did not reach the app. Please try again."] * 2
    wait_until(lambda: len(app.requests) == 2)
    assert len({request.payload["actions"][0]["action_ts"] for request in app.requests}) == 2


def answer_at(stage: Stage, url: str, **answer: object) -> httpx.Response:
    return stage.http.post(url, json=answer)


@pytest.fixture
def response_url(app: App, stage: Stage) -> str:
    """Where a command that was just typed may be answered."""
    type_command(stage)
    url: str = app.requests[0].payload["response_url"]
    return url


def test_a_response_url_answers_five_times(stage: Stage, response_url: str) -> None:
    for number in range(5):
        assert answer_at(stage, response_url, text=f"No. {number}").status_code == 200

    sixth = answer_at(stage, response_url, text="One more")

    assert (sixth.status_code, sixth.json()["error"]) == (404, "used_url")
    assert len(said_in(stage)) == 5
    assert {message["ephemeral_to"] for message in said_in(stage)} == {ANA}


@pytest.mark.parametrize(
    ("age", "status"),
    [(RESPONSE_LIFE - timedelta(seconds=5), 200), (RESPONSE_LIFE + timedelta(seconds=5), 404)],
    ids=["within", "after"],
)
def test_a_response_url_lives_for_thirty_minutes(
    stage: Stage, response_url: str, age: timedelta, status: int
) -> None:
    stage.server.do(lambda: stage.workspace.clock.move_to(START + age))

    assert answer_at(stage, response_url, text="Here").status_code == status


def test_a_response_url_that_was_made_up_answers_nothing(stage: Stage) -> None:
    assert answer_at(stage, "/response/1-U0ANA-other", text="Here").json()["error"] == "expired_url"


@pytest.mark.parametrize("body", ["", "{", "[]", "null"])
def test_what_is_no_answer_is_refused_and_not_counted(
    stage: Stage, response_url: str, body: str
) -> None:
    refusal = stage.http.post(response_url, content=body)

    assert (refusal.status_code, refusal.json()["ok"]) == (400, False)
    for _ in range(5):
        assert answer_at(stage, response_url, text="Here").status_code == 200


CHANGES: list[tuple[Json, list[str]]] = [
    ({"replace_original": True, "text": "Done"}, ["Done"]),
    ({"delete_original": True}, []),
    ({"text": "Done"}, ["Due", "Done"]),
]


@pytest.mark.parametrize(("answer", "left"), CHANGES, ids=["replace", "delete", "add"])
def test_the_clicked_message_is_replaced_deleted_or_followed(
    app: App, stage: Stage, answer: Json, left: list[str]
) -> None:
    client = stage.client()
    ts = client.chat_postEphemeral(channel=OPEN, user=ANA, text="Due", blocks=[a_button()])
    press(stage, ts["message_ts"])

    answer_at(stage, app.requests[0].payload["response_url"], **answer)

    assert [message["text"] for message in said_in(stage)] == left
    assert all(message["ephemeral_to"] == ANA for message in said_in(stage))
