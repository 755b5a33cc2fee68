"""What people do: commands, clicks, windows submitted, and what an app may answer."""

from collections.abc import Iterator
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
    a_field,
    a_window,
    connecting,
    typed,
    wait_until,
)

TROUBLE = "We had some trouble connecting. Try again?"


@pytest.fixture(scope="module")
def shared_app(shared_stage: Stage) -> Iterator[App]:
    with connecting(shared_stage) as connect:
        yield connect()


@pytest.fixture
def app(stage: Stage, shared_app: App) -> App:
    """An app that has heard nothing yet; its connection stays open from test to test."""
    shared_app.requests.clear()
    shared_app.answer = lambda request: None
    return shared_app


def type_command(stage: Stage, text: str = "/ai-status show KEY") -> str:
    notice: str = stage.act("command", user=ANA, channel=OPEN, text=text)["notice"]
    return notice


def said_in(stage: Stage) -> list[Json]:
    said: list[Json] = stage.ask("messages", channel=OPEN)["messages"]
    return said


def windows_of(stage: Stage) -> list[Json]:
    told: list[Json] = stage.ask("views", user=ANA)["views"]
    return told


@pytest.fixture
def window(stage: Stage) -> Json:
    """A window with something typed in it."""
    trigger = stage.trigger()
    opened: Json = stage.client().views_open(trigger_id=trigger, view=a_window())["view"]
    fill(stage, opened, "Shipped the pilot")
    return opened


def fill(stage: Stage, window: Json, text: str) -> None:
    stage.act(
        "fill",
        user=ANA,
        view_id=window["id"],
        block_id="progress",
        action_id="text",
        state=typed(text),
    )


def submit(stage: Stage, window: Json) -> Json:
    return stage.act("submit", user=ANA, view_id=window["id"])


def value_of(window: Json) -> str | None:
    value: str | None = window["state"]["values"]["progress"]["text"]["value"]
    return value


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
    assert app.requests == []


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


def test_a_submitted_window_comes_with_what_was_typed(app: App, stage: Stage, window: Json) -> None:
    submit(stage, window)

    payload = app.of("interactive")[0].payload
    assert (payload["type"], payload["view"]["id"]) == ("view_submission", window["id"])
    assert payload["view"]["callback_id"] == "update"
    assert value_of(payload["view"]) == "Shipped the pilot"


def test_a_submission_answered_with_nothing_closes_the_window(
    app: App, stage: Stage, window: Json
) -> None:
    assert submit(stage, window) == {"ok": True, "notice": "", "views": []}


def test_errors_stand_next_to_their_field_and_nothing_typed_is_lost(
    app: App, stage: Stage, window: Json
) -> None:
    app.answer = lambda request: {
        "response_action": "errors",
        "errors": {"progress": "Too long to say."},
    }

    [still_open] = submit(stage, window)["views"]

    assert still_open["errors"] == {"progress": "Too long to say."}
    assert value_of(still_open) == "Shipped the pilot"
    fill(stage, window, "Shipped it")
    assert windows_of(stage)[0]["errors"] == {}


def test_an_update_changes_the_window_in_its_place(app: App, stage: Stage, window: Json) -> None:
    changed = a_window(a_field(), title="Look again")
    app.answer = lambda request: {"response_action": "update", "view": changed}

    [still_open] = submit(stage, window)["views"]

    assert (still_open["id"], still_open["title"]["text"]) == (window["id"], "Look again")
    assert value_of(still_open) == "Shipped the pilot"


def test_a_push_puts_a_window_on_top(app: App, stage: Stage, window: Json) -> None:
    app.answer = lambda request: {"response_action": "push", "view": a_window(title="Sure?")}

    stack = submit(stage, window)["views"]

    assert [one["title"]["text"] for one in stack] == ["Update", "Sure?"]
    assert stack[1]["previous_view_id"] == window["id"]


def test_a_window_on_top_that_is_submitted_leaves_the_one_below(
    app: App, stage: Stage, window: Json
) -> None:
    top = stage.client().views_push(trigger_id=stage.trigger(), view=a_window())["view"]
    fill(stage, top, "More")

    left = submit(stage, top)["views"]

    assert [one["id"] for one in left] == [window["id"]]


def test_clear_closes_every_window(app: App, stage: Stage, window: Json) -> None:
    top = stage.client().views_push(trigger_id=stage.trigger(), view=a_window())["view"]
    fill(stage, top, "More")
    app.answer = lambda request: {"response_action": "clear"}

    assert submit(stage, top)["views"] == []


BROKEN: dict[str, Json | str] = {
    "an unknown block": {"response_action": "errors", "errors": {"nowhere": "Wrong"}},
    "no errors": {"response_action": "errors", "errors": {}},
    "errors left out": {"response_action": "errors"},
    "errors of another shape": {"response_action": "errors", "errors": ["progress"]},
    "a window that Slack refuses": {"response_action": "update", "view": {"type": "modal"}},
    "a window left out": {"response_action": "push"},
    "an unknown action": {"response_action": "dance"},
    "no acknowledgement": SILENCE,
}


@pytest.mark.parametrize("case", BROKEN)
def test_an_answer_that_slack_does_not_understand_leaves_the_window_as_it_was(
    app: App, stage: Stage, window: Json, case: str
) -> None:
    if BROKEN[case] == SILENCE:
        stage.sandbox.sockets.ack_seconds = 0.1
    app.answer = lambda request: BROKEN[case]

    told = submit(stage, window)

    [still_open] = told["views"]
    assert told["notice"] == TROUBLE
    assert still_open["id"] == window["id"]
    assert value_of(still_open) == "Shipped the pilot"
    assert len(app.requests) == 1


FIELDS: list[tuple[str, Json, str | None]] = [
    ("plain_text_input", {}, None),
    ("plain_text_input", {"min_length": 5}, "Word"),
    ("plain_text_input", {"max_length": 3}, "Word"),
    ("number_input", {"is_decimal_allowed": False}, "1.5"),
    ("number_input", {"is_decimal_allowed": True}, "many"),
    ("number_input", {"is_decimal_allowed": True, "max_value": "4"}, "4.5"),
    ("number_input", {"is_decimal_allowed": True, "min_value": "4"}, "3.5"),
    ("email_text_input", {}, "ana@example"),
    ("url_text_input", {}, "example.com"),
]


@pytest.mark.parametrize(("kind", "bounds", "text"), FIELDS)
def test_slack_looks_at_a_field_before_the_app_hears_of_it(
    app: App, stage: Stage, kind: str, bounds: Json, text: str | None
) -> None:
    element = {"type": kind, "action_id": "text"} | bounds
    client = stage.client()
    opened = client.views_open(trigger_id=stage.trigger(), view=a_window(a_field(element=element)))[
        "view"
    ]
    state = {"type": kind, "value": text}
    stage.act(
        "fill",
        user=ANA,
        view_id=opened["id"],
        block_id="progress",
        action_id="text",
        state=state,
    )

    [still_open] = submit(stage, opened)["views"]

    assert still_open["errors"]["progress"].startswith("Please ")
    assert app.requests == []


def test_an_optional_field_may_stay_empty(app: App, stage: Stage) -> None:
    view = a_window(a_field(optional=True))
    opened = stage.client().views_open(trigger_id=stage.trigger(), view=view)["view"]

    assert submit(stage, opened)["views"] == []
    assert len(app.requests) == 1


def test_a_window_is_its_owners_alone(stage: Stage, window: Json) -> None:
    answer = stage.act("submit", user=BEN, view_id=window["id"])

    assert answer == {"ok": False, "error": "not_found"}


@pytest.mark.parametrize("wants_to_hear", [True, False])
def test_an_app_hears_of_a_closed_window_if_it_asked_to(
    app: App, stage: Stage, wants_to_hear: bool
) -> None:
    view = a_window(notify_on_close=wants_to_hear)
    opened = stage.client().views_open(trigger_id=stage.trigger(), view=view)["view"]

    stage.act("close", user=ANA, view_id=opened["id"])

    kinds = [request.payload["type"] for request in app.requests]
    assert kinds == (["view_closed"] if wants_to_hear else [])
    assert windows_of(stage) == []


def test_a_field_that_tells_of_each_change_comes_with_all_that_is_filled_in(
    app: App, stage: Stage, window: Json
) -> None:
    stage.act(
        "press",
        user=ANA,
        view_id=window["id"],
        block_id="progress",
        action_id="text",
        facts=typed("Now"),
    )

    payload = app.of("interactive")[0].payload
    assert payload["container"] == {"type": "view", "view_id": window["id"]}
    assert value_of(payload["view"]) == "Shipped the pilot"
    assert payload["actions"][0]["value"] == "Now"


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
