"""What every call of the Web API goes through: token, method, scope, arguments."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest
from slack_sdk import WebClient

from sandbox.api import METHODS
from tests.sandbox.conftest import ANA, BOT, OPEN, START, Stage, a_manifest, refused, running

SCOPED = sorted(name for name, method in METHODS.items() if method.scopes)
ASKS_NOTHING = ("conversations.list", "usergroups.list", "users.list")


@pytest.fixture(scope="module")
def bare() -> Iterator[Stage]:
    """An app that asked for the scope of slash commands and nothing more."""
    with running(a_manifest(scopes=["commands"])) as stage:
        yield stage


def test_the_sdk_learns_who_it_is(client: WebClient) -> None:
    answer = client.auth_test()

    assert answer["user_id"] == BOT
    assert answer["bot_id"] == "B0ROLLCALL"
    assert answer["is_enterprise_install"] is False


def test_an_unknown_method_is_refused_by_its_name(client: WebClient) -> None:
    answer = refused(client.api_call, "chat.shout")

    assert answer == {"ok": False, "error": "unknown_method", "req_method": "chat.shout"}


def test_an_unknown_argument_is_refused_by_its_name(client: WebClient) -> None:
    answer = refused(client.chat_postMessage, channel=OPEN, text="Hi", client_msg_id="1")

    assert answer["error"] == "invalid_arg_name"
    assert "client_msg_id" in answer["response_metadata"]["messages"][0]


def test_a_missing_argument_is_refused_by_its_name(client: WebClient) -> None:
    answer = refused(client.api_call, "users.info")

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: user"]


def test_an_argument_of_another_type_is_refused_by_its_name(client: WebClient) -> None:
    answer = refused(client.api_call, "users.list", params={"limit": "many"})

    assert answer["error"] == "invalid_arguments"
    assert "/limit" in answer["response_metadata"]["messages"][0]


def test_a_made_up_token_is_refused(stage: Stage) -> None:
    assert refused(stage.client(token="xoxb-other").auth_test)["error"] == "invalid_auth"


def test_a_call_without_a_token_is_refused(stage: Stage) -> None:
    answer = stage.http.post("/api/auth.test")

    assert answer.json() == {"ok": False, "error": "not_authed"}


def test_an_app_token_does_not_do_for_a_bot(stage: Stage) -> None:
    answer = refused(stage.client(token="xapp-sandbox").auth_test)

    assert answer["error"] == "not_allowed_token_type"


def test_a_bot_token_opens_no_socket(client: WebClient) -> None:
    answer = refused(client.apps_connections_open, app_token="xoxb-sandbox")

    assert answer["error"] == "not_allowed_token_type"


def test_an_app_token_opens_a_socket(client: WebClient, stage: Stage) -> None:
    answer = client.apps_connections_open(app_token="xapp-sandbox")

    assert answer["url"].startswith(stage.server.url.replace("http://", "ws://"))


def test_a_token_may_stand_among_the_arguments(stage: Stage) -> None:
    answer = stage.http.post("/api/users.info", data={"token": "xoxb-sandbox", "user": ANA})

    assert answer.json()["user"]["id"] == ANA


def test_api_test_needs_no_token_and_gives_back_what_it_is_given(stage: Stage) -> None:
    answer = stage.http.post("/api/api.test", data={"colour": "red"})

    assert answer.json() == {"ok": True, "args": {"colour": "red"}}


@pytest.mark.parametrize(
    ("body", "error"), [("{", "invalid_json"), ("[1]", "json_not_object")], ids=["cut", "list"]
)
def test_a_body_that_is_no_json_object_is_refused(stage: Stage, body: str, error: str) -> None:
    answer: httpx.Response = stage.http.post(
        "/api/auth.test", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.json()["error"] == error


@pytest.mark.parametrize("name", SCOPED)
def test_a_method_whose_scope_was_not_asked_for_is_refused(bare: Stage, name: str) -> None:
    answer = refused(bare.client().api_call, name)

    assert answer["error"] == "missing_scope"
    assert answer["needed"] == ",".join(METHODS[name].scopes)
    assert answer["provided"] == "commands"


@pytest.mark.parametrize("name", SCOPED)
def test_a_method_whose_scope_was_asked_for_looks_at_its_arguments(
    client: WebClient, name: str
) -> None:
    answer = client.api_call(name) if name in ASKS_NOTHING else refused(client.api_call, name)

    assert answer.get("error") in (None, "invalid_arguments", "users_list_not_supplied")


def test_the_scopes_come_with_every_answer(bare: Stage) -> None:
    answer = bare.client().auth_test()

    assert answer.headers["x-oauth-scopes"] == "commands"


def test_every_answer_is_dated_once_by_the_workspace_s_clock(stage: Stage) -> None:
    answers = [stage.http.post("/api/auth.test"), stage.http.get("/driver/state")]

    for answer in answers:
        (date,) = answer.headers.get_list("date")
        assert abs(parsedate_to_datetime(date) - START) < timedelta(minutes=1)


def test_who_dies_in_the_middle_of_its_words_disturbs_nobody(
    stage: Stage, client: WebClient, caplog: pytest.LogCaptureFixture
) -> None:
    url = httpx.URL(stage.server.url)
    with socket.create_connection((url.host, url.port)) as dying:
        dying.sendall(
            b"POST /api/auth.test HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
        )
    before = len(stage.sandbox.web_api.calls)

    assert client.auth_test()["user_id"] == BOT
    assert len(stage.sandbox.web_api.calls) == before + 1
    assert "Exception" not in caplog.text
