"""Windows submitted and closed: what the app hears, and what it may answer."""

import pytest

from sandbox.workspace import Json
from tests.sandbox.conftest import (
    ANA,
    BEN,
    SILENCE,
    App,
    Stage,
    a_field,
    a_window,
    typed,
)
from tests.waiting import wait_until

TROUBLE = "We had some trouble connecting. Try again?"


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
    wait_until(lambda: len(app.requests) == 1)


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
    assert app.of("interactive") == []


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
