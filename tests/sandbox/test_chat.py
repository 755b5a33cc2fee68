"""chat.*: where the bot may speak, what it may say, and who sees it."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.conversations import direct_message
from tests.sandbox.conftest import (
    ANA,
    BEN,
    BOT,
    CLEO,
    CLOSED,
    ELSEWHERE,
    OPEN,
    SCOPES,
    Stage,
    a_manifest,
    a_section,
    refused,
    running,
)

METADATA = {"event_type": "rollcall_message", "event_payload": {"id": "42"}}


def said_in(stage: Stage, channel: str = OPEN) -> list[dict[str, Any]]:
    """Return what the driver tells was said, ephemerals included."""
    said: list[dict[str, Any]] = stage.ask("messages", channel=channel)["messages"]
    return said


def test_the_bot_speaks_in_a_channel_that_it_is_in(client: WebClient, stage: Stage) -> None:
    answer = client.chat_postMessage(channel=OPEN, text="Good morning")

    [message] = said_in(stage)
    assert answer["channel"] == OPEN
    assert (message["ts"], message["user"], message["text"]) == (answer["ts"], BOT, "Good morning")


def test_the_bot_writes_to_a_person_by_their_id(client: WebClient) -> None:
    first = client.chat_postMessage(channel=ANA, text="One")
    second = client.chat_postMessage(channel=ANA, text="Two")

    assert first["channel"].startswith("D")
    assert first["channel"] == second["channel"]
    assert first["ts"] < second["ts"]


def test_a_private_channel_without_the_bot_is_none_that_it_knows(client: WebClient) -> None:
    answer = refused(client.chat_postMessage, channel=CLOSED, text="Hi")

    assert answer["error"] == "channel_not_found"


def test_others_direct_messages_are_none_that_the_bot_knows(
    client: WebClient, stage: Stage
) -> None:
    theirs = stage.server.do(lambda: direct_message(stage.workspace, ANA, BEN))

    answer = refused(client.chat_postMessage, channel=theirs.id, text="Hi")

    assert answer["error"] == "channel_not_found"


def test_a_public_channel_without_the_bot_is_closed_to_it(client: WebClient) -> None:
    answer = refused(client.chat_postMessage, channel=ELSEWHERE, text="Hi")

    assert answer["error"] == "not_in_channel"


def test_nobody_writes_to_an_archived_channel(client: WebClient, stage: Stage) -> None:
    stage.workspace.channels[OPEN].is_archived = True

    answer = refused(client.chat_postMessage, channel=OPEN, text="Hi")

    assert answer["error"] == "is_archived"


def test_nobody_writes_to_somebody_who_has_left(client: WebClient, stage: Stage) -> None:
    stage.act("user", user=BEN, facts={"deleted": True})

    answer = refused(client.chat_postMessage, channel=BEN, text="Hi")

    assert answer["error"] == "user_disabled"


@pytest.mark.parametrize(
    ("user_id", "error"), [(BOT, "cannot_dm_bot"), ("U0NOBODY", "channel_not_found")]
)
def test_a_bot_or_nobody_is_not_written_to(client: WebClient, user_id: str, error: str) -> None:
    assert refused(client.chat_postMessage, channel=user_id, text="Hi")["error"] == error


def test_a_message_of_nothing_is_refused(client: WebClient) -> None:
    answer = refused(client.api_call, "chat.postMessage", json={"channel": OPEN, "text": ""})

    assert answer["error"] == "no_text"


def test_a_message_of_blocks_alone_is_enough(client: WebClient) -> None:
    given = {"channel": OPEN, "blocks": [a_section()]}

    answer = client.api_call("chat.postMessage", json=given)

    assert answer["message"]["blocks"][0]["text"]["text"] == "Hello"


@pytest.mark.parametrize(("length", "error"), [(40_000, None), (40_001, "msg_too_long")])
def test_a_text_has_an_end(client: WebClient, length: int, error: str | None) -> None:
    if error is None:
        assert client.chat_postMessage(channel=OPEN, text="x" * length)["ok"]
    else:
        answer = refused(client.chat_postMessage, channel=OPEN, text="x" * length)
        assert answer["error"] == error


def test_a_fault_in_a_block_is_pointed_at(client: WebClient) -> None:
    blocks = [a_section(), a_section("x" * 3001)]

    answer = refused(client.chat_postMessage, channel=OPEN, text="Hi", blocks=blocks)

    assert answer["error"] == "invalid_blocks"
    assert any("/blocks/1/text/text" in told for told in answer["response_metadata"]["messages"])


def test_a_block_of_an_unknown_type_is_refused(client: WebClient, stage: Stage) -> None:
    answer = refused(client.chat_postMessage, channel=OPEN, text="Hi", blocks=[{"type": "banner"}])

    assert answer["error"] == "invalid_blocks"
    assert any("/blocks/0" in told for told in answer["response_metadata"]["messages"])
    assert said_in(stage) == []


def test_every_block_gets_an_id(client: WebClient) -> None:
    blocks = [a_section(), a_section() | {"block_id": "mine"}]

    answer = client.chat_postMessage(channel=OPEN, text="Hi", blocks=blocks)

    first, second = answer["message"]["blocks"]
    assert first["block_id"]
    assert second["block_id"] == "mine"


def test_metadata_is_kept_and_shown_to_those_who_ask_for_it(client: WebClient) -> None:
    client.chat_postMessage(channel=OPEN, text="Hi", metadata=METADATA)

    plain = client.conversations_history(channel=OPEN)["messages"]
    whole = client.conversations_history(channel=OPEN, include_all_metadata=True)["messages"]

    assert "metadata" not in plain[0]
    assert whole[0]["metadata"] == METADATA


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "x"}, "invalid_metadata_format"),
        ({"event_type": 1, "event_payload": {}}, "invalid_metadata_format"),
        ({"event_type": "x", "event_payload": {"id": "y" * 8000}}, "metadata_too_large"),
    ],
    ids=["no payload", "type is a number", "too large"],
)
def test_metadata_of_another_shape_is_refused(
    client: WebClient, metadata: dict[str, Any], error: str
) -> None:
    answer = refused(client.chat_postMessage, channel=OPEN, text="Hi", metadata=metadata)

    assert answer["error"] == error


def test_a_name_of_its_own_takes_a_scope_of_its_own() -> None:
    scopes = [scope for scope in SCOPES if scope != "chat:write.customize"]
    with running(a_manifest(scopes=scopes)) as stage:
        answer = refused(
            stage.client().chat_postMessage, channel=OPEN, text="Hi", username="Somebody"
        )

    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write.customize")


def test_a_reply_goes_to_a_thread_that_exists(client: WebClient) -> None:
    first = client.chat_postMessage(channel=OPEN, text="Root")

    reply = client.chat_postMessage(channel=OPEN, text="Reply", thread_ts=first["ts"])

    assert reply["message"]["thread_ts"] == first["ts"]
    answer = refused(client.chat_postMessage, channel=OPEN, text="Reply", thread_ts="1.000001")
    assert answer["error"] == "thread_not_found"


def test_an_ephemeral_is_seen_by_one_person_and_in_no_history(
    client: WebClient, stage: Stage
) -> None:
    answer = client.chat_postEphemeral(channel=OPEN, user=ANA, text="Between us")

    [message] = said_in(stage)
    assert (message["ts"], message["ephemeral_to"]) == (answer["message_ts"], ANA)
    assert client.conversations_history(channel=OPEN)["messages"] == []


@pytest.mark.parametrize(
    ("user_id", "error"), [(CLEO, "user_not_in_channel"), ("U0NOBODY", "user_not_found")]
)
def test_an_ephemeral_goes_to_members_alone(client: WebClient, user_id: str, error: str) -> None:
    answer = refused(client.chat_postEphemeral, channel=OPEN, user=user_id, text="Hi")

    assert answer["error"] == error


def test_an_ephemeral_is_not_changed_or_answered_in_a_thread(client: WebClient) -> None:
    ts = client.chat_postEphemeral(channel=OPEN, user=ANA, text="Between us")["message_ts"]

    changed = refused(client.chat_update, channel=OPEN, ts=ts, text="For all")
    threaded = refused(client.chat_postMessage, channel=OPEN, text="Hi", thread_ts=ts)

    assert changed["error"] == "message_not_found"
    assert threaded["error"] == "thread_not_found"


def test_a_message_is_changed_and_says_so(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=OPEN, text="Old", blocks=[a_section("Old")])["ts"]

    client.chat_update(channel=OPEN, ts=ts, text="New")

    [message] = client.conversations_history(channel=OPEN)["messages"]
    assert (message["ts"], message["text"]) == (ts, "New")
    assert "blocks" not in message
    assert message["edited"]["user"] == BOT


def test_a_message_can_not_be_emptied(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=OPEN, text="Old")["ts"]

    emptied = {"channel": OPEN, "ts": ts, "text": ""}
    assert refused(client.api_call, "chat.update", json=emptied)["error"] == "no_text"


def test_what_others_said_is_not_changed_or_deleted(client: WebClient, stage: Stage) -> None:
    stage.act("message", user=ANA, channel=OPEN, text="Mine")
    [message] = said_in(stage)

    changed = refused(client.chat_update, channel=OPEN, ts=message["ts"], text="Yours")
    deleted = refused(client.chat_delete, channel=OPEN, ts=message["ts"])

    assert changed["error"] == "cant_update_message"
    assert deleted["error"] == "cant_delete_message"
    assert said_in(stage) == [message]


def test_a_message_is_taken_back_once(client: WebClient, stage: Stage) -> None:
    ts = client.chat_postMessage(channel=OPEN, text="Wrong")["ts"]

    client.chat_delete(channel=OPEN, ts=ts)

    assert said_in(stage) == []
    assert refused(client.chat_delete, channel=OPEN, ts=ts)["error"] == "message_not_found"


def test_a_permalink_leads_to_the_channel_on_the_page(client: WebClient, stage: Stage) -> None:
    ts = client.chat_postMessage(channel=OPEN, text="Here")["ts"]

    link = client.chat_getPermalink(channel=OPEN, message_ts=ts)["permalink"]

    answer = stage.http.get(link)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/as/{ANA}/{OPEN}"


def test_an_emoji_is_put_under_a_message_once_and_taken_back(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=OPEN, text="Done")["ts"]
    client.reactions_add(channel=OPEN, timestamp=ts, name="eyes")

    twice = refused(client.reactions_add, channel=OPEN, timestamp=ts, name="eyes")
    shown = client.reactions_get(channel=OPEN, timestamp=ts)["message"]["reactions"]
    client.reactions_remove(channel=OPEN, timestamp=ts, name="eyes")
    gone = refused(client.reactions_remove, channel=OPEN, timestamp=ts, name="eyes")

    assert twice["error"] == "already_reacted"
    assert shown == [{"name": "eyes", "users": [BOT], "count": 1}]
    assert gone["error"] == "no_reaction"


def test_an_emoji_has_a_name_like_one(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=OPEN, text="Done")["ts"]

    answer = refused(client.reactions_add, channel=OPEN, timestamp=ts, name="no such!")

    assert answer["error"] == "invalid_name"


def test_the_text_of_all_blocks_together_has_an_end_too(client: WebClient, stage: Stage) -> None:
    just_right = [a_section("x" * 2_600) for _ in range(5)]
    too_long = [*just_right, a_section("x")]

    client.chat_postMessage(channel=OPEN, text="Hi", blocks=just_right)
    answer = refused(client.chat_postMessage, channel=OPEN, text="Hi", blocks=too_long)

    assert answer["error"] == "msg_blocks_too_long"
    assert len(said_in(stage)) == 1
