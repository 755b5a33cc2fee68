"""The bot behind signed HTTP."""

import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from slack_sdk.signature import SignatureVerifier

from bot.clock import utc_now
from sandbox.http_events import HttpEvents
from tests.acceptance.conftest import FRIDAY
from tests.acceptance.rig import LEAD, SECRET, Rig, build_rig
from tests.waiting import PATIENCE_SECONDS, free_port, wait_until
from workflows.registry.entries import show_entry
from workflows.services import Actor


@pytest.fixture
def address() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def rig(tmp_path: Path, database_url: str, address: str) -> Iterator[Rig]:
    app = HttpEvents(f"http://{address}/slack/events", SECRET, ack_seconds=PATIENCE_SECONDS)
    rig, server = build_rig(tmp_path, database_url, FRIDAY, app)
    with server:
        rig.start_bot("--http", address)
        wait_until(lambda: answers(address))
        rig.import_company()
        yield rig
        rig.stop()


def answers(address: str) -> bool:
    try:
        httpx.get(f"http://{address}/slack/events")
    except httpx.TransportError:
        return False
    return True


def test_a_signed_command_opens_the_form_and_a_signed_submission_files_it(rig: Rig) -> None:
    form = rig.open_form(LEAD)
    rig.fill(LEAD, form, progress="We shipped")
    rig.choose_on_track(LEAD, form)

    filed = rig.do("submit", user=LEAD, view_id=form["id"])

    assert "Filed: *" in str(filed["views"][-1]["blocks"])


def test_save_pressed_twice_at_the_same_moment_saves_one_milestone(rig: Rig, address: str) -> None:
    form = rig.open_form(LEAD, "/ai-project milestone FIN-01")
    rig.fill(LEAD, form, name_new="Model ready", committed_on="2027-03-31")
    shown = rig.do("submit", user=LEAD, view_id=form["id"])["views"][-1]
    team_id = rig.sandbox.workspace.team_id
    person = {"id": LEAD, "team_id": team_id}
    pressed = {"type": "view_submission", "team": {"id": team_id}, "user": person, "view": shown}
    body = urlencode({"payload": json.dumps(pressed | {"trigger_id": "1.2.3"})})

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: send_signed(address, body), range(2)))
    again = send_signed(address, body)

    assert again in both
    assert all("aved" in str(answer["view"]) for answer in both)
    known = show_entry(rig.services, Actor(team_id, LEAD), "FIN-01").facts.milestones
    assert [one.name for one in known] == ["Model ready"]


def send_signed(address: str, body: str) -> Any:
    """Send what Slack would, signed by its secret, and return what it is answered."""
    sent_at = str(int(utc_now().timestamp()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=sent_at, body=body)
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": sent_at,
        "x-slack-signature": str(signature),
    }
    url = f"http://{address}/slack/events"
    answer = httpx.post(url, content=body, headers=headers, timeout=PATIENCE_SECONDS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_is_not_signed_is_refused(rig: Rig, address: str) -> None:
    fields = {"command": "/ai-status", "text": "missing", "user_id": LEAD, "team_id": "T1"}
    unsigned = httpx.post(f"http://{address}/slack/events", data=fields)

    assert unsigned.status_code == 401


def test_told_to_stop_it_ends_well(rig: Rig) -> None:
    rig.bots[-1].send_signal(signal.SIGTERM)

    assert rig.bots[-1].wait(timeout=PATIENCE_SECONDS) == 0
