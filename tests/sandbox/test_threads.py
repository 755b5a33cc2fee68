"""Threads: what a message tells of its own, what the app hears, and how they look on the page."""

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from sandbox.conversations import say
from sandbox.workspace import Json
from tests.sandbox.conftest import (
    ANA,
    BEN,
    BOT,
    CLOSED,
    OPEN,
    SCOPES,
    App,
    Stage,
    a_manifest,
    connecting,
    refused,
    running,
)
from tests.sandbox.test_page import page, send
from tests.waiting import wait_until

KINDS = ("channels", "groups", "im", "mpim")
TYPES = {"channels": "channel", "groups": "group", "im": "im", "mpim": "mpim"}


@pytest.fixture
def root(client: WebClient) -> str:
    """The ts of the app's message that others answer."""
    ts: str = client.chat_postMessage(channel=OPEN, text="The pool is full")["ts"]
    return ts


def reply(
    client: WebClient, root: str, text: str = "Reply", *, for_all: bool = False
) -> SlackResponse:
    return client.chat_postMessage(channel=OPEN, text=text, thread_ts=root, reply_broadcast=for_all)


def in_history(client: WebClient) -> list[Json]:
    said: list[Json] = client.conversations_history(channel=OPEN)["messages"]
    return said


def in_thread(client: WebClient, root: str, limit: int | None = None) -> list[list[str]]:
    """Return what a thread says, page by page."""
    pages = client.conversations_replies(channel=OPEN, ts=root, limit=limit)
    return [[message["text"] for message in one["messages"]] for one in pages]


def talk(stage: Stage, root: str, count: int) -> None:
    for number in range(count):
        say(stage.workspace, stage.workspace.channels[OPEN], ANA, f"No. {number}", thread_ts=root)


def test_a_message_tells_how_it_was_answered(client: WebClient, stage: Stage, root: str) -> None:
    stage.act("message", user=ANA, channel=OPEN, text="Since when?", thread_ts=root)
    last = reply(client, root, "Since noon")["ts"]

    [message] = in_history(client)

    assert (message["thread_ts"], message["latest_reply"]) == (root, last)
    assert (message["reply_count"], message["reply_users_count"]) == (2, 2)
    assert message["reply_users"] == [ANA, BOT]


def test_an_ephemeral_in_a_thread_is_no_reply_that_others_count(
    client: WebClient, root: str
) -> None:
    client.chat_postEphemeral(channel=OPEN, user=ANA, text="Between us", thread_ts=root)

    [message] = in_history(client)

    assert not {"thread_ts", "reply_count"} & set(message)


def test_a_reply_tells_whom_it_answers(client: WebClient, stage: Stage) -> None:
    stage.act("message", user=BEN, channel=OPEN, text="Who can help?")
    [asked] = in_history(client)

    answer = reply(client, asked["ts"])["message"]

    assert (answer["thread_ts"], answer["parent_user_id"]) == (asked["ts"], BEN)
    assert "reply_count" not in answer


def test_a_thread_is_told_in_pages_and_its_first_message_once(client: WebClient, root: str) -> None:
    for number in range(1, 6):
        reply(client, root, f"No. {number}")

    pages = in_thread(client, root, limit=4)

    assert pages == [["The pool is full", "No. 1", "No. 2", "No. 3"], ["No. 4", "No. 5"]]


@pytest.mark.parametrize(("count", "pages"), [(1000, 1), (1001, 2)])
def test_a_long_thread_comes_by_the_thousand(
    client: WebClient, stage: Stage, root: str, count: int, pages: int
) -> None:
    stage.server.do(lambda: talk(stage, root, count - 1))

    told = in_thread(client, root)

    assert len(told) == pages
    assert sum(map(len, told)) == count


def test_a_reply_is_not_answered_itself(client: WebClient, stage: Stage, root: str) -> None:
    ts = reply(client, root)["ts"]

    answer = refused(client.chat_postMessage, channel=OPEN, text="Why?", thread_ts=ts)
    typed = stage.act("message", user=ANA, channel=OPEN, text="Why?", thread_ts=ts)

    assert answer["error"] == "cannot_reply_to_message"
    assert typed["error"] == "cannot_reply_to_message"


def test_nobody_answers_in_a_thread_that_never_was(stage: Stage) -> None:
    answer = stage.act("message", user=ANA, channel=OPEN, text="Why?", thread_ts="1.000001")

    assert answer["error"] == "thread_not_found"


def test_a_reply_for_all_stands_in_the_channel_and_in_its_thread(
    client: WebClient, root: str
) -> None:
    told = reply(client, root, "It is free again", for_all=True)["message"]

    newest = in_history(client)[0]
    assert newest["text"] == "It is free again"
    assert in_thread(client, root) == [["The pool is full", "It is free again"]]
    assert (newest["subtype"], newest["thread_ts"]) == ("thread_broadcast", root)
    assert (newest["root"]["text"], newest["root"]["reply_count"]) == ("The pool is full", 1)
    assert told["subtype"] == "thread_broadcast"


def test_for_all_means_nothing_outside_of_a_thread(client: WebClient) -> None:
    told = client.chat_postMessage(channel=OPEN, text="Hi", reply_broadcast=True)["message"]

    assert "subtype" not in told


def test_a_reply_is_shown_to_all_later(client: WebClient, root: str) -> None:
    ts = reply(client, root, "It is free again")["ts"]

    client.api_call(
        "chat.update", json={"channel": OPEN, "ts": ts, "reply_broadcast": True}
    ).validate()

    assert [message["text"] for message in in_history(client)] == [
        "It is free again",
        "The pool is full",
    ]


def test_what_is_shown_to_all_later_is_a_reply_and_stays_as_it_is(
    client: WebClient, root: str
) -> None:
    ts = reply(client, root)["ts"]
    both = {"channel": OPEN, "ts": ts, "text": "New", "reply_broadcast": True}
    first = {"channel": OPEN, "ts": root, "reply_broadcast": True}

    answers = [refused(client.api_call, "chat.update", json=given) for given in (both, first)]

    assert answers[0]["error"] == "no_dual_broadcast_content_update"
    assert answers[1]["error"] == "cant_broadcast_message"


def test_a_permalink_of_a_reply_leads_to_its_thread(
    client: WebClient, stage: Stage, root: str
) -> None:
    ts = reply(client, root)["ts"]

    link = client.chat_getPermalink(channel=OPEN, message_ts=ts)["permalink"]

    assert link.endswith(f"/p{ts.replace('.', '')}?thread_ts={root}&cid={OPEN}")
    assert stage.http.get(link).headers["location"] == f"/as/{ANA}/{OPEN}?thread={root}"


def a_place(stage: Stage, kind: str) -> str:
    """Return the id of a place of some kind that Ana and the app are in."""
    client = stage.client()
    if kind == "groups":
        stage.workspace.channels[CLOSED].members.add(BOT)
    if kind in ("im", "mpim"):
        users = [ANA] if kind == "im" else [ANA, BEN]
        opened: str = client.conversations_open(users=users)["channel"]["id"]
        return opened
    return OPEN if kind == "channels" else CLOSED


@pytest.mark.parametrize("kind", KINDS)
def test_the_app_hears_an_answer_in_each_kind_of_place(kind: str) -> None:
    manifest = a_manifest(events=[f"message.{kind}"])
    with running(manifest) as stage, connecting(stage) as connect:
        app, place = connect(), a_place(stage, kind)
        ts = stage.client().chat_postMessage(channel=place, text="Why?")["ts"]

        answer = send(stage, f"{place}/say", text="Because", thread_ts=ts)
        wait_until(lambda: app.of("events_api"))

    event = app.requests[0].payload["event"]
    assert answer == ""
    assert (event["channel"], event["channel_type"]) == (place, TYPES[kind])
    assert (event["thread_ts"], event["parent_user_id"]) == (ts, BOT)
    assert (event["user"], event["text"]) == (ANA, "Because")


@pytest.mark.parametrize("missing", ["subscription", "scope"])
def test_without_its_subscription_or_its_scope_nothing_is_heard(missing: str) -> None:
    without = [scope for scope in SCOPES if scope != "channels:history"]
    manifest = a_manifest(
        scopes=without if missing == "scope" else SCOPES,
        events=["user_change", *(["message.channels"] if missing == "scope" else [])],
    )
    with running(manifest) as stage, connecting(stage) as connect:
        app = connect()
        stage.act("message", user=ANA, channel=OPEN, text="Hi")
        stage.act("user", user=ANA, facts={"title": "Lead"})

        wait_until(lambda: app.requests)

    assert [request.payload["event"]["type"] for request in app.requests] == ["user_change"]


def heard(app: App) -> list[Json]:
    return [request.payload["event"] for request in app.of("events_api")]


def test_a_person_answers_for_all(app: App, stage: Stage, root: str) -> None:
    send(stage, f"{OPEN}/say", text="Free again", thread_ts=root, reply_broadcast="1")

    wait_until(lambda: heard(app))
    [event] = heard(app)
    assert (event["subtype"], event["thread_ts"]) == ("thread_broadcast", root)
    assert event["root"]["text"] == "The pool is full"


def test_a_thread_stands_on_the_page_in_its_order(
    client: WebClient, stage: Stage, root: str
) -> None:
    reply(client, root, "One")
    stage.act("message", user=BEN, channel=OPEN, text="Two", thread_ts=root)
    reply(client, root, "Three")

    shown = page(stage, f"{OPEN}?thread={root}")

    channel, _, thread = shown.partition('<aside class="thread"')
    assert "3 replies" in channel
    assert not any(f">{text}<" in channel for text in ("One", "Two", "Three"))
    places = [thread.index(f">{text}<") for text in ("The pool is full", "One", "Two", "Three")]
    assert places == sorted(places)
    assert 'aria-label="Reply in the thread"' in thread
    assert "Also send to #open" in thread


def test_the_first_reply_has_its_author_even_where_the_same_began_the_thread(
    client: WebClient, stage: Stage, root: str
) -> None:
    reply(client, root, "One")
    reply(client, root, "Two")

    _, _, thread = page(stage, f"{OPEN}?thread={root}").partition('<aside class="thread"')

    assert thread.count('<span class="message-author">Rollcall</span>') == 2
    assert thread.count("is-continued") == 1


def test_a_reply_for_all_stands_on_the_page_with_the_way_to_its_thread(
    client: WebClient, stage: Stage, root: str
) -> None:
    reply(client, root, "Free again", for_all=True)

    channel, _, thread = page(stage, f"{OPEN}?thread={root}").partition('<aside class="thread"')

    way = f'replied to a thread: <a href="/as/{ANA}/{OPEN}?thread={root}">The pool is full</a>'
    assert way in channel
    assert ">Free again<" in channel
    assert "Also sent to #open" in thread
    assert "replied to a thread" not in thread


def test_answering_a_reply_in_the_channel_goes_on_with_its_thread(
    client: WebClient, stage: Stage, root: str
) -> None:
    ts = reply(client, root, "Free again", for_all=True)["ts"]

    shown = page(stage)

    assert f"?thread={ts}" not in shown


def test_a_thread_that_is_gone_says_so(stage: Stage) -> None:
    assert send(stage, f"{OPEN}/say", text="Hi", thread_ts="1.000001") == "That thread is gone."
