"""Shortcuts of the app in a message's menu: what the manifest takes, what the app hears."""

import json
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from sandbox.http_events import HttpEvents
from sandbox.manifest import Manifest
from sandbox.workspace import Json
from tests.sandbox.conftest import (
    ANA,
    BEN,
    BOT,
    CLEO,
    CLOSED,
    OPEN,
    SILENCE,
    App,
    Stage,
    a_manifest,
    a_window,
    running,
)
from tests.sandbox.test_http_events import SECRET, Listener
from tests.waiting import wait_until


def a_shortcut(callback_id: str = "note_decision", **facts: object) -> Json:
    return {
        "name": "Note a decision",
        "type": "message",
        "callback_id": callback_id,
        "description": "Keeps it where everybody finds it",
    } | facts


MANIFEST = a_manifest(shortcuts=[a_shortcut(), a_shortcut("anywhere", type="global")])


@pytest.fixture(scope="module")
def shared_stage() -> Iterator[Stage]:
    """A workspace whose app has a shortcut of messages and one of everywhere."""
    with running(MANIFEST) as stage:
        yield stage


def say(stage: Stage, text: str = "We go with B", channel: str = OPEN, user: str = ANA) -> str:
    stage.act("message", user=user, channel=channel, text=text)
    ts: str = stage.ask("messages", channel=channel)["messages"][-1]["ts"]
    return ts


def choose(
    stage: Stage, ts: str, *, user: str = ANA, channel: str = OPEN, callback_id: str = ""
) -> str:
    told = stage.act(
        "shortcut", user=user, channel=channel, ts=ts, callback_id=callback_id or "note_decision"
    )
    return str(told.get("notice", told.get("error")))


def page(stage: Stage, path: str = OPEN) -> str:
    return stage.http.get(f"/as/{ANA}/{path}").text


def test_a_shortcut_comes_with_the_message_the_place_and_who_chose_it(
    app: App, stage: Stage
) -> None:
    ts = say(stage)

    notice = choose(stage, ts, user=BEN)

    payload = app.of("interactive")[0].payload
    assert notice == ""
    assert (payload["type"], payload["callback_id"]) == ("message_action", "note_decision")
    assert (payload["message"]["text"], payload["message"]["user"]) == ("We go with B", ANA)
    assert payload["message_ts"] == payload["message"]["ts"] == ts
    assert payload["channel"] == {"id": OPEN, "name": "open"}
    assert (payload["user"]["id"], payload["team"]["id"]) == (BEN, "T0SANDBOX")
    assert "actions" not in payload


def test_its_trigger_opens_a_window_for_who_chose_it(app: App, stage: Stage) -> None:
    choose(stage, say(stage), user=BEN)

    trigger_id = app.of("interactive")[0].payload["trigger_id"]
    stage.client().views_open(trigger_id=trigger_id, view=a_window())

    assert len(stage.ask("views", user=BEN)["views"]) == 1
    assert stage.ask("views", user=ANA)["views"] == []


def test_its_response_url_answers_who_chose_it_and_leaves_the_message(
    app: App, stage: Stage
) -> None:
    choose(stage, say(stage), user=BEN)

    url = app.of("interactive")[0].payload["response_url"]
    stage.http.post(url, json={"text": "Noted", "replace_original": True})

    message, answer = stage.ask("messages", channel=OPEN)["messages"]
    assert message["text"] == "We go with B"
    assert (answer["text"], answer["ephemeral_to"]) == ("Noted", BEN)


def test_a_message_of_the_app_in_a_direct_message_has_it_too(app: App, stage: Stage) -> None:
    sent = stage.client().chat_postMessage(channel=ANA, text="Due")

    choose(stage, sent["ts"], channel=sent["channel"])

    payload = app.of("interactive")[0].payload
    assert payload["channel"] == {"id": sent["channel"], "name": "directmessage"}
    assert (payload["message"]["user"], payload["message"]["text"]) == (BOT, "Due")


def test_it_reaches_the_app_where_the_app_is_no_member(app: App, stage: Stage) -> None:
    ts = say(stage, channel=CLOSED)

    notice = choose(stage, ts, channel=CLOSED)

    assert notice == ""
    assert app.of("interactive")[0].payload["channel"]["id"] == CLOSED


@pytest.mark.parametrize("callback_id", ["anywhere", "dance"])
def test_what_is_no_shortcut_of_messages_is_not_delivered(
    app: App, stage: Stage, callback_id: str
) -> None:
    said = choose(stage, say(stage), callback_id=callback_id)

    assert said == "shortcut_not_found"
    assert app.of("interactive") == []


def test_an_ephemeral_message_has_none(app: App, stage: Stage) -> None:
    client = stage.client()
    ts = client.chat_postEphemeral(channel=OPEN, user=ANA, text="For you")["message_ts"]

    said = choose(stage, ts)

    assert said == "message_not_found"
    assert "Note a decision" not in page(stage)
    assert app.of("interactive") == []


def test_nobody_uses_one_where_they_may_not_look(app: App, stage: Stage) -> None:
    ts = say(stage, channel=CLOSED)

    said = choose(stage, ts, user=CLEO, channel=CLOSED)

    assert said == "channel_not_found"
    assert app.of("interactive") == []


def test_what_is_not_acknowledged_in_time_is_told_and_not_delivered_again(
    app: App, stage: Stage
) -> None:
    ts = say(stage)
    stage.sandbox.sockets.ack_seconds = 0.1
    app.answer = lambda request: SILENCE

    notice = choose(stage, ts)

    assert notice == "That did not reach the app. Please try again."
    wait_until(lambda: len(app.of("interactive")) == 1)


def test_the_menu_of_a_message_offers_it_by_name_and_sends_it(app: App, stage: Stage) -> None:
    ts = say(stage)

    shown = page(stage)
    sent = stage.http.post(f"/as/{ANA}/{OPEN}/{ts}/shortcut", data={"callback_id": "note_decision"})

    assert shown.count("Note a decision<") == 1
    assert "Keeps it where everybody finds it" in shown
    assert "More actions for the message of Ana Ruiz" in shown
    assert 'value="anywhere"' not in shown
    assert sent.status_code == 204
    assert app.of("interactive")[0].payload["message"]["ts"] == ts


def test_a_reply_in_a_thread_offers_it_too(stage: Stage) -> None:
    ts = say(stage)
    stage.act("message", user=BEN, channel=OPEN, text="Why B?", thread_ts=ts)

    shown = page(stage, f"{OPEN}?thread={ts}")

    assert shown.count("Note a decision<") == 3  # the message, here and there; and the reply


def test_an_app_without_shortcuts_adds_no_menu() -> None:
    with running() as stage:
        say(stage)

        assert "message-action" in page(stage)
        assert "More actions" not in page(stage)


def test_over_http_it_is_posted_as_json_in_a_form_and_signed() -> None:
    listener = Listener()
    with (
        listener.listening(),
        running(MANIFEST, transport=HttpEvents(listener.url, SECRET)) as stage,
    ):
        notice = choose(stage, say(stage))

    [posted] = [one for one in listener.posted if "payload" in one.form]
    payload = json.loads(posted.form["payload"])
    assert notice == ""
    assert posted.is_signed_with(SECRET)
    assert (payload["type"], payload["message"]["text"]) == ("message_action", "We go with B")


@pytest.mark.parametrize(
    ("facts", "is_taken"),
    [
        ({"name": "x" * 24}, True),
        ({"name": "x" * 25}, False),
        ({"name": ""}, False),
        ({"callback_id": "x" * 255}, True),
        ({"callback_id": "x" * 256}, False),
        ({"description": "x" * 150}, True),
        ({"description": "x" * 151}, False),
        ({"type": "global"}, True),
        ({"type": "channel"}, False),
    ],
)
def test_a_manifest_is_taken_up_to_slacks_limits(facts: Json, is_taken: bool) -> None:
    def read() -> Manifest:
        return a_manifest(shortcuts=[a_shortcut(**facts)])

    if is_taken:
        assert len(read().features.shortcuts) == 1
        return
    with pytest.raises(ValidationError):
        read()


@pytest.mark.parametrize(("count", "is_taken"), [(10, True), (11, False)])
def test_ten_shortcuts_are_the_most(count: int, is_taken: bool) -> None:
    shortcuts = [a_shortcut(f"n{number}") for number in range(count)]

    if is_taken:
        assert len(a_manifest(shortcuts=shortcuts).message_shortcuts) == count
        return
    with pytest.raises(ValidationError):
        a_manifest(shortcuts=shortcuts)
