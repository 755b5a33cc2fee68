"""The bot behind signed HTTP."""

import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox.http_events import HttpEvents
from tests.acceptance.conftest import FRIDAY
from tests.acceptance.rig import LEAD, SECRET, Rig, build_rig
from tests.waiting import PATIENCE_SECONDS, free_port, wait_until


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


def test_what_is_not_signed_is_refused(rig: Rig, address: str) -> None:
    fields = {"command": "/ai-status", "text": "missing", "user_id": LEAD, "team_id": "T1"}
    unsigned = httpx.post(f"http://{address}/slack/events", data=fields)

    assert unsigned.status_code == 401


def test_told_to_stop_it_ends_well(rig: Rig) -> None:
    rig.bots[-1].send_signal(signal.SIGTERM)

    assert rig.bots[-1].wait(timeout=PATIENCE_SECONDS) == 0
