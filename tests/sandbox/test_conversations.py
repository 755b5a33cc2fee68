"""conversations.*: which places the bot knows of, and reading back what was said there."""

from collections.abc import Callable
from datetime import timedelta
from itertools import chain

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from tests.sandbox.conftest import (
    ANA,
    BEN,
    BOT,
    CLEO,
    CLOSED,
    ELSEWHERE,
    OPEN,
    START,
    Stage,
    a_manifest,
    refused,
    running,
)


@pytest.fixture
def five(client: WebClient) -> list[str]:
    """Five messages' ts, the oldest first."""
    return [client.chat_postMessage(channel=OPEN, text=f"No. {n}")["ts"] for n in range(1, 6)]


def texts(answer: SlackResponse) -> list[str]:
    return [message["text"] for message in answer["messages"]]


def test_history_begins_with_the_newest(client: WebClient, five: list[str]) -> None:
    answer = client.conversations_history(channel=OPEN)

    assert [message["ts"] for message in answer["messages"]] == five[::-1]
    assert answer["has_more"] is False


def test_history_is_told_in_pages(client: WebClient, five: list[str]) -> None:
    pages = [
        (texts(page), page["has_more"])
        for page in client.conversations_history(channel=OPEN, limit=2)
    ]

    assert pages == [
        (["No. 5", "No. 4"], True),
        (["No. 3", "No. 2"], True),
        (["No. 1"], False),
    ]


@pytest.mark.parametrize("cursor", ["nonsense", "bmV4dA==", "cHJldjoy", "bmV4dDp0d28="])
def test_a_cursor_that_was_never_given_is_refused(client: WebClient, cursor: str) -> None:
    answer = refused(client.conversations_history, channel=OPEN, cursor=cursor)

    assert answer["error"] == "invalid_cursor"


@pytest.mark.parametrize(
    ("inclusive", "expected"),
    [(False, ["No. 3"]), (True, ["No. 4", "No. 3", "No. 2"])],
    ids=["between", "with both ends"],
)
def test_oldest_and_latest_bound_what_is_told(
    client: WebClient, five: list[str], inclusive: bool, expected: list[str]
) -> None:
    answer = client.conversations_history(
        channel=OPEN, oldest=five[1], latest=five[3], inclusive=inclusive
    )

    assert texts(answer) == expected


def test_bounds_may_be_whole_seconds(client: WebClient, stage: Stage) -> None:
    client.chat_postMessage(channel=OPEN, text="Before")
    stage.act("clock", by_seconds=3600)
    client.chat_postMessage(channel=OPEN, text="After")
    edge = str(int((START + timedelta(minutes=30)).timestamp()))

    assert texts(client.conversations_history(channel=OPEN, oldest=edge)) == ["After"]
    assert texts(client.conversations_history(channel=OPEN, latest=edge)) == ["Before"]


@pytest.mark.parametrize("bound", ["oldest", "latest"])
@pytest.mark.parametrize("instant", ["yesterday", "NaN"])
def test_a_bound_is_an_instant(client: WebClient, bound: str, instant: str) -> None:
    answer = refused(client.conversations_history, channel=OPEN, **{bound: instant})

    assert answer["error"] == f"invalid_ts_{bound}"


def test_replies_stand_in_their_thread_and_not_in_history(client: WebClient) -> None:
    root = client.chat_postMessage(channel=OPEN, text="Root")["ts"]
    client.chat_postMessage(channel=OPEN, text="Reply", thread_ts=root)

    assert texts(client.conversations_history(channel=OPEN)) == ["Root"]
    assert texts(client.conversations_replies(channel=OPEN, ts=root)) == ["Root", "Reply"]


def test_a_thread_is_read_from_an_instant_on(client: WebClient) -> None:
    root = client.chat_postMessage(channel=OPEN, text="Root")["ts"]
    first = client.chat_postMessage(channel=OPEN, text="First", thread_ts=root)["ts"]
    client.chat_postMessage(channel=OPEN, text="Second", thread_ts=root)

    answer = client.conversations_replies(channel=OPEN, ts=root, oldest=first)

    assert texts(answer) == ["Root", "Second"]  # the first message always comes along


def test_a_thread_that_never_was_is_refused(client: WebClient) -> None:
    answer = refused(client.conversations_replies, channel=OPEN, ts="1.000001")

    assert answer["error"] == "thread_not_found"


METHODS_OF_A_PLACE: list[Callable[[WebClient], Callable[..., SlackResponse]]] = [
    lambda client: client.conversations_history,
    lambda client: client.conversations_info,
    lambda client: client.conversations_members,
]


@pytest.mark.parametrize("method", METHODS_OF_A_PLACE, ids=["history", "info", "members"])
def test_a_private_channel_without_the_bot_is_hidden(
    client: WebClient, method: Callable[[WebClient], Callable[..., SlackResponse]]
) -> None:
    assert refused(method(client), channel=CLOSED)["error"] == "channel_not_found"
    assert refused(method(client), channel="C0NOWHERE")["error"] == "channel_not_found"


def test_a_public_channel_without_the_bot_is_known_but_not_read(client: WebClient) -> None:
    channel = client.conversations_info(channel=ELSEWHERE)["channel"]

    assert (channel["name"], channel["is_member"]) == ("elsewhere", False)
    answer = refused(client.conversations_history, channel=ELSEWHERE)
    assert answer["error"] == "not_in_channel"


def test_an_archived_channel_can_still_be_read(
    client: WebClient, stage: Stage, five: list[str]
) -> None:
    stage.workspace.channels[OPEN].is_archived = True

    answer = client.conversations_history(channel=OPEN, limit=1)

    assert texts(answer) == ["No. 5"]
    assert client.conversations_info(channel=OPEN)["channel"]["is_archived"] is True


KINDS = {"channels": OPEN, "groups": CLOSED, "im": "D0ANA"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_place_is_read_with_its_own_scope(kind: str) -> None:
    scopes = ["chat:write", "im:write", f"{kind}:history"]
    with running(a_manifest(scopes=scopes)) as stage:
        stage.workspace.channels[CLOSED].members.add(BOT)
        client = stage.client()
        client.chat_postMessage(channel=ANA, text="Hi")

        assert client.conversations_history(channel=KINDS[kind])["ok"]
        for other in KINDS.keys() - {kind}:
            answer = refused(client.conversations_history, channel=KINDS[other])
            assert (answer["error"], answer["needed"]) == ("missing_scope", f"{other}:history")


def test_the_list_has_public_channels_and_those_of_the_bot(client: WebClient, stage: Stage) -> None:
    stage.workspace.channels[CLOSED].members.add(BOT)

    public = client.conversations_list()["channels"]
    private = client.conversations_list(types="private_channel")["channels"]

    assert {channel["id"] for channel in public} == {OPEN, ELSEWHERE}
    assert {channel["id"] for channel in private} == {CLOSED}


def test_the_list_has_no_private_channel_without_the_bot(client: WebClient) -> None:
    answer = client.conversations_list(types="public_channel,private_channel,im")

    assert CLOSED not in {channel["id"] for channel in answer["channels"]}


def test_the_list_leaves_out_archived_channels_if_so_asked(client: WebClient, stage: Stage) -> None:
    stage.workspace.channels[ELSEWHERE].is_archived = True

    answer = client.conversations_list(exclude_archived=True)

    assert [channel["id"] for channel in answer["channels"]] == [OPEN]


def test_a_kind_of_place_that_is_none_is_refused(client: WebClient) -> None:
    assert refused(client.conversations_list, types="rooms")["error"] == "invalid_types"


def test_members_are_told_in_pages(client: WebClient) -> None:
    pages: list[list[str]] = [
        page["members"] for page in client.conversations_members(channel=OPEN, limit=2)
    ]

    assert [len(page) for page in pages] == [2, 1]
    assert set(chain(*pages)) == {BOT, ANA, BEN}


def test_the_direct_message_with_somebody_is_the_same_each_time(client: WebClient) -> None:
    first = client.conversations_open(users=CLEO)["channel"]["id"]
    second = client.conversations_open(users=CLEO, return_im=True)["channel"]

    assert second["id"] == first
    assert (second["is_im"], second["user"]) == (True, CLEO)
    assert client.chat_postMessage(channel=CLEO, text="Hi")["channel"] == first


@pytest.mark.parametrize(
    ("users", "error"),
    [
        (BOT, "cannot_dm_bot"),
        ("U0NOBODY", "user_not_found"),
        ("", "users_list_not_supplied"),
        (f"{ANA},{ANA}", "not_enough_users"),
    ],
    ids=["bot", "nobody", "no one", "the same twice"],
)
def test_a_direct_message_is_with_one_person(client: WebClient, users: str, error: str) -> None:
    assert refused(client.api_call, "conversations.open", json={"users": users})["error"] == error


def test_a_direct_message_with_somebody_who_left_is_not_opened(
    client: WebClient, stage: Stage
) -> None:
    stage.act("user", user=BEN, facts={"deleted": True})

    assert refused(client.conversations_open, users=BEN)["error"] == "user_disabled"
