"""Group direct messages: who opens one with whom, who reads it, and how it looks."""

import pytest
from slack_sdk import WebClient

from sandbox.workspace import User
from tests.sandbox.conftest import (
    ANA,
    BEN,
    BOT,
    CLEO,
    EVENTS,
    OPEN,
    SCOPES,
    App,
    Stage,
    a_manifest,
    connecting,
    refused,
    running,
)
from tests.waiting import wait_until

ALL_SCOPES = {"mpim:write", "mpim:read", "mpim:history"}


def opened(client: WebClient, *user_ids: str) -> str:
    """Return the id of a group's direct message."""
    group: str = client.conversations_open(users=list(user_ids) or [ANA, BEN])["channel"]["id"]
    return group


def a_crowd(stage: Stage, count: int) -> list[str]:
    """Return the ids of so many people more."""
    ids = [f"U0CROWD{number}" for number in range(count)]
    new = {one: User(one, f"crowd{one[-1]}", f"Crowd {one[-1]}") for one in ids}
    stage.server.do(lambda: stage.workspace.users.update(new))
    return ids


def heard_by(app: App) -> list[dict[str, object]]:
    return [request.payload["event"] for request in app.of("events_api")]


def test_a_group_is_the_same_each_time_whoever_is_named_first(client: WebClient) -> None:
    first = opened(client, ANA, BEN)

    assert opened(client, BEN, ANA) == first
    assert opened(client, BEN, ANA, BEN) == first
    assert opened(client, ANA, BEN, CLEO) != first
    assert opened(client, ANA, CLEO) != first


def test_a_group_is_told_as_slack_tells_it(client: WebClient) -> None:
    channel = client.conversations_open(users=[ANA, BEN], return_im=True)["channel"]

    assert channel["id"].startswith("C")
    assert channel["name"] == "mpdm-rollcall--ana--ben-1"
    assert channel["purpose"]["value"] == "Group messaging with: @rollcall @ana @ben"
    assert (channel["is_mpim"], channel["is_private"]) == (True, True)
    assert not (channel["is_im"] or channel["is_channel"] or channel["is_group"])


def test_without_being_asked_for_more_only_the_id_of_a_group_is_told(client: WebClient) -> None:
    channel = client.conversations_open(users=[ANA, BEN])["channel"]

    assert list(channel) == ["id"]


@pytest.mark.parametrize(("count", "error"), [(2, None), (8, None), (9, "too_many_users")])
def test_a_group_has_two_to_eight_others(
    client: WebClient, stage: Stage, count: int, error: str | None
) -> None:
    crowd = a_crowd(stage, count)

    if error is None:
        group = opened(client, *crowd)
        assert client.conversations_members(channel=group)["members"] == sorted([*crowd, BOT])
    else:
        assert refused(client.conversations_open, users=crowd)["error"] == error


@pytest.mark.parametrize(
    ("users", "error"),
    [
        (f"{ANA},U0NOBODY", "user_not_found"),
        (f"{ANA},{BOT}", "cannot_dm_bot"),
        (f"{ANA},{BEN}", "user_disabled"),
        (" , ", "users_list_not_supplied"),
    ],
    ids=["nobody", "the app itself", "somebody who has left", "no one"],
)
def test_a_group_of_others_is_not_opened(
    client: WebClient, stage: Stage, users: str, error: str
) -> None:
    stage.act("user", user=BEN, facts={"deleted": True})

    assert refused(client.conversations_open, users=users)["error"] == error


def test_a_group_is_resumed_by_its_id_and_a_channel_is_not(client: WebClient) -> None:
    group = opened(client)

    again = client.conversations_open(channel=group, return_im=True)["channel"]

    assert (again["id"], again["is_mpim"]) == (group, True)
    answer = refused(client.conversations_open, channel=OPEN)
    assert answer["error"] == "method_not_supported_for_channel_type"


def test_the_app_writes_to_a_group_and_changes_what_it_wrote(client: WebClient) -> None:
    group = opened(client)
    ts = client.chat_postMessage(channel=group, text="Who goes first?")["ts"]
    client.chat_postMessage(channel=group, text="Ben", thread_ts=ts)

    client.chat_update(channel=group, ts=ts, text="Who goes first this week?")

    [message] = client.conversations_history(channel=group)["messages"]
    replies = client.conversations_replies(channel=group, ts=ts)["messages"]
    assert message["text"] == "Who goes first this week?"
    assert [reply["text"] for reply in replies] == ["Who goes first this week?", "Ben"]


def test_a_group_is_listed_among_its_kind_alone(client: WebClient) -> None:
    group = opened(client)

    groups = client.conversations_list(types="mpim")["channels"]
    others = client.conversations_list(types="public_channel,private_channel,im")["channels"]

    assert [channel["id"] for channel in groups] == [group]
    assert group not in {channel["id"] for channel in others}


@pytest.mark.parametrize("missing", sorted(ALL_SCOPES))
def test_a_group_takes_scopes_of_its_own(missing: str) -> None:
    with running(a_manifest(scopes=[one for one in SCOPES if one != missing])) as stage:
        client = stage.client()
        if missing == "mpim:write":
            answer = refused(client.conversations_open, users=[ANA, BEN])
        else:
            read = client.conversations_info if missing == "mpim:read" else None
            answer = refused(read or client.conversations_history, channel=opened(client))
        alone = client.conversations_open(users=ANA)

    assert (answer["error"], answer["needed"]) == ("missing_scope", missing)
    assert alone["ok"]  # one person's takes im:write


def test_a_direct_message_with_one_person_is_not_opened_by_the_scope_of_groups() -> None:
    with running(a_manifest(scopes=["mpim:write"])) as stage:
        answer = refused(stage.client().conversations_open, users=ANA)

    assert (answer["error"], answer["needed"]) == ("missing_scope", "im:write")


def test_the_app_hears_what_is_said_in_a_group() -> None:
    manifest = a_manifest(events=[*EVENTS, "message.mpim"])
    with running(manifest) as stage, connecting(stage) as connect:
        app, group = connect(), opened(stage.client())
        stage.act("message", user=ANA, channel=group, text="Here")

        wait_until(lambda: heard_by(app))

    [event] = heard_by(app)
    assert (event["type"], event["channel"], event["channel_type"]) == ("message", group, "mpim")


def test_who_has_left_stays_in_the_group_that_they_were_in(client: WebClient, stage: Stage) -> None:
    group = opened(client)

    stage.act("user", user=BEN, facts={"deleted": True})

    assert BEN in client.conversations_members(channel=group)["members"]
    assert client.chat_postMessage(channel=group, text="Still here")["ok"]


def test_a_group_stands_on_the_page_under_the_names_of_the_others(
    client: WebClient, stage: Stage
) -> None:
    group = opened(client)
    client.chat_postMessage(channel=group, text="Who goes first?")

    shown = stage.http.get(f"/as/{ANA}/{group}").text

    assert '<h1 title="Ben Okafor, Rollcall">Ben Okafor, Rollcall</h1>' in shown
    assert "Who goes first?" in shown
    assert 'placeholder="Message Ben Okafor, Rollcall"' in shown
    assert "mpdm" not in shown
    assert "Ana Ruiz, Rollcall" in stage.http.get(f"/as/{BEN}/home").text
    assert "Direct messages" not in stage.http.get(f"/as/{CLEO}/home").text


def test_a_group_in_which_nothing_was_said_stands_in_nobodys_way(
    client: WebClient, stage: Stage
) -> None:
    group = opened(client)

    assert "Direct messages" not in stage.http.get(f"/as/{ANA}/home").text
    assert "Direct messages" in stage.http.get(f"/as/{ANA}/{group}").text


def test_a_reply_for_all_is_sent_as_direct_message(client: WebClient, stage: Stage) -> None:
    group = opened(client)
    ts = client.chat_postMessage(channel=group, text="Who goes first?")["ts"]

    shown = stage.http.get(f"/as/{ANA}/{group}?thread={ts}").text

    assert "Also send as direct message" in shown


def test_a_group_is_closed_to_everybody_else(client: WebClient, stage: Stage) -> None:
    group = opened(client)

    assert stage.http.get(f"/as/{CLEO}/{group}").status_code == 303
    assert stage.act("message", user=CLEO, channel=group, text="Hi")["error"] == "channel_not_found"


def test_a_member_answers_in_a_group_from_the_page(client: WebClient, stage: Stage) -> None:
    group = opened(client)

    answer = stage.http.post(f"/as/{BEN}/{group}/say", data={"text": "I do"})

    assert answer.status_code == 204
    [message] = client.conversations_history(channel=group)["messages"]
    assert (message["user"], message["text"]) == (BEN, "I do")
