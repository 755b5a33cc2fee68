import json
from collections.abc import Sequence
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import BoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.app import build_app
from bot.receiving.inbox import InboxApp
from tests.factories import TEAM
from tests.fakes import FakeSlack, only
from workflows.services import Services

Answer = dict[str, Any]
FORM = "application/x-www-form-urlencoded"


class Workspace:
    """What a person can do in Slack, sent to the app as Slack sends it."""

    def __init__(self, app: InboxApp) -> None:
        self.app = app
        self.team = TEAM  # that people come from
        self.statuses: tuple[int, ...] = (200,)  # that are expected
        self._event_ids = count(1)
        self._triggers = count(1)  # Slack gives each command and each press another

    def command(
        self, text: str = "", user: str = "U_LEAD", name: str = "/ai-status", trigger: str = ""
    ) -> Answer:
        fields = {"command": name, "text": text, "user_id": user, "team_id": self.team}
        told = {"trigger_id": trigger or self._trigger(), "channel_id": "C1"}
        return self._send(urlencode({**fields, **told}))

    def press(self, action_id: str, value: str = "", user: str = "U_LEAD", **body: Any) -> Answer:
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        return self._payload("block_actions", user, actions=[action], **body)

    def choose(self, action_id: str, value: str, user: str = "U_LEAD") -> Answer:
        action = {"type": "overflow", "action_id": action_id, "selected_option": {"value": value}}
        return self._payload("block_actions", user, actions=[action])

    def type(self, view: Answer, field: str, user: str = "U_LEAD") -> Answer:
        action = {"type": "plain_text_input", "action_id": "text", "block_id": field}
        return self._payload("block_actions", user, actions=[action], view=view)

    def submit(self, view: Answer, user: str = "U_LEAD") -> Answer:
        return self._payload("view_submission", user, view=view)

    def event(self, event_id: str = "", token: str = "", **event: Any) -> Answer:
        body = {
            "type": "event_callback",
            "team_id": self.team,
            "event_id": event_id or f"Ev{next(self._event_ids)}",
            "event": event,
            "token": token,
        }
        return self._send(json.dumps(body), "application/json")

    def _trigger(self) -> str:
        return f"trigger-{next(self._triggers)}"

    def _payload(self, kind: str, user: str, **content: Any) -> Answer:
        payload = {"type": kind, "team": {"id": self.team}, "user": {"id": user}, **content}
        payload.setdefault("trigger_id", self._trigger())
        return self._send(urlencode({"payload": json.dumps(payload)}))

    def _send(self, body: str, content_type: str = FORM) -> Answer:
        headers: dict[str, str | Sequence[str]] = {"content-type": content_type}
        response = self.app.dispatch(BoltRequest(body=body, headers=headers))
        assert response.status in self.statuses, response.body
        return json.loads(response.body) if response.body else {}


@pytest.fixture
def workspace(services: Services, slack: FakeSlack) -> Workspace:
    return build_workspace(services, slack)


def build_workspace(services: Services, slack: FakeSlack) -> Workspace:
    """Return a workspace whose app talks to the fake."""
    app = InboxApp(
        client=slack,
        authorize=lambda: AuthorizeResult(
            enterprise_id=None, team_id=TEAM, bot_token="xoxb-fake", bot_user_id="U_BOT"
        ),
        request_verification_enabled=False,
        signing_secret="s",
        process_before_response=True,
    )
    return Workspace(build_app(app, services, only(slack)))


def filled(view: Answer, **texts: str) -> Answer:
    """Return an opened form as a person would send it: prefilled, then changed."""
    values: Answer = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        if element["type"] == "radio_buttons":
            picked = texts.get("confidence")
            option = next((o for o in element["options"] if o["value"] == picked), None)
            chosen = {"selected_option": option or element.get("initial_option")}
            values[block["block_id"]] = {element["action_id"]: chosen}
        else:
            typed = texts.get(block["block_id"], element.get("initial_value"))
            values[block["block_id"]] = {element["action_id"]: {"value": typed}}
    return {**view, "id": "V1", "hash": "h1", "state": {"values": values}}
