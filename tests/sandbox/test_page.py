"""The page's addresses: what a person sees there and does there, without a browser."""

import json

import pytest

from sandbox.page.controls import key_of
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
    App,
    Stage,
    a_button,
    a_field,
    a_home,
    a_window,
)

SCRIPT = "<script>evil</script>"
ESCAPED = "&lt;script&gt;"
SECOND_FIELD = {"type": "plain_text_input", "action_id": "second", "multiline": True}


def page(stage: Stage, place: str = OPEN, user: str = ANA) -> str:
    answer = stage.http.get(f"/as/{user}/{place}")
    assert answer.status_code == 200
    return answer.text


def send(stage: Stage, path: str, **form: str) -> str:
    """Do something on the page; return what the person is told went wrong."""
    answer = stage.http.post(f"/as/{ANA}/{path}", data=form)
    if answer.status_code == 204:
        return ""
    notice: str = json.loads(answer.headers["hx-trigger"])["notice"]["text"]
    return notice


def said_in(stage: Stage) -> list[Json]:
    said: list[Json] = stage.ask("messages", channel=OPEN)["messages"]
    return said


def test_the_door_leads_to_the_first_person(stage: Stage) -> None:
    answer = stage.http.get("/")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/as/{ANA}/home"


def test_what_a_person_types_is_shown_and_never_live(stage: Stage) -> None:
    send(stage, f"{OPEN}/say", text=f"Look: {SCRIPT} <!channel> & co")

    shown = page(stage)
    assert ESCAPED in shown
    assert SCRIPT not in shown
    assert said_in(stage)[0]["text"].startswith("Look: &lt;script&gt;")


@pytest.mark.parametrize("field", ["text", "mrkdwn", "plain_text", "name", "topic", "title"])
def test_nothing_that_comes_from_elsewhere_is_live_either(stage: Stage, field: str) -> None:
    client = stage.client()
    if field == "text":
        client.chat_postMessage(channel=OPEN, text=SCRIPT)
    elif field in ("mrkdwn", "plain_text"):
        text = {"type": field, "text": SCRIPT}
        client.chat_postMessage(channel=OPEN, text="x", blocks=[{"type": "section", "text": text}])
    elif field == "topic":
        stage.workspace.channels[OPEN].topic = SCRIPT
    elif field == "name":
        stage.act("user", user=BEN, facts={"real_name": SCRIPT})
        stage.act("message", user=BEN, channel=OPEN, text="Hi")
    else:
        client.views_open(trigger_id=stage.trigger(), view=a_window(title=SCRIPT))

    shown = page(stage)

    assert "evil" in shown  # in mrkdwn, <script> reads as a link that leads nowhere
    assert "<script>evil" not in shown


def test_a_link_is_no_script(stage: Stage) -> None:
    stage.client().chat_postMessage(channel=OPEN, text="<javascript:alert(1)|press>")

    assert "href=&#34;javascript:" not in page(stage)
    assert 'href="javascript:' not in page(stage)


def test_the_page_loads_from_this_machine_alone(stage: Stage) -> None:
    answer = stage.http.get(f"/as/{ANA}/{OPEN}")

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_pages_files_are_served(stage: Stage) -> None:
    assert stage.http.get("/static/page.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("place", [CLOSED, "C0NOWHERE", "D0BEN"])
def test_a_place_that_is_not_open_to_somebody_leads_elsewhere(stage: Stage, place: str) -> None:
    stage.client().chat_postMessage(channel=BEN, text="For Ben alone")
    stage.act("message", user=BEN, channel=CLOSED, text="Among us")

    answer = stage.http.get(f"/as/{CLEO}/{place}", follow_redirects=True)

    assert answer.history[0].status_code == 303
    assert "For Ben alone" not in answer.text
    assert "Among us" not in answer.text


def test_a_member_sees_a_private_channel(stage: Stage) -> None:
    stage.act("message", user=BEN, channel=CLOSED, text="Among us")

    assert "Among us" in page(stage, CLOSED)


def test_a_guest_sees_no_channel_that_they_are_not_in(stage: Stage) -> None:
    stage.act("user", user=CLEO, facts={"is_restricted": True})

    assert stage.http.get(f"/as/{CLEO}/{ELSEWHERE}").status_code == 303


@pytest.mark.parametrize("user", [BOT, "U0NOBODY"])
def test_nobody_acts_as_the_app_or_as_nobody(stage: Stage, user: str) -> None:
    answer = stage.http.get(f"/as/{user}/{OPEN}")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_an_ephemeral_is_shown_to_one_person(stage: Stage) -> None:
    stage.client().chat_postEphemeral(channel=OPEN, user=ANA, text="Between us")

    assert "Between us" in page(stage, user=ANA)
    assert "Only visible to you" in page(stage, user=ANA)
    assert "Between us" not in page(stage, user=BEN)


def test_a_window_is_shown_to_its_owner(stage: Stage) -> None:
    stage.client().views_open(trigger_id=stage.trigger(), view=a_window(title="Weekly update"))

    assert "Weekly update" in page(stage, user=ANA)
    assert "Weekly update" not in page(stage, user=BEN)


def test_a_home_is_shown_to_its_owner(stage: Stage) -> None:
    stage.client().views_publish(user_id=ANA, view=a_home("Two initiatives"))

    assert "Two initiatives" in page(stage, "home")
    assert "Two initiatives" not in page(stage, "home", BEN)


FOREIGN = {
    "another site": {"Origin": "https://example.com"},
    "a frame": {"Origin": "null"},
    "another name of this machine": {"Host": "rollcall.example.com"},
}


@pytest.mark.parametrize("case", FOREIGN)
@pytest.mark.parametrize(
    ("verb", "path"), [("POST", f"/as/{ANA}/{OPEN}/say"), ("GET", f"/as/{ANA}/{OPEN}")]
)
def test_what_another_site_sends_is_refused(stage: Stage, case: str, verb: str, path: str) -> None:
    answer = stage.http.request(verb, path, data={"text": "Hi"}, headers=FOREIGN[case])

    assert answer.status_code == 403
    assert said_in(stage) == []


def test_what_is_typed_in_lines_stays_in_lines(stage: Stage) -> None:
    send(stage, f"{OPEN}/say", text="One\r\nTwo")

    assert said_in(stage)[0]["text"] == "One\nTwo"


def test_a_command_typed_on_the_page_reaches_the_app(app: App, stage: Stage) -> None:
    app.answer = lambda request: {"text": "Nothing is missing."}

    notice = send(stage, f"{OPEN}/say", text="/ai-status missing")

    assert notice == ""
    assert app.requests[0].payload["text"] == "missing"
    assert "Nothing is missing." in page(stage)


@pytest.mark.parametrize(
    ("path", "form", "notice"),
    [
        (f"{OPEN}/say", {"text": "  "}, "There is nothing to send yet."),
        (f"{OPEN}/say", {"text": "x" * 40_001}, "That is too long for one message."),
        ("C0NOWHERE/say", {"text": "Hi"}, "That place is not open to you."),
        (f"{OPEN}/1.000001/press", {"key": "k"}, "That message is gone."),
        ("views/V0/submit", {}, "That window is closed already."),
        (f"{OPEN}/say", {"text": "/dance"}, "/dance is not a valid command."),
    ],
    ids=["nothing", "too long", "nowhere", "no message", "no window", "no command"],
)
def test_what_did_not_work_is_said_in_words(
    stage: Stage, path: str, form: dict[str, str], notice: str
) -> None:
    assert send(stage, path, **form).startswith(notice)


def test_a_button_that_is_pressed_reaches_the_app(app: App, stage: Stage) -> None:
    ts = stage.client().chat_postMessage(channel=OPEN, text="Due", blocks=[a_button()])["ts"]
    key = key_of("buttons", "open_form")
    assert key in page(stage)

    notice = send(stage, f"{OPEN}/{ts}/press", key=key)

    [action] = app.requests[0].payload["actions"]
    assert notice == ""
    assert (action["action_id"], action["value"]) == ("open_form", "7")
    assert action["text"]["text"] == "File it"


def test_submitting_fills_the_fields_in_and_submits(app: App, stage: Stage) -> None:
    second = a_field("blockers", element=SECOND_FIELD, optional=True)
    view = stage.client().views_open(trigger_id=stage.trigger(), view=a_window(a_field(), second))[
        "view"
    ]
    form = {key_of("progress", "text"): "Shipped", key_of("blockers", "second"): "One\r\nTwo"}

    notice = send(stage, f"views/{view['id']}/submit", **form)

    values = app.requests[0].payload["view"]["state"]["values"]
    assert notice == ""
    assert values["progress"]["text"]["value"] == "Shipped"
    assert values["blockers"]["second"]["value"] == "One\nTwo"
    assert stage.ask("views", user=ANA)["views"] == []


def test_an_error_stands_on_the_page_with_what_was_typed(app: App, stage: Stage) -> None:
    view = stage.client().views_open(trigger_id=stage.trigger(), view=a_window())["view"]
    errors = {"progress": "That takes four minutes to say."}
    app.answer = lambda request: {"response_action": "errors", "errors": errors}

    send(stage, f"views/{view['id']}/submit", **{key_of("progress", "text"): "Many words"})

    shown = page(stage)
    assert "That takes four minutes to say." in shown
    assert "Many words" in shown


def test_a_required_field_left_empty_is_said_before_the_app_hears_of_it(
    app: App, stage: Stage
) -> None:
    view = stage.client().views_open(trigger_id=stage.trigger(), view=a_window())["view"]

    send(stage, f"views/{view['id']}/submit")

    assert "Please complete this required field." in page(stage)
    assert app.of("interactive") == []


def test_a_window_closes(stage: Stage) -> None:
    view = stage.client().views_open(trigger_id=stage.trigger(), view=a_window())["view"]

    assert send(stage, f"views/{view['id']}/close") == ""

    assert stage.ask("views", user=ANA)["views"] == []


def test_what_was_read_is_unread_no_more(stage: Stage) -> None:
    ts = stage.client().chat_postMessage(channel=OPEN, text="Hi")["ts"]

    send(stage, f"{OPEN}/read", ts=ts)

    assert stage.workspace.channels[OPEN].read_up_to[ANA] == ts


@pytest.mark.parametrize(("by", "hours"), [("hour", 1), ("day", 24)])
def test_the_clock_is_moved(stage: Stage, by: str, hours: int) -> None:
    answer = stage.http.post("/clock", data={"by": by})

    moved = (stage.workspace.clock.now() - START).total_seconds()
    assert answer.status_code == 204
    assert hours * 3600 <= moved < hours * 3600 + 60


def test_the_clock_stays_where_nothing_is_due(stage: Stage) -> None:
    answer = stage.http.post("/clock", data={"by": "due"})

    assert "Nothing is due." in answer.headers["hx-trigger"]
    assert (stage.workspace.clock.now() - START).total_seconds() < 60


def test_the_page_hears_of_every_change(stage: Stage) -> None:
    seen = stage.workspace.revision
    with stage.http.stream("GET", f"/as/{ANA}/events?seen={seen}") as stream:
        lines = stream.iter_lines()
        stage.server.do(lambda: None)
        stage.act("message", user=BEN, channel=OPEN, text="Hi")

        heard = next(line for line in lines if line.startswith("data:"))

    assert stream.headers["content-type"].startswith("text/event-stream")
    assert heard == f"data: {seen + 1}"
