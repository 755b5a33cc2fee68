"""Whatever people write, through whichever door: no line of the log holds it, at any level."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from slack_sdk import WebClient

from sandbox.app_transport import AppTransport
from sandbox.http_events import HttpEvents
from sandbox.web_api import BOT_TOKEN
from tests.acceptance.conftest import FRIDAY
from tests.acceptance.rig import LEAD, SECRET, Rig, build_rig
from tests.factories import COORDINATION
from tests.waiting import free_port, wait_until

LEAD_DM = "D0LEAD"
# Each word is looked for by itself: in quotes, cut or escaped it would be written as well.
WORDS = "zyxwordone <!channel> %s {zyxwordtwo} [parameters: ('zyxwordthree',)]\nDETAIL: zyxwordfour"
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(params=["console", "json"])
def log_format(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["socket", "http"])
def rig(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: str, log_format: str
) -> Iterator[Rig]:
    address = f"127.0.0.1:{free_port()}"
    url = f"http://{address}/slack/events"
    transport: AppTransport | None = HttpEvents(url, SECRET) if request.param == "http" else None
    rig, server = build_rig(tmp_path, database_url, FRIDAY, transport)
    rig.settings |= {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": log_format}
    with server:
        if transport is None:
            rig.start_on_socket()
        else:
            rig.start_bot("--http", address)
            wait_until(lambda: is_refused(url))
        rig.import_company()
        WebClient(token=BOT_TOKEN, base_url=f"{server.url}/api/").conversations_open(users=LEAD)
        yield rig
        rig.stop()


def is_refused(url: str) -> bool:
    """Tell whether somebody answers there; what they are sent is not signed."""
    try:
        return httpx.post(url, data={"command": "/ai-status", "text": WORDS}).status_code == 401
    except httpx.TransportError:
        return False


@only_sqlite
def test_no_line_holds_what_was_written(rig: Rig) -> None:
    rig.do("command", user=LEAD, channel=COORDINATION, text=f"/ai-project find {WORDS}")
    rig.do("command", user=LEAD, channel=COORDINATION, text=f"/ai-status {WORDS}")
    form = rig.open_form(LEAD)
    rig.fill(LEAD, form, progress=WORDS, blockers=WORDS)
    rig.do("submit", user=LEAD, view_id=form["id"])  # refused: nothing is picked
    rig.do("faults", method="views.open", kind="server_error")
    rig.do("command", user=LEAD, channel=COORDINATION, text="/ai-status")
    rig.choose_on_track(LEAD, form)
    filed = rig.do("submit", user=LEAD, view_id=form["id"])
    rig.do("message", user=LEAD, channel=LEAD_DM, text=WORDS)
    content = b64encode(WORDS.encode()).decode()
    rig.do("upload", user=LEAD, channel=LEAD_DM, name=f"{WORDS[:10]}.csv", content_base64=content)
    rig.do("user", user=LEAD, facts={"name": WORDS})
    wait_until(lambda: "send_inventory" in rig.log)
    table = rig.folder / "more.csv"
    table.write_text("key,name,department\nX-1,zyxwordone,zyxwordtwo,zyxwordthree\n")
    inventory = rig.folder / "inventory.csv"
    inventory.write_text("Name,Department,Purpose\nzyxwordone,zyxwordtwo,zyxwordthree\n")
    imported = [
        rig.run("import", str(table)),
        rig.run("import", "inventory", str(inventory), "--yes"),
    ]

    assert "✅ Filed" in str(filed["views"][-1]["blocks"])
    assert "file_update" in rig.log
    assert "zyxword" not in rig.log
    assert not [ended.stderr for ended in imported if "debug" in ended.stderr.casefold()]
