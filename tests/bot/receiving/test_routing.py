"""Listeners are found by name; what Bolt would have asked is asked, and in the same order."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import Ack, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.receiving.routing import RoutedApp
from tests.factories import TEAM

Body = dict[str, Any]
NAMES = ["open", "turn_1", "turn_list_2", "turn_", "pick_found_3", "pick", "", "_", "turn"]
PATTERNS = [re.compile("^turn_"), re.compile("^turn_list_"), re.compile("^pick_found_"), "open"]


def an_app() -> RoutedApp:
    known = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_id="B1", bot_user_id="U_BOT")
    return RoutedApp(
        client=WebClient(token="xoxb-1"),
        authorize=lambda: known,
        request_verification_enabled=False,
        process_before_response=True,
        token_verification_enabled=False,
    )


def pressed(name: str) -> Body:
    action = {"type": "button", "action_id": name, "block_id": "b"}
    return {"type": "block_actions", "actions": [action]}


def submitted(name: str) -> Body:
    return {"type": "view_submission", "view": {"callback_id": name, "type": "modal"}}


def typed(name: str) -> Body:
    return {"command": f"/{name}"}


def told(name: str) -> Body:
    return {"type": "event_callback", "event": {"type": name or "x", "user": "U1"}}


def picked(name: str) -> Body:
    return {"type": "message_action", "callback_id": name}


def ask(app: RoutedApp, body: Body) -> int:
    body = body | {"team_id": TEAM, "user_id": "U1", "user": {"id": "U1"}, "team": {"id": TEAM}}
    return app.dispatch(BoltRequest(body=body, mode="socket_mode")).status


@pytest.fixture(scope="module")
def heard() -> list[str]:
    return []


@pytest.fixture(scope="module")
def app(heard: list[str]) -> RoutedApp:
    app = an_app()

    def note(what: str) -> Any:
        def listener(ack: Ack) -> None:
            heard.append(what)
            ack()

        return listener

    for pattern in PATTERNS:
        app.action(pattern)(note(f"action {pattern}"))
        app.view(pattern)(note(f"view {pattern}"))
    app.action("turn_list_2")(note("never: an earlier one is meant"))
    app.command("/open")(note("command"))
    app.command(re.compile(r"^/p.ck$"))(note("command by a pattern of its own"))
    app.event("message")(note("event"))
    app.message_shortcut("pick")(note("shortcut in the menu"))
    app.action({"action_id": "pick", "block_id": "b"})(note("by its block"))
    app.shortcut("open")(note("any shortcut"))
    return app


@pytest.mark.parametrize("asked", [pressed, submitted, typed, told, picked])
@pytest.mark.parametrize("name", [*NAMES, "message"])
def test_the_first_that_bolt_would_have_found_answers(
    app: RoutedApp, heard: list[str], asked: Any, name: str
) -> None:
    body = asked(name)
    request = BoltRequest(body=body, mode="socket_mode")
    meant = [one for one in app._routes.all if one.matches(req=request, resp=None)]  # type: ignore[arg-type]
    found = [one for one in app._routes.meant(body) if one.matches(req=request, resp=None)]  # type: ignore[arg-type]
    heard.clear()

    status = ask(app, body)

    assert found == meant
    assert (status, len(heard)) == ((200, 1) if meant else (404, 0))


def test_only_those_that_can_be_meant_are_asked(app: RoutedApp) -> None:
    many = an_app()
    for number in range(150):
        many.action(f"button_{number}")(lambda ack: ack())

    assert len(many._routes.meant(pressed("button_149"))) == 1
    assert len(many._listeners) == 150
    assert len(app._routes.meant(pressed("turn_list_2"))) < len(app._listeners) / 2


@given(st.dictionaries(st.sampled_from(["type", "command", "actions", "view", "event"]), st.text()))
def test_a_body_of_any_shape_has_its_candidates(body: Body) -> None:
    assert an_app()._routes.meant(body) == []
