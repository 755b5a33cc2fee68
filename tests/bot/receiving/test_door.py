"""The door of signed HTTP: nothing of a request is read before its signature was checked."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot.receiving.connections import ImpatientProtocol
from bot.receiving.http import LARGEST_BODY
from handlers.registry import conversation_form
from handlers.updates import update_form
from storage.models import InboxItem
from tests.bot.receiving.door import FORM, SECRET, Door, heard, opened, signature
from tests.factories import TEAM

JSON = "application/json"


@pytest.fixture(scope="module")
def database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("door") / "rollcall.db"
    file.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{file}"


@pytest.fixture(scope="module")
def door(database: str) -> Iterator[Door]:
    with opened(database) as door:
        yield door


def kept(door: Door) -> list[InboxItem]:
    with door.services.transaction() as session:
        return list(session.exec(select(InboxItem)))


def click(door: Door, **body: Any) -> dict[str, Any]:
    """Return a click that asks for an answer wherever one can be given."""
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": "U1"},
        "trigger_id": "1.2.abc",
        "response_url": f"{door.slack.url}/response/1",
        "actions": [{"action_id": "open_update", "type": "button", "value": "NONE-01"}],
    } | body


def command(door: Door, text: str = "help") -> bytes:
    fields = {"command": "/ai-status", "text": text, "user_id": "U1", "team_id": TEAM}
    url = f"{door.slack.url}/response/1"
    return urlencode({**fields, "trigger_id": "1.2.abc", "response_url": url}).encode()


def payload(body: object) -> bytes:
    return urlencode({"payload": json.dumps(body)}).encode()


FRESH = signature(b"another body")
UNSIGNED = {
    "no header at all": {},
    "a timestamp that is no number": {**FRESH, "X-Slack-Request-Timestamp": "soon"},
    "a timestamp that is no finite number": {**FRESH, "X-Slack-Request-Timestamp": "nan"},
    "a timestamp longer than any": {**FRESH, "X-Slack-Request-Timestamp": "9" * 5000},
    "a timestamp below zero": {**FRESH, "X-Slack-Request-Timestamp": "-1"},
    "a signature that is not ASCII": {**FRESH, "X-Slack-Signature": "v0=\xe9"},
    "an empty signature": {**FRESH, "X-Slack-Signature": ""},
    "another body's signature": FRESH,
    "a signature of long ago": signature(b"", "1500000000"),
}


@pytest.mark.parametrize("headers", UNSIGNED.values(), ids=UNSIGNED.keys())
@pytest.mark.parametrize("kind", ["command", "click", "window", "event", "ssl", "url", "bytes"])
def test_what_is_not_signed_is_refused_and_nothing_of_it_is_done(
    door: Door, headers: dict[str, str], kind: str
) -> None:
    bodies = {
        "command": command(door),
        "click": payload(click(door)),
        "window": payload(click(door, view={"type": "modal"}, response_url=None)),
        "event": json.dumps({"type": "event_callback", "event_id": "Ev1"}).encode(),
        "ssl": b"ssl_check=1",
        "url": b'{"type": "url_verification", "challenge": "c"}',
        "bytes": b"\xff\xfe{\x00",
    }

    status = door.post(bodies[kind], {"Content-Type": FORM, **headers})

    assert status == 401
    assert door.slack.asked == []
    assert kept(door) == []


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "OPTIONS", "DELETE"])
def test_no_method_opens_the_door(door: Door, method: str) -> None:
    assert door.post(b"", {}, method) == 401


def test_of_two_signatures_none_counts(door: Door) -> None:
    body = command(door)
    right = signature(body)
    lines = "".join(f"{name}: {value}\r\n" for name, value in right.items())

    said = door.raw(
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        + f"Content-Length: {len(body)}\r\n{lines}X-Slack-Signature: v0=1\r\n\r\n".encode()
        + body
    )

    assert said.startswith(b"HTTP/1.1 401 ")
    assert door.slack.asked == []


HEADER_BYTES = st.binary(max_size=60).map(lambda raw: raw.translate(None, b"\r\n"))


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    timestamp=HEADER_BYTES | st.just(FRESH["X-Slack-Request-Timestamp"].encode()),
    signed=HEADER_BYTES | st.just(FRESH["X-Slack-Signature"].encode()),
    kind=HEADER_BYTES | st.sampled_from([JSON.encode(), FORM.encode(), b"multipart/form-data"]),
    body=st.binary(max_size=300)
    | st.just(b'{"command": "/ai-status", "response_url": "http://x"}'),
    coding=st.sampled_from([b"", b"Content-Encoding: gzip\r\n", b"X-Slack-Retry-Num: 1\r\n"]),
)
def test_whatever_is_sent_without_a_signature_hears_401(
    door: Door, timestamp: bytes, signed: bytes, kind: bytes, body: bytes, coding: bytes
) -> None:
    said = door.raw(
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"X-Slack-Request-Timestamp: " + timestamp + b"\r\nX-Slack-Signature: " + signed + b"\r\n"
        b"Content-Type: " + kind + b"\r\n" + coding,
        f"Content-Length: {len(body)}\r\n\r\n".encode() + body,
    )

    assert said.startswith(b"HTTP/1.1 401 ")
    assert said.partition(b"\r\n\r\n")[2] == b""
    assert door.slack.asked == []


def test_what_is_no_http_hears_401_too(door: Door) -> None:
    assert door.raw(b"\x16\x03\x01\x02\x00 hello\r\n\r\n").startswith(b"HTTP/1.1 401 ")


def test_a_body_of_a_megabyte_is_read_and_one_of_a_byte_more_is_not(door: Door) -> None:
    assert door.signed(b"x=" + b"y" * (LARGEST_BODY - 2)) == 400
    assert door.signed(b"x=" + b"y" * (LARGEST_BODY - 1)) == 413


def test_a_length_that_is_too_much_is_refused_before_a_byte_of_it_was_sent(door: Door) -> None:
    length = f"Content-Length: {LARGEST_BODY + 1}\r\n\r\n".encode()

    said = door.raw(b"POST /slack/events HTTP/1.1\r\nHost: x\r\n" + length)

    assert said.startswith(b"HTTP/1.1 413 ")


def test_a_body_without_a_length_is_refused_as_it_grows_too_large(door: Door) -> None:
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"

    said = door.raw(
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        chunk * (LARGEST_BODY // 65536 + 1),
    )

    assert said.startswith(b"HTTP/1.1 413 ")


class Hasty(ImpatientProtocol):
    request_seconds = 0.05


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"POST /slack/ev",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slow",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT",
    ],
)
def test_a_request_that_does_not_come_to_its_end_is_cut_off(database: str, begun: bytes) -> None:
    with opened(database, Hasty) as door:
        said = door.raw(begun)

    assert said.count(b"HTTP/1.1 ") == begun.count(b"GET / HTTP/1.1")


class Crowded(ImpatientProtocol):
    most_unfinished = 3


def test_where_too_many_dawdle_the_slowest_makes_room_and_who_asks_is_answered(
    database: str,
) -> None:
    with opened(database, Crowded) as door:
        dawdling = [door.open() for _ in range(4)]
        for one in dawdling:
            one.sendall(b"POST /slack/events HTTP/1.1\r\n")

        answered = door.signed(command(door))
        first_hears = heard(dawdling[0])

        assert answered == 200
        assert first_hears == b""
        for one in dawdling:
            one.close()


def test_a_signed_command_is_answered(door: Door) -> None:
    assert door.signed(command(door)) == 200


MALFORMED = {
    "nothing": (b"", FORM),
    "no form": (b"\x00\x01\x02", FORM),
    "no UTF-8": (b"command=/ai-status&text=\xff", FORM),
    "a form of something else": (b"a=b", FORM),
    "an empty payload": (b"payload=", FORM),
    "a payload that is no JSON": (b"payload=%7B", FORM),
    "a payload that is a list": (payload([]), FORM),
    "a payload that is a word": (payload("x"), FORM),
    "no JSON": (b"{", JSON),
    "a list": (b"[]", JSON),
    "a number": (b"1", JSON),
    "nothing at all": (b"null", JSON),
    "an empty object": (b"{}", JSON),
    "deep lists": (b'{"type": ' + b"[" * 100_000, JSON),
    "deep objects": (b'{"type": "x", "a": ' + b'{"a":' * 400 + b"1" + b"}" * 401, JSON),
    "no number": (b'{"type": "x", "a": NaN}', JSON),
    "a number beyond all": (b'{"type": "x", "a": 1e999}', JSON),
    "digits beyond all": (b'{"type": "x", "a": ' + b"9" * 5000 + b"}", JSON),
    "a type that is none": (b'{"type": 1}', JSON),
    "an event without its id": (b'{"type": "event_callback", "event": {"type": "message"}}', JSON),
    "an event that is a list": (b'{"type": "event_callback", "event_id": "E", "event": []}', JSON),
    "a click without a person": (payload({"type": "block_actions", "actions": [{}]}), FORM),
    "a click on nothing": (
        payload({"type": "block_actions", "user": {"id": "U1"}, "actions": []}),
        FORM,
    ),
    "a submission without a view": (
        payload({"type": "view_submission", "user": {"id": "U1"}}),
        FORM,
    ),
    "a command of nobody": (b"command=/ai-status", FORM),
    "a command with an event": (b"command=/ai-status&user_id=U1&event=1", FORM),
}


@pytest.mark.parametrize(("body", "kind"), MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_signed_and_malformed_is_400(door: Door, body: bytes, kind: str) -> None:
    assert door.signed(body, kind) == 400


VIEW = {
    "id": "V1",
    "type": "modal",
    "callback_id": update_form.CALLBACK_ID,
    "hash": "h",
    "private_metadata": '{"key": "FIN-01", "call_on": "2026-11-25", "base_version": 0}',
    "blocks": [{"type": "input", "block_id": "progress"}],
    "state": {"values": {"progress": {"text": {"type": "plain_text_input", "value": "x"}}}},
}
BY = {"team": {"id": TEAM}, "user": {"id": "U1"}, "trigger_id": "1.2.abc"}
PAYLOADS: list[dict[str, Any]] = [
    {"type": "view_submission", **BY, "view": VIEW},
    {"type": "view_closed", **BY, "view": VIEW},
    {
        "type": "block_actions",
        **BY,
        "view": VIEW,
        "actions": [{"type": "plain_text_input", "action_id": "text", "block_id": "progress"}],
    },
    {
        "type": "message_action",
        **BY,
        "callback_id": conversation_form.SHORTCUT,
        "channel": {"id": "C1"},
        "message": {"ts": "1.2", "text": "x"},
    },
    {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": "Ev1",
        "authorizations": [{"team_id": TEAM, "is_bot": True}],
        "event": {
            "type": "message",
            "channel_type": "im",
            "user": "U1",
            "text": "x",
            "files": [{"id": "F1", "name": "a.csv"}],
        },
    },
    {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": "Ev2",
        "event": {"type": "user_change", "user": {"id": "U1", "profile": {"real_name": "x"}}},
    },
    {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": "Ev3",
        "event": {"type": "app_home_opened", "user": "U1", "tab": "home"},
    },
]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def places(body: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to everything in a body."""
    inner = body.items() if isinstance(body, dict) else enumerate(body)  # type: ignore[arg-type]
    for name, held in inner:
        yield (*path, name)
        if isinstance(held, dict | list):
            yield from places(held, (*path, name))


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), number=st.integers(0, len(PAYLOADS) - 1), event_id=st.uuids())
def test_a_signed_body_with_anything_anywhere_is_never_500(
    door: Door, data: st.DataObject, number: int, event_id: object
) -> None:
    body = copy.deepcopy(PAYLOADS[number])
    if "event_id" in body:
        body["event_id"] = str(event_id)
    *way, last = data.draw(st.sampled_from(list(places(body))))
    place: Any = body
    for step in way:
        place = place[step]
    if data.draw(st.booleans()) and isinstance(place, dict):
        del place[last]
    else:
        place[last] = data.draw(ANY_JSON)

    if "event" in PAYLOADS[number]:
        status = door.signed(json.dumps(body).encode(), JSON)
    else:
        status = door.signed(payload(body))

    assert status in (200, 400, 404)


def test_the_secret_of_another_app_opens_nothing(door: Door) -> None:
    body = command(door)

    assert SECRET != "another"
    assert door.post(body, {**signature(body), "X-Slack-Signature": "v0=" + "0" * 64}) == 401
