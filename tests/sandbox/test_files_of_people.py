"""Files that people share: what the app hears, what it fetches, what the page shows."""

import asyncio
import gc
import json
from base64 import b64encode
from collections.abc import AsyncIterator

import pytest

from sandbox.files import MOST_BYTES, Upload, path_of, take
from sandbox.page.files import size_in_words
from sandbox.slack_error import SlackError
from sandbox.workspace import Json
from tests.sandbox.conftest import (
    ANA,
    BEN,
    CLEO,
    CLOSED,
    EVENTS,
    OPEN,
    App,
    Stage,
    a_manifest,
    a_workspace,
    connecting,
    refused,
    running,
)
from tests.waiting import wait_until

DIRECT = "D0ANA"
REPORT = b"Quarter;Value\nQ1;7\n"


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """A workspace in which Ana and the app have written to each other."""
    stage.client().chat_postMessage(channel=ANA, text="Send me the report")
    return stage


def share(stage: Stage, content: bytes = REPORT, **named: object) -> Json:
    given = {"user": ANA, "channel": DIRECT, "name": "report.csv", "text": "Here"} | named
    return stage.act("upload", content_base64=b64encode(content).decode(), **given)


def heard(app: App, kind: str = "message") -> list[Json]:
    told = [request.payload["event"] for request in app.of("events_api")]
    return [event for event in told if event["type"] == kind]


def page(stage: Stage, place: str = DIRECT, user: str = ANA) -> str:
    return stage.http.get(f"/as/{user}/{place}").text


def test_the_app_hears_of_a_file_in_a_direct_message(app: App, stage: Stage) -> None:
    share(stage)

    wait_until(lambda: heard(app))
    [event] = heard(app)
    assert (event["subtype"], event["channel_type"]) == ("file_share", "im")
    assert (event["user"], event["channel"], event["text"]) == (ANA, DIRECT, "Here")
    [file] = event["files"]
    assert (file["name"], file["mimetype"], file["filetype"]) == ("report.csv", "text/csv", "csv")
    assert (file["size"], file["user"], file["mode"]) == (len(REPORT), ANA, "hosted")
    assert file["ims"] == [DIRECT]


def test_the_app_fetches_what_was_shared_with_it(app: App, stage: Stage) -> None:
    share(stage, b"\x00\xffsome bytes")

    wait_until(lambda: heard(app))
    [file] = heard(app)[0]["files"]
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    answers = [stage.http.get(file[at], headers=headers) for at in ("url_private_download",)]
    assert [answer.content for answer in answers] == [b"\x00\xffsome bytes"]
    assert stage.client().files_info(file=file["id"])["file"]["name"] == "report.csv"


def test_a_file_that_was_shared_where_the_app_is_not_is_unknown_to_it(
    app: App, stage: Stage
) -> None:
    share(stage, channel=CLOSED)
    [message] = stage.ask("messages", channel=CLOSED)["messages"]
    file = message["files"][0]

    answer = stage.http.get(file["url_private"], headers={"Authorization": "Bearer xoxb-sandbox"})

    assert answer.status_code == 302
    assert refused(stage.client().files_info, file=file["id"])["error"] == "file_not_found"
    assert heard(app) == []


def test_a_file_needs_no_words(app: App, stage: Stage) -> None:
    share(stage, text="")

    wait_until(lambda: heard(app))
    assert heard(app)[0]["text"] == ""


def test_what_somebody_else_shared_cannot_be_taken_back_by_the_app(stage: Stage) -> None:
    share(stage)
    [file_id] = stage.workspace.files

    assert refused(stage.client().files_delete, file=file_id)["error"] == "cant_delete_file"


def test_file_shared_is_told_to_an_app_that_asked_for_it() -> None:
    manifest = a_manifest(events=[*EVENTS, "file_shared"])
    with running(manifest) as stage, connecting(stage) as connect:
        app = connect()
        stage.client().chat_postMessage(channel=ANA, text="Send me the report")
        share(stage)

        wait_until(lambda: heard(app, "file_shared"))
        [event] = heard(app, "file_shared")

    assert (event["user_id"], event["channel_id"]) == (ANA, DIRECT)
    assert event["file"] == {"id": event["file_id"]}


def test_file_shared_is_not_told_to_an_app_that_did_not_ask(app: App, stage: Stage) -> None:
    share(stage)

    wait_until(lambda: heard(app))
    assert heard(app, "file_shared") == []


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"user": BEN}, "channel_not_found"),
        ({"user": CLEO, "channel": OPEN}, "not_in_channel"),
        ({"content": b""}, "file_is_empty"),
    ],
    ids=["another's place", "no member", "empty"],
)
def test_a_file_that_cannot_be_shared_leaves_nothing(stage: Stage, given: Json, error: str) -> None:
    content = given.pop("content", REPORT)

    answer = share(stage, content, **given)

    assert answer == {"ok": False, "error": error}
    assert stage.workspace.files == {}


def test_what_is_not_base64_is_refused(stage: Stage) -> None:
    answer = stage.act("upload", user=ANA, channel=DIRECT, name="a.txt", content_base64="é!")

    assert answer["ok"] is False
    assert stage.workspace.files == {}


async def megabytes(count: int, and_bytes: int = 0) -> AsyncIterator[bytes]:
    for chunk in [bytes(1024 * 1024)] * count + [bytes(and_bytes)]:
        yield chunk


def test_250_megabytes_are_taken_and_go_to_the_disk() -> None:
    workspace = a_workspace()
    upload = Upload("recording.mp4", MOST_BYTES, megabytes(250))

    file = asyncio.run(take(workspace, ANA, upload))

    assert path_of(workspace, file).stat().st_size == MOST_BYTES == 250 * 1024 * 1024


def test_a_byte_more_is_too_large() -> None:
    workspace = a_workspace()
    upload = Upload("recording.mp4", MOST_BYTES + 1, megabytes(250, and_bytes=1))

    with pytest.raises(SlackError, match="file_upload_size_restricted"):
        asyncio.run(take(workspace, ANA, upload))

    assert workspace.files == {}


def test_the_bytes_go_when_the_workspace_goes() -> None:
    workspace = a_workspace()
    folder = workspace.folder
    assert folder.exists()

    del workspace
    gc.collect()

    assert not folder.exists()


def attach(stage: Stage, name: str = "report.csv", text: str = "Here", **more: str) -> str:
    """Send a message with a file on the page; return what the person is told went wrong."""
    answer = stage.http.post(
        f"/as/{ANA}/{DIRECT}/say",
        data={"text": text, "thread_ts": "", **more},
        files={"file": (name, REPORT if name else b"")},
    )
    if answer.status_code == 204:
        return ""
    notice: str = json.loads(answer.headers["hx-trigger"])["notice"]["text"]
    return notice


def test_the_page_sends_a_file_and_shows_its_name_and_size(app: App, stage: Stage) -> None:
    notice = attach(stage, "report <b>.csv", "Look: <!channel>")

    wait_until(lambda: heard(app))
    assert notice == ""
    assert heard(app)[0]["files"][0]["name"] == "report <b>.csv"
    assert heard(app)[0]["text"] == "Look: &lt;!channel&gt;"
    shown = page(stage)
    assert "report &lt;b&gt;.csv" in shown
    assert "19 bytes" in shown


def test_a_file_is_a_reply_where_the_thread_is_open(stage: Stage) -> None:
    [first] = stage.ask("messages", channel=DIRECT)["messages"]

    attach(stage, thread_ts=first["ts"])

    assert stage.ask("messages", channel=DIRECT)["messages"][1]["thread_ts"] == first["ts"]


def test_a_file_is_a_reply_for_all_if_so_asked(stage: Stage) -> None:
    [first] = stage.ask("messages", channel=DIRECT)["messages"]

    attach(stage, thread_ts=first["ts"], reply_broadcast="1")

    [_, reply] = stage.ask("messages", channel=DIRECT)["messages"]
    assert (reply["subtype"], reply["thread_ts"]) == ("thread_broadcast", first["ts"])


def test_no_file_chosen_is_a_message_alone(app: App, stage: Stage) -> None:
    attach(stage, name="", text="Hi")

    wait_until(lambda: heard(app))
    [event] = heard(app)
    assert (event["text"], "files" in event, "subtype" in event) == ("Hi", False, False)


def test_a_command_is_a_command_also_where_files_can_be_sent(app: App, stage: Stage) -> None:
    attach(stage, name="", text="/ai-status")

    assert len(app.of("slash_commands")) == 1


def test_files_are_offered_in_direct_messages_with_the_app_alone(stage: Stage) -> None:
    stage.act("message", user=ANA, channel=OPEN, text="Hi")

    assert "Attach a file" in page(stage)
    assert 'type="file"' in page(stage)
    assert "Attach a file" not in page(stage, OPEN)


def test_what_somebody_shared_is_open_to_those_who_may_look(stage: Stage) -> None:
    share(stage)
    share(stage, channel=OPEN)
    [alone, in_the_open] = stage.workspace.files

    def status(user: str, file_id: str) -> int:
        return stage.http.get(f"/as/{user}/files/{file_id}").status_code

    assert [status(user, alone) for user in (ANA, BEN, CLEO)] == [200, 404, 404]
    assert [status(user, in_the_open) for user in (ANA, BEN, CLEO)] == [200, 200, 200]


def test_a_name_is_a_name_and_no_path(stage: Stage) -> None:
    share(stage, name="../../evil.sh")

    [file] = stage.workspace.files.values()
    assert file.name == "evil.sh"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (250_000_000, "250.0 MB"),
    ],
)
def test_a_size_is_said_as_people_say_it(size: int, words: str) -> None:
    assert size_in_words(size) == words
