"""Files that the app sends: announced, uploaded, finished, shown, fetched, taken back."""

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from sandbox import snapshot
from sandbox.files import MOST_BYTES, path_of
from sandbox.manifest import Manifest
from sandbox.workspace import Json
from tests.sandbox.conftest import (
    ANA,
    BOT,
    CLOSED,
    ELSEWHERE,
    OPEN,
    SCOPES,
    Stage,
    a_home,
    a_manifest,
    a_section,
    a_window,
    a_workspace,
    refused,
    running,
)

CHART = "chart.png"
ALT = "Five initiatives, four on track"


def a_png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def upload(client: WebClient, name: str = CHART, **named: Any) -> Json:
    """Upload by the SDK's one call; without a channel it is shared nowhere."""
    file: Json = client.files_upload_v2(filename=name, content=a_png(), **named)["file"]
    return file


def announce(client: WebClient, length: int = 5, **named: Any) -> Json:
    told = client.files_getUploadURLExternal(filename="notes.txt", length=length, **named)
    return dict(told.data) if isinstance(told.data, dict) else {}


def an_image(file_id: str, **facts: object) -> Json:
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": ALT} | facts


def fetch(stage: Stage, url: str, token: str = "xoxb-sandbox") -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return stage.http.get(url, headers=headers)


def page(stage: Stage, place: str = OPEN, user: str = ANA) -> str:
    return stage.http.get(f"/as/{user}/{place}").text


def test_the_sdk_uploads_and_shares_a_file_unchanged(client: WebClient, stage: Stage) -> None:
    file = upload(client, channel=OPEN, initial_comment="This week", title="Week 10", alt_txt=ALT)

    [message] = stage.ask("messages", channel=OPEN)["messages"]
    assert (message["text"], message["user"]) == ("This week", BOT)
    assert [one["id"] for one in message["files"]] == [file["id"]]
    assert (file["name"], file["title"], file["alt_txt"]) == (CHART, "Week 10", ALT)
    assert (file["mimetype"], file["filetype"], file["size"]) == ("image/png", "png", len(a_png()))
    assert (file["original_w"], file["original_h"]) == (3, 2)
    assert file["shares"]["public"][OPEN] == [{"ts": message["ts"]}]


def test_several_files_stand_in_one_message_of_a_thread(client: WebClient, stage: Stage) -> None:
    ts = client.chat_postMessage(channel=OPEN, text="Week 10")["ts"]

    client.files_upload_v2(
        file_uploads=[
            {"filename": "a.csv", "content": "a;b"},
            {"filename": "b.ics", "content": "BEGIN:VCALENDAR"},
        ],
        channel=OPEN,
        thread_ts=ts,
    )

    reply = stage.ask("messages", channel=OPEN)["messages"][1]
    assert reply["thread_ts"] == ts
    assert [one["name"] for one in reply["files"]] == ["a.csv", "b.ics"]


def test_an_upload_in_a_form_is_taken_too(client: WebClient, stage: Stage) -> None:
    told = announce(client)

    answer = httpx.post(
        told["upload_url"], files={"filename": ("notes.txt", b"notes")}, trust_env=False
    )

    assert (answer.status_code, answer.text) == (200, "OK - 5")
    client.files_completeUploadExternal(files=[{"id": told["file_id"]}])
    url = client.files_info(file=told["file_id"])["file"]["url_private"]
    assert fetch(stage, url).content == b"notes"


@pytest.mark.parametrize("content", [b"note", b"notes!"], ids=["fewer", "more"])
def test_other_bytes_than_were_announced_are_refused_and_may_be_sent_again(
    client: WebClient, stage: Stage, content: bytes
) -> None:
    told = announce(client)

    answers = [stage.http.post(told["upload_url"], content=sent) for sent in (content, b"notes")]

    assert [answer.status_code for answer in answers] == [400, 200]


def test_an_address_takes_one_file_once(client: WebClient, stage: Stage) -> None:
    told = announce(client)
    stage.http.post(told["upload_url"], content=b"notes")

    again = stage.http.post(told["upload_url"], content=b"other")

    assert again.status_code == 404


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"length": 0}, "missing_argument"),
        ({"length": 1}, ""),
        ({"length": -1}, "invalid_arguments"),
        ({"length": MOST_BYTES}, ""),
        ({"length": MOST_BYTES + 1}, "file_upload_size_restricted"),
        ({"alt_txt": "x" * 1000}, ""),
        ({"alt_txt": "x" * 1001}, "alt_txt_too_large"),
        ({"snippet_type": "python"}, ""),
        ({"snippet_type": "cobol-85"}, "unknown_snippet_type"),
        ({"snippet_type": "text", "length": 1024 * 1024}, ""),
        ({"snippet_type": "text", "length": 1024 * 1024 + 1}, "snippet_too_large"),
        ({"colour": "red"}, "invalid_arg_name"),
    ],
)
def test_what_is_announced_has_limits(client: WebClient, asked: Json, error: str) -> None:
    if error:
        assert refused(announce, client, **asked)["error"] == error
    else:
        assert announce(client, **asked)["file_id"]


def test_a_name_is_required(client: WebClient) -> None:
    assert (
        refused(client.files_getUploadURLExternal, filename="", length=5)["error"]
        == "invalid_arguments"
    )


def test_what_was_not_uploaded_cannot_be_finished(client: WebClient) -> None:
    told = announce(client)

    for file_id in (told["file_id"], "F0NOWHERE"):
        answer = refused(client.files_completeUploadExternal, files=[{"id": file_id}])
        assert answer["error"] == "file_not_found"
    assert refused(client.files_info, file=told["file_id"])["error"] == "file_not_found"


def test_a_file_is_finished_once(client: WebClient) -> None:
    file = upload(client)

    answer = refused(client.files_completeUploadExternal, files=[{"id": file["id"]}])

    assert answer["error"] == "file_not_found"


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
        ({"channel_id": CLOSED}, "channel_not_found"),
        ({"channel_id": ELSEWHERE}, "not_in_channel"),
        ({"channel_id": ANA}, "invalid_arguments"),
        ({"channel_id": OPEN, "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel_id": OPEN, "blocks": json.dumps([{"type": "banner"}])}, "invalid_blocks"),
        ({"channels": [f"C{number}" for number in range(101)]}, "channels_limit_exceeded"),
    ],
)
def test_where_it_cannot_be_shared_it_is_not_finished_either(
    client: WebClient, stage: Stage, asked: Json, error: str
) -> None:
    told = announce(client)
    stage.http.post(told["upload_url"], content=b"notes")
    files = [{"id": told["file_id"]}]

    answer = refused(client.files_completeUploadExternal, files=files, **asked)

    assert answer["error"] == error
    assert client.files_completeUploadExternal(files=files)["ok"]


def test_no_files_are_no_upload(client: WebClient) -> None:
    answer = refused(client.files_completeUploadExternal, files=[])

    assert answer["error"] == "invalid_arguments"


def test_channels_takes_people_and_shares_with_each_once(client: WebClient, stage: Stage) -> None:
    file = upload(client, channels=[OPEN, ANA, OPEN])

    told = client.files_info(file=file["id"])["file"]
    assert (told["channels"], told["ims"]) == ([OPEN], ["D0ANA"])


def test_a_comment_makes_blocks_ignored(client: WebClient, stage: Stage) -> None:
    upload(client, channel=OPEN, blocks=json.dumps([a_section("In a block")]))
    ignored = json.dumps([a_section("Ignored")])
    upload(client, channel=OPEN, blocks=ignored, initial_comment="In words")

    blocks, words = stage.ask("messages", channel=OPEN)["messages"]
    assert blocks["blocks"][0]["text"]["text"] == "In a block"
    assert (words["text"], "blocks" in words) == ("In words", False)


@pytest.mark.parametrize("address", ["url_private", "url_private_download"])
def test_the_apps_token_fetches_the_bytes(client: WebClient, stage: Stage, address: str) -> None:
    file = upload(client, "Ünï kød.png")

    answer = fetch(stage, file[address])

    assert answer.content == a_png()
    assert answer.headers["content-type"] == "image/png"
    is_download = answer.headers["content-disposition"].startswith("attachment")
    assert is_download == (address == "url_private_download")


@pytest.mark.parametrize("token", ["", "xoxb-other", "xapp-sandbox"])
def test_anybody_else_is_led_to_the_page_where_people_sign_in(
    client: WebClient, stage: Stage, token: str
) -> None:
    url = upload(client)["url_private"]

    answer = fetch(stage, url, token)
    followed = stage.http.get(answer.headers["location"])

    assert answer.status_code == 302
    assert a_png() not in answer.content
    assert (followed.status_code, "Sign in" in followed.text) == (200, True)
    assert followed.headers["content-type"].startswith("text/html")


def test_a_file_that_is_taken_back_is_gone_everywhere(client: WebClient, stage: Stage) -> None:
    file = upload(client, channel=OPEN, title="Week 10")
    kept = path_of(stage.workspace, stage.workspace.files[file["id"]])
    assert kept.exists()

    client.files_delete(file=file["id"])

    assert not kept.exists()
    assert fetch(stage, file["url_private"]).status_code == 302
    assert refused(client.files_info, file=file["id"])["error"] == "file_deleted"
    assert refused(client.files_delete, file=file["id"])["error"] == "file_deleted"
    [message] = client.conversations_history(channel=OPEN)["messages"]
    assert message["files"] == [{"id": file["id"], "mode": "tombstone"}]
    assert "This file was deleted." in page(stage)
    assert "Week 10" not in page(stage)


def test_what_nobody_has_uploaded_can_be_neither_told_nor_taken_back(client: WebClient) -> None:
    for method in (client.files_info, client.files_delete):
        assert refused(method, file="F0NOWHERE")["error"] == "file_not_found"


@pytest.mark.parametrize("token", ["", "xoxb-other"])
def test_no_token_opens_nothing(stage: Stage, token: str) -> None:
    error = refused(announce, stage.client(token))["error"]

    assert error == ("invalid_auth" if token else "not_authed")


def without(scope: str) -> Manifest:
    return a_manifest(scopes=[one for one in SCOPES if one != scope])


def test_without_files_write_nothing_is_uploaded_or_taken_back() -> None:
    with running(without("files:write")) as stage:
        client = stage.client()
        calls: list[Callable[[], object]] = [
            lambda: announce(client),
            lambda: client.files_completeUploadExternal(files=[{"id": "F1"}]),
            lambda: client.files_delete(file="F1"),
        ]

        answers = [refused(call) for call in calls]

    assert {answer["error"] for answer in answers} == {"missing_scope"}
    assert {answer["needed"] for answer in answers} == {"files:write"}


def test_without_files_read_nothing_is_told_or_fetched() -> None:
    with running(without("files:read")) as stage:
        file = upload(stage.client())

        answer = refused(stage.client().files_info, file=file["id"])

        assert (answer["error"], answer["needed"]) == ("missing_scope", "files:read")
        assert fetch(stage, file["url_private"]).status_code == 302


def test_a_file_that_is_shared_nowhere_can_stand_in_blocks(client: WebClient, stage: Stage) -> None:
    file = upload(client)
    small = {"type": "image", "slack_file": {"id": file["id"]}, "alt_text": "Small"}
    blocks = [
        an_image(file["id"], title={"type": "plain_text", "text": "Week 10"}),
        an_image("", slack_file={"url": file["url_private"]}),
        a_section() | {"accessory": small},
        {"type": "context", "elements": [small]},
    ]

    client.chat_postMessage(channel=OPEN, text="Week 10", blocks=blocks)

    shown = page(stage)
    image = f'<img src="/as/{ANA}/files/{file["id"]}" alt="{ALT}" width="3" height="2">'
    assert shown.count(image) == 2
    assert shown.count(f'src="/as/{ANA}/files/{file["id"]}"') == 4
    assert stage.http.get(f"/as/{ANA}/files/{file['id']}").content == a_png()


def test_windows_and_homes_show_it_too(client: WebClient, stage: Stage) -> None:
    file = upload(client)
    image = an_image(file["id"])

    client.views_open(trigger_id=stage.trigger(), view=a_window(image))
    client.views_publish(user_id=ANA, view=a_home() | {"blocks": [image]})

    assert page(stage, "home").count(f'alt="{ALT}"') == 2


@pytest.mark.parametrize(
    "slack_file", [{"id": "F0NOWHERE"}, {"url": "http://127.0.0.1/files-pri/T0SANDBOX-F0/x.png"}]
)
def test_blocks_that_name_a_file_nobody_uploaded_are_refused(
    client: WebClient, stage: Stage, slack_file: Json
) -> None:
    image = an_image("", slack_file=slack_file)

    said = refused(client.chat_postMessage, channel=OPEN, text="x", blocks=[a_section(), image])
    opened = refused(client.views_open, trigger_id=stage.trigger(), view=a_window(image))

    assert said["error"] == "invalid_blocks"
    [fault] = said["response_metadata"]["messages"]
    assert "[json-pointer:/blocks/1/slack_file]" in fault
    assert opened["error"] == "invalid_arguments"
    assert stage.ask("messages", channel=OPEN)["messages"] == []


def test_a_file_that_is_not_finished_deleted_or_no_picture_is_none_for_blocks(
    client: WebClient, stage: Stage
) -> None:
    begun = announce(client)["file_id"]
    gone = upload(client)["id"]
    client.files_delete(file=gone)
    table = upload(client, "table.csv")["id"]

    for file_id in (begun, gone, table):
        answer = refused(
            client.chat_postMessage, channel=OPEN, text="x", blocks=[an_image(file_id)]
        )
        assert answer["error"] == "invalid_blocks"


def test_a_picture_that_is_taken_back_later_is_told_by_its_words(
    client: WebClient, stage: Stage
) -> None:
    file = upload(client)
    client.chat_postMessage(channel=OPEN, text="x", blocks=[an_image(file["id"])])

    client.files_delete(file=file["id"])

    assert "<img" not in page(stage)
    assert ALT in page(stage)


def test_the_page_shows_a_shared_files_name_and_size(client: WebClient, stage: Stage) -> None:
    client.files_upload_v2(filename="table <b>.csv", content="x" * 2048, channel=OPEN)
    upload(client, channel=OPEN, alt_txt=ALT)

    shown = page(stage)
    assert "table &lt;b&gt;.csv" in shown
    assert "2 kB" in shown
    assert f'alt="{ALT}"' in shown


def test_what_is_in_a_file_is_never_live_on_the_page(client: WebClient, stage: Stage) -> None:
    client.files_upload_v2(filename="evil.html", content="<script>evil</script>", channel=OPEN)
    [message] = stage.ask("messages", channel=OPEN)["messages"]

    answer = stage.http.get(f"/as/{ANA}/files/{message['files'][0]['id']}")

    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_files_permalink_leads_to_it(client: WebClient, stage: Stage) -> None:
    file = upload(client, channel=OPEN)

    assert stage.http.get(file["permalink"], follow_redirects=True).content == a_png()


def test_a_file_that_is_not_there_is_not_open_to_anybody(client: WebClient, stage: Stage) -> None:
    begun = announce(client)["file_id"]

    for address in (f"/as/{ANA}/files/{begun}", f"/as/U0NOBODY/files/{begun}"):
        assert stage.http.get(address).status_code == 404


def test_a_snapshot_carries_files_and_their_bytes(
    client: WebClient, stage: Stage, tmp_path: Path
) -> None:
    kept = upload(client, channel=OPEN, title="Week 10")["id"]
    gone = upload(client, channel=OPEN)["id"]
    client.files_delete(file=gone)
    announce(client)

    snapshot.save(stage.workspace, tmp_path / "workspace.json")
    loaded = a_workspace()
    snapshot.load(loaded, tmp_path / "workspace.json")

    assert set(loaded.files) == {kept, gone}
    assert loaded.files[kept] == stage.workspace.files[kept]
    assert path_of(loaded, loaded.files[kept]).read_bytes() == a_png()
    assert not path_of(loaded, loaded.files[gone]).exists()
    assert loaded.channels[OPEN].messages[0].file_ids == [kept]
