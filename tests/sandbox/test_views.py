"""views.*: windows opened by a trigger, stacked, changed; App Homes."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.slack_error import SlackError
from sandbox.tickets import TRIGGER_SECONDS, Tickets
from sandbox.workspace import Json
from tests.sandbox.conftest import (
    ANA,
    BEN,
    Stage,
    a_field,
    a_home,
    a_section,
    a_window,
    refused,
    typed,
)


class Stopwatch:
    """Monotonic seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def windows_of(stage: Stage, user_id: str = ANA) -> list[Json]:
    told: list[Json] = stage.ask("views", user=user_id)["views"]
    return told


def opened(stage: Stage, view: Json | None = None) -> Json:
    """Return a window that the app has just opened for Ana."""
    answer = stage.client().views_open(trigger_id=stage.trigger(), view=view or a_window())
    view_told: Json = answer["view"]
    return view_told


def values(window: Json) -> Json:
    """Return what is typed in each field of text."""
    return {
        block_id: next(iter(actions.values()))["value"]
        for block_id, actions in window["state"]["values"].items()
    }


@pytest.mark.parametrize(
    ("age_seconds", "error"), [(TRIGGER_SECONDS, None), (TRIGGER_SECONDS + 0.001, "expired")]
)
def test_a_trigger_lives_for_three_seconds(age_seconds: float, error: str | None) -> None:
    watch = Stopwatch()
    tickets = Tickets(monotonic=watch)
    trigger = tickets.issue_trigger(ANA)

    watch.seconds += age_seconds

    if error is None:
        assert tickets.use_trigger(trigger).user_id == ANA
    else:
        with pytest.raises(SlackError, match="expired_trigger_id"):
            tickets.use_trigger(trigger)


def test_an_old_trigger_opens_no_window(client: WebClient, stage: Stage) -> None:
    trigger = stage.trigger()
    stage.sandbox.tickets.triggers[trigger].issued -= stage.sandbox.tickets.trigger_seconds + 1

    answer = refused(client.views_open, trigger_id=trigger, view=a_window())

    assert answer["error"] == "expired_trigger_id"
    assert windows_of(stage) == []


def test_a_trigger_opens_one_window(client: WebClient, stage: Stage) -> None:
    trigger = stage.trigger()
    client.views_open(trigger_id=trigger, view=a_window())

    answer = refused(client.views_open, trigger_id=trigger, view=a_window())

    assert answer["error"] == "exchanged_trigger_id"
    assert len(windows_of(stage)) == 1


def test_a_made_up_trigger_opens_nothing(client: WebClient) -> None:
    answer = refused(client.views_open, trigger_id="1.2.abc", view=a_window())

    assert answer["error"] == "invalid_trigger_id"


def test_a_window_is_on_the_screen_of_who_did_something(stage: Stage) -> None:
    window = opened(stage)

    assert [one["id"] for one in windows_of(stage)] == [window["id"]]
    assert windows_of(stage, BEN) == []
    assert window["root_view_id"] == window["id"]
    assert window["hash"]


def test_a_window_that_slack_would_refuse_leaves_its_trigger_unused(
    client: WebClient, stage: Stage
) -> None:
    trigger = stage.trigger()

    answer = refused(client.views_open, trigger_id=trigger, view=a_window(title="x" * 25))

    assert answer["error"] == "invalid_arguments"
    assert any("/title" in told for told in answer["response_metadata"]["messages"])
    assert client.views_open(trigger_id=trigger, view=a_window())["ok"]


def test_an_app_home_is_no_window(client: WebClient, stage: Stage) -> None:
    answer = refused(client.views_open, trigger_id=stage.trigger(), view=a_home())

    assert answer["error"] == "invalid_arguments"


def test_windows_stand_three_deep(client: WebClient, stage: Stage) -> None:
    first = opened(stage)
    second = client.views_push(trigger_id=stage.trigger(), view=a_window())["view"]
    client.views_push(trigger_id=stage.trigger(), view=a_window())

    answer = refused(client.views_push, trigger_id=stage.trigger(), view=a_window())

    assert answer["error"] == "push_limit_reached"
    assert len(windows_of(stage)) == 3
    assert second["root_view_id"] == second["previous_view_id"] == first["id"]


def test_nothing_is_pushed_where_no_window_is_open(client: WebClient, stage: Stage) -> None:
    answer = refused(client.views_push, trigger_id=stage.trigger(), view=a_window())

    assert answer["error"] == "not_found"


def test_closing_a_window_closes_those_on_top_of_it(client: WebClient, stage: Stage) -> None:
    first = opened(stage)
    second = client.views_push(trigger_id=stage.trigger(), view=a_window())["view"]
    client.views_push(trigger_id=stage.trigger(), view=a_window())

    stage.act("close", user=ANA, view_id=second["id"])

    assert [one["id"] for one in windows_of(stage)] == [first["id"]]


def test_a_window_opened_anew_takes_the_place_of_the_others(
    client: WebClient, stage: Stage
) -> None:
    opened(stage)
    client.views_push(trigger_id=stage.trigger(), view=a_window())

    newest = opened(stage)

    assert [one["id"] for one in windows_of(stage)] == [newest["id"]]


def test_a_change_made_from_an_older_state_is_refused(client: WebClient, stage: Stage) -> None:
    window = opened(stage)
    changed = client.views_update(view_id=window["id"], hash=window["hash"], view=a_window())

    answer = refused(
        client.views_update, view_id=window["id"], hash=window["hash"], view=a_window(title="Lost")
    )

    assert answer["error"] == "hash_conflict"
    assert windows_of(stage)[0]["hash"] == changed["view"]["hash"] != window["hash"]
    assert windows_of(stage)[0]["title"]["text"] == "Update"


def test_a_field_whose_ids_stay_keeps_what_was_typed(client: WebClient, stage: Stage) -> None:
    window = opened(stage, a_window(a_field("progress"), a_field("blockers")))
    for block_id in ("progress", "blockers"):
        stage.act(
            "fill",
            user=ANA,
            view_id=window["id"],
            block_id=block_id,
            action_id="text",
            state=typed("Words"),
        )

    changed = client.views_update(
        view_id=window["id"], view=a_window(a_section(), a_field("progress"), a_field("other"))
    )["view"]

    assert values(changed) == {"progress": "Words", "other": None}


def test_a_field_whose_action_has_another_name_begins_anew(client: WebClient, stage: Stage) -> None:
    window = opened(stage)
    stage.act(
        "fill",
        user=ANA,
        view_id=window["id"],
        block_id="progress",
        action_id="text",
        state=typed("Words"),
    )
    element = {"type": "plain_text_input", "action_id": "again", "initial_value": "Prefilled"}

    changed = client.views_update(view_id=window["id"], view=a_window(a_field(element=element)))[
        "view"
    ]

    assert values(changed) == {"progress": "Prefilled"}


def test_a_window_is_found_by_the_apps_own_name_for_it(client: WebClient, stage: Stage) -> None:
    window = opened(stage, a_window(external_id="update-7"))

    changed = client.views_update(external_id="update-7", view=a_window(title="Changed"))

    assert changed["view"]["id"] == window["id"]


@pytest.mark.parametrize("given", [{}, {"view_id": "V1", "external_id": "update-7"}])
def test_a_change_names_one_window(client: WebClient, given: dict[str, Any]) -> None:
    answer = refused(client.api_call, "views.update", json={"view": a_window(), **given})

    assert answer["error"] == "invalid_arguments"


def test_a_window_that_was_closed_is_not_changed(client: WebClient, stage: Stage) -> None:
    window = opened(stage)
    stage.act("close", user=ANA, view_id=window["id"])

    answer = refused(client.views_update, view_id=window["id"], view=a_window())

    assert answer["error"] == "not_found"


CHOICE = {"text": {"type": "plain_text", "text": "On track"}, "value": "green"}
STARTS: list[tuple[Json, Json]] = [
    ({"type": "plain_text_input", "initial_value": "So far"}, {"value": "So far"}),
    ({"type": "number_input", "is_decimal_allowed": False}, {"value": None}),
    (
        {"type": "static_select", "options": [CHOICE], "initial_option": CHOICE},
        {"selected_option": CHOICE},
    ),
    ({"type": "checkboxes", "options": [CHOICE]}, {"selected_options": []}),
    ({"type": "datepicker", "initial_date": "2026-03-04"}, {"selected_date": "2026-03-04"}),
    ({"type": "timepicker"}, {"selected_time": None}),
    ({"type": "users_select", "initial_user": ANA}, {"selected_user": ANA}),
    (
        {"type": "multi_channels_select", "initial_channels": ["C0OPEN"]},
        {"selected_channels": ["C0OPEN"]},
    ),
    ({"type": "rich_text_input"}, {"rich_text_value": None}),
]


@pytest.mark.parametrize(("element", "held"), STARTS, ids=[one["type"] for one, _ in STARTS])
def test_a_field_holds_what_the_app_gave_it_before_anybody_touches_it(
    stage: Stage, element: Json, held: Json
) -> None:
    window = opened(stage, a_window(a_field(element=element | {"action_id": "text"})))

    state = window["state"]["values"]["progress"]["text"]

    assert state == {"type": element["type"]} | held


def test_a_home_is_published_again_in_its_place(client: WebClient, stage: Stage) -> None:
    first = client.views_publish(user_id=ANA, view=a_home("Monday"))["view"]

    second = client.views_publish(user_id=ANA, hash=first["hash"], view=a_home("Tuesday"))["view"]
    answer = refused(client.views_publish, user_id=ANA, hash=first["hash"], view=a_home("Late"))

    home = stage.ask("views", user=ANA)["home"]
    assert (second["id"], second["type"]) == (first["id"], "home")
    assert answer["error"] == "hash_conflict"
    assert home["blocks"][0]["text"]["text"] == "Tuesday"


@pytest.mark.parametrize(
    ("user_id", "view", "error"),
    [("U0NOBODY", a_home(), "user_not_found"), (ANA, a_window(), "invalid_arguments")],
    ids=["nobody", "modal"],
)
def test_a_home_is_somebodys_and_a_home(
    client: WebClient, user_id: str, view: Json, error: str
) -> None:
    assert refused(client.views_publish, user_id=user_id, view=view)["error"] == error
