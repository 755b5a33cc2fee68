"""What PostgreSQL can't hold is left out at each door, so that both kinds of database are alike."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import BoltRequest
from sqlmodel import select

from handlers.updates import update_form
from storage.models import Person, Update
from tests.bot.receiving.door import Door, opened
from tests.cli import Cli
from tests.factories import CALL_ON, TEAM, an_initiative, settle_in
from tests.fakes import FakeSlack
from tests.handlers.conftest import build_workspace
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services
from workflows.sweep import sweep

HALF = "\ud83d"  # of a surrogate pair, as JSON can write it
ODD = f"It\x00 wor{HALF}ks 😀"
BY = {"team": {"id": TEAM}, "user": {"id": "U_LEAD"}, "trigger_id": "1.2.abc"}


def a_submission() -> dict[str, Any]:
    values: dict[str, Any] = {
        "progress": {update_form.TEXT: {"type": "plain_text_input", "value": ODD}},
        "confidence": {"choice": {"selected_option": {"value": "on_track"}}},
    }
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": update_form.CALLBACK_ID,
        "hash": "h",
        "private_metadata": f'{{"key": "FIN-01", "call_on": "{CALL_ON}", "base_version": 0}}',
        "blocks": [{"type": "input", "block_id": "progress"}],
        "state": {"values": values},
    }
    return {"type": "view_submission", **BY, "view": view}


def an_event(number: int, **event: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}", "event": event}


def rows(services: Services, table: type[Any]) -> list[Any]:
    with services.transaction() as session:
        return list(session.exec(select(table)))


def settle(services: Services) -> None:
    ensure_next_round(services, TEAM)
    settle_in(services, an_initiative())
    sweep(services)


def post(door: Door, body: dict[str, Any]) -> int:
    if "event" in body:
        return door.signed(json.dumps(body).encode(), "application/json")
    return door.signed(urlencode({"payload": json.dumps(body)}).encode())


def test_over_http_what_is_typed_named_and_sent_is_kept_without_it(database_url: str) -> None:
    with opened(database_url) as door:
        settle(door.services)
        who = {"user_id": "U_LEAD", "team_id": TEAM}
        command = {"command": "/ai-project", "trigger_id": "1.2", **who}
        renamed = {"id": "U_LEAD", "profile": {"real_name": ODD}}
        file = {"id": "F1", "name": ODD}
        answers = [
            door.signed(urlencode({**command, "text": "find in\x00itiative"}).encode()),
            post(door, a_submission()),
            post(door, an_event(1, type="user_change", user=renamed)),
            post(
                door,
                an_event(2, type="message", channel_type="im", user="U_LEAD", files=[file]),
            ),
        ]

        assert answers == [200, 200, 200, 200]
        assert [update.progress for update in rows(door.services, Update)] == ["It works 😀"]
        assert [person.name for person in rows(door.services, Person)] == ["It works 😀"]


def test_over_the_socket_too(services: Services, slack: FakeSlack) -> None:
    settle(services)
    app = build_workspace(services, slack).app

    answered = app.dispatch(BoltRequest(body=a_submission(), mode="socket_mode"))

    assert answered.status == 200
    assert "errors" not in answered.body, answered.body
    assert [update.progress for update in rows(services, Update)] == ["It works 😀"]


@pytest.fixture
def cli(tmp_path: Path, api_url: str, database_url: str) -> Cli:
    cli = Cli(tmp_path, api_url)
    cli.settings["DATABASE_URL"] = database_url
    return cli


def test_a_table_of_initiatives_is_taken_without_it(cli: Cli) -> None:
    file = cli.folder / "initiatives.csv"
    head = "key,name,department,department_leads,lead,deputies,stage"
    file.write_bytes(f"{head}\nFIN-01,Fore\x00cast,Fin\x00ance,U1,U1,,pilot\n".encode())

    ended = cli.run("import", str(file))

    assert ended.returncode == 0, ended.stderr + ended.stdout


def test_an_inventory_is_taken_without_it(cli: Cli) -> None:
    file = cli.folder / "inventory.csv"
    lines = ["Name,Department,Purpose,Stage"]
    lines += [f"Tool {n},Fin\x00ance,Answers\x00 question {n},pilot" for n in range(5)]
    file.write_bytes("\n".join(lines).encode())

    ended = cli.run("import", "inventory", str(file), "--yes")

    assert ended.returncode == 0, ended.stderr + ended.stdout
