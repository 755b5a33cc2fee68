"""The driver: what it takes, what it tells, and what it refuses."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.workspace import Json
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
    a_window,
    running,
    typed,
)


def test_the_state_names_people_places_and_connections(stage: Stage) -> None:
    state = stage.ask("state")

    assert set(state["users"]) == {ANA, BEN, CLEO, BOT}
    assert state["channels"] == {OPEN: "open", CLOSED: "closed", ELSEWHERE: "elsewhere"}
    assert (state["sockets"], state["faults"]) == ([], 0)
    assert datetime.fromisoformat(state["now"]) - START < timedelta(minutes=1)


def test_what_somebody_says_is_told_escaped(stage: Stage) -> None:
    stage.act("message", user=ANA, channel=OPEN, text="<!channel> & <b>")

    [message] = stage.ask("messages", channel=OPEN)["messages"]
    assert (message["user"], message["text"]) == (ANA, "&lt;!channel&gt; &amp; &lt;b&gt;")


def test_a_reply_stands_in_its_thread(stage: Stage) -> None:
    stage.act("message", user=ANA, channel=OPEN, text="Root")
    [root] = stage.ask("messages", channel=OPEN)["messages"]

    stage.act("message", user=BEN, channel=OPEN, text="Reply", thread_ts=root["ts"])

    assert stage.ask("messages", channel=OPEN)["messages"][1]["thread_ts"] == root["ts"]


def test_an_ephemeral_is_told_with_who_sees_it(stage: Stage) -> None:
    stage.client().chat_postEphemeral(channel=OPEN, user=BEN, text="Between us")

    [message] = stage.ask("messages", channel=OPEN)["messages"]
    assert message["ephemeral_to"] == BEN


def test_a_window_is_told_with_what_is_filled_in(stage: Stage) -> None:
    window = stage.client().views_open(trigger_id=stage.trigger(), view=a_window())["view"]
    where = {"user": ANA, "view_id": window["id"]}

    stage.act("fill", **where, block_id="progress", action_id="text", state=typed("Words"))

    told = stage.ask("views", user=ANA)
    assert told["views"][0]["state"]["values"]["progress"]["text"] == typed("Words")
    assert told["home"] is None


def test_the_clock_moves_to_the_next_thing_that_is_due() -> None:
    due_at = START + timedelta(hours=3)
    with running(next_due=lambda: due_at) as stage:
        stage.sandbox.rehearsal.catch_up_seconds = 0.05

        told = stage.act("clock")

    assert told["kept_up"] is False  # it stays due: this app does nothing about it
    moved = datetime.fromisoformat(told["now"])
    assert due_at <= moved < due_at + timedelta(minutes=1)


def test_the_clock_moves_by_seconds(stage: Stage) -> None:
    told = stage.act("clock", by_seconds=3600)

    assert told["kept_up"] is True
    moved = datetime.fromisoformat(told["now"])
    assert START + timedelta(hours=1) <= moved < START + timedelta(hours=1, minutes=1)
    assert moved.tzinfo == UTC


@pytest.mark.parametrize(
    "given",
    [
        ("message", {"user": ANA, "channel": OPEN}),
        ("message", {"user": ANA, "channel": OPEN, "text": "Hi", "colour": "red"}),
        ("clock", {"by_seconds": "a while"}),
        ("faults", {"method": "auth.test", "kind": "earthquake"}),
        ("faults", {"method": "auth.test", "kind": "slow", "for": 2}),
        ("user", {"user": ANA, "facts": {"shoe_size": 43}}),
        ("user", {"user": ANA, "facts": {"tz": "Mars/Olympus"}}),
        ("user", {"user": ANA, "facts": {"deleted": "perhaps"}}),
        ("sockets", []),
    ],
    ids=[
        "missing",
        "unknown",
        "no number",
        "no fault",
        "unknown of a fault",
        "no fact",
        "no timezone",
        "neither yes nor no",
        "no object",
    ],
)
def test_what_the_driver_does_not_understand_is_refused_and_changes_nothing(
    stage: Stage, given: tuple[str, object]
) -> None:
    name, body = given

    answer = stage.http.post(f"/driver/{name}", json=body)

    assert (answer.status_code, answer.json()["ok"]) == (400, False)
    assert stage.sandbox.faults.pending == []
    assert stage.ask("messages", channel=OPEN)["messages"] == []
    assert stage.client().users_info(user=ANA)["user"]["tz"] == "Europe/Madrid"


def test_a_body_that_is_no_json_is_refused(stage: Stage) -> None:
    assert stage.http.post("/driver/clock", content="{").status_code == 400


@pytest.mark.parametrize(
    ("name", "given", "error"),
    [
        ("message", {"user": "U0NOBODY", "channel": OPEN, "text": "Hi"}, "user_not_found"),
        ("message", {"user": CLEO, "channel": CLOSED, "text": "Hi"}, "channel_not_found"),
        ("message", {"user": ANA, "channel": OPEN, "text": ""}, "no_text"),
        ("submit", {"user": ANA, "view_id": "V0"}, "not_found"),
        ("home", {"user": "U0NOBODY"}, "user_not_found"),
    ],
)
def test_what_a_person_could_not_do_is_refused_as_slack_does(
    stage: Stage, name: str, given: Json, error: str
) -> None:
    answer = stage.http.post(f"/driver/{name}", json=given)

    assert (answer.status_code, answer.json()) == (409, {"ok": False, "error": error})


@pytest.mark.parametrize(
    ("name", "verb"), [("clock", "GET"), ("state", "POST"), ("earthquake", "POST")]
)
def test_acts_are_posted_and_questions_are_asked(stage: Stage, name: str, verb: str) -> None:
    assert stage.http.request(verb, f"/driver/{name}").status_code in (404, 405)


@pytest.mark.parametrize("question", ["messages", "views"])
def test_a_question_names_what_it_is_about(stage: Stage, question: str) -> None:
    assert stage.http.get(f"/driver/{question}").status_code == 400


FOREIGN = {
    "another site": {"Origin": "https://example.com"},
    "a sandboxed frame": {"Origin": "null"},
    "another port": {"Origin": "http://127.0.0.1:1"},
    "another name of this machine": {"Host": "rollcall.example.com"},
}


@pytest.mark.parametrize("case", FOREIGN)
@pytest.mark.parametrize(
    ("verb", "path"),
    [("POST", "/driver/clock"), ("GET", "/driver/messages"), ("POST", "/api/api.test")],
)
def test_what_another_site_sends_is_refused(stage: Stage, case: str, verb: str, path: str) -> None:
    answer = stage.http.request(verb, path, json={"by_seconds": 1}, headers=FOREIGN[case])

    assert answer.status_code == 403
    assert "x-oauth-scopes" not in answer.headers


def test_the_workspaces_own_page_is_not_foreign(stage: Stage) -> None:
    answer = stage.http.post(
        "/driver/clock", json={"by_seconds": 1}, headers={"Origin": stage.server.url}
    )

    assert answer.status_code == 200
