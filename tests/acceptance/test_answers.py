"""What people type and press, and what they hear, through the real process and its socket."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from sandbox.workspace import Channel
from storage.models import Initiative, Stage
from tests.acceptance.rig import HEAD, LEAD, Rig
from tests.factories import COORDINATION, a_policy
from tests.waiting import free_port, wait_until
from workflows.registry.milestones import MilestoneWanted, save_milestone
from workflows.services import Actor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LEAD_DM, DEPUTY_DM, HEAD_DM = "D0LEAD", "D0DEPUTY", "D0HEAD"
FALLBACK = "C0FALLBACK1"
TOO_LONG = "word " * 500
MONDAY_MORNING = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 10:00 in New York
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

Json = dict[str, Any]


@pytest.fixture
def served(rig: Rig) -> Rig:
    """The bot at work, the company imported."""
    rig.settings["HEALTH_ADDRESS"] = f"127.0.0.1:{free_port()}"
    policy = a_policy(
        channels={"coordination": COORDINATION, "fallback": FALLBACK},
        people={"programme_manager": HEAD},
    )
    (rig.folder / "policy.yml").write_text(policy, encoding="utf-8")
    rig.start_on_socket()
    rig.import_company()
    return rig


def answer_to(rig: Rig, text: str, user: str = LEAD) -> str:
    """Return what somebody alone reads in answer to a command."""
    notice = rig.do("command", user=user, channel=COORDINATION, text=text)["notice"]
    assert notice == "", rig.log
    said = rig.ask("messages", channel=COORDINATION)["messages"]
    to_user = [one for one in said if one.get("ephemeral_to") == user]
    assert to_user, rig.log
    return str(to_user[-1].get("blocks") or to_user[-1]["text"])


def files_of(rig: Rig, channel_id: str) -> list[Json]:
    said = rig.ask("messages", channel=channel_id)["messages"]
    return [file for message in said for file in message.get("files") or []]


def figure(rig: Rig, name: str) -> float:
    """Return what /metrics says of something."""
    lines = httpx.get(f"http://{rig.settings['HEALTH_ADDRESS']}/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


def prompt_to_the_lead(rig: Rig) -> Json:
    """Let the Monday come and return the lead's prompt."""
    rig.move_clock_to(MONDAY_MORNING)
    (prompt,) = wait_until(lambda: rig.ask("messages", channel=LEAD_DM)["messages"])
    return dict(prompt)


def press(rig: Rig, message: Json, channel_id: str, user: str = LEAD) -> str:
    """Press the first button of a message and return what the page says of it."""
    block = next(one for one in message["blocks"] if one.get("accessory", {}).get("value"))
    button = block["accessory"]
    done = rig.do(
        "press",
        user=user,
        channel=channel_id,
        ts=message["ts"],
        block_id=block["block_id"],
        action_id=button["action_id"],
        facts={"type": "button", "value": button["value"]},
    )
    return str(done["notice"])


def test_a_picture_is_acknowledged_and_comes_a_moment_later(served: Rig) -> None:
    answers = [
        answer_to(served, f"/ai-project {typed}") for typed in ("picture FIN-01", "timeline")
    ]

    assert all("in a moment" in answer for answer in answers)
    files = wait_until(lambda: len(found := files_of(served, LEAD_DM)) == 2 and found)
    kinds = sorted(file["name"].rpartition("-")[0] for file in files)
    assert kinds == ["FIN-01-dependencies", "milestones-quarter"]


def test_the_registry_answers_commands(served: Rig) -> None:
    told = {
        "": "picture KEY",
        "FIN-01": "Forecast",
        "show fin-02": "Invoices",
        "history FIN-01": "FIN-01 · Forecast",
        "FIN-99": "Did you mean",
    }

    answers = {typed: answer_to(served, f"/ai-project {typed}", HEAD) for typed in told}

    assert {typed for typed, words in told.items() if words in answers[typed]} == set(told)


def test_the_registry_opens_windows_for_commands(served: Rig) -> None:
    told = {"list": "FIN-01", "find invoices": "FIN-02", "edit FIN-01": "Forecast", "new": "name"}

    opened = {}
    for typed in told:
        served.do("command", user=LEAD, channel=COORDINATION, text=f"/ai-project {typed}")
        opened[typed] = str(served.top_view(LEAD))

    assert {typed for typed, words in told.items() if words in opened[typed]} == set(told)


def test_who_is_away_is_not_asked_and_is_asked_again_once_they_are_back(served: Rig) -> None:
    away = answer_to(served, "/ai-status away until Friday 27 November")
    served.move_clock_to(TUESDAY_NOON)

    assert "Friday 27 November" in away
    assert served.texts(LEAD_DM) == []
    prompts = served.ask("messages", channel=DEPUTY_DM)["messages"]
    assert "FIN-01" in str(prompts)  # it goes to the deputy
    assert "back" in answer_to(served, "/ai-status away off").lower()


def test_an_answer_that_its_address_does_not_take_comes_as_a_direct_message(served: Rig) -> None:
    prompt = prompt_to_the_lead(served)
    with served.services.transaction() as session:
        paused = session.get(Initiative, (served.team_id, "FIN-01"))
        assert paused is not None
        paused.stage = Stage.PAUSED
    served.do("faults", method="response_url", kind="server_error")

    assert press(served, prompt, LEAD_DM) == ""

    said = wait_until(lambda: served.ask("messages", channel=LEAD_DM)["messages"][1:])
    assert "paused" in str(said[0]["blocks"])


def test_answers_429_are_counted_whoever_asked(served: Rig) -> None:
    served.do("faults", method="views.open", kind="rate_limited", seconds=1)
    served.do("faults", method="chat.postMessage", kind="rate_limited", seconds=1, times=2)
    served.expected_errors.add("listener_failed")

    served.do("command", user=LEAD, channel=COORDINATION, text="/ai-status")
    prompt_to_the_lead(served)

    assert figure(served, "rollcall_rate_limits_total") == 3


def type_too_much(rig: Rig, form: Json) -> Json:
    """Fill the form with more than can be said; return the keystroke that the bot hears of."""
    progress = next(one for one in form["blocks"] if one.get("block_id") == "progress")
    rig.choose_on_track(LEAD, form)
    rig.fill(LEAD, form, progress=TOO_LONG)
    return {
        "user": LEAD,
        "view_id": form["id"],
        "block_id": "progress",
        "action_id": progress["element"]["action_id"],
        "facts": {"type": "plain_text_input", "value": TOO_LONG},
    }


def test_a_keystroke_that_comes_after_the_refused_form_leaves_its_error_alone(served: Rig) -> None:
    form = served.open_form(LEAD)
    keystroke = type_too_much(served, form)

    served.do("submit", user=LEAD, view_id=form["id"])
    served.do("press", **keystroke)

    view = served.top_view(LEAD)
    assert view is not None
    assert "the limit is 3 minutes" in view["errors"]["progress"]


def test_a_form_is_answered_after_the_change_that_its_last_keystroke_asked_for(
    served: Rig,
) -> None:
    form = served.open_form(LEAD)
    keystroke = type_too_much(served, form)
    served.do("faults", method="views.update", kind="late", seconds=2)

    with ThreadPoolExecutor(1) as pool:
        typing = pool.submit(served.do, "press", **keystroke)
        wait_until(lambda: served.ask("state")["faults"] == 0)  # the change is on its way
        served.do("submit", user=LEAD, view_id=form["id"])
        typing.result()

    view = served.top_view(LEAD)
    assert view is not None
    assert "Please cut" in str(view["blocks"])
    assert "the limit is 3 minutes" in view["errors"]["progress"]


def test_a_milestone_picked_from_the_menu_brings_its_name_and_its_dates(served: Rig) -> None:
    lead = Actor(served.team_id, LEAD)
    wanted = MilestoneWanted(None, "Live", date(2027, 3, 31), date(2027, 4, 12))
    save_milestone(served.services, lead, "FIN-01", wanted)
    served.do("command", user=LEAD, channel=COORDINATION, text="/ai-project milestone FIN-01")
    form = served.top_view(LEAD)
    assert form is not None
    served.fill(LEAD, form, name_new="Half a name", committed_on="tomorrow")
    menu = form["blocks"][0]

    served.do(
        "press",
        user=LEAD,
        view_id=form["id"],
        block_id=menu["block_id"],
        action_id=menu["accessory"]["action_id"],
        facts={
            "type": "static_select",
            "selected_option": menu["accessory"]["options"][1],
        },
    )

    picked = served.top_view(LEAD)
    assert picked is not None
    held = [
        one["value"]
        for fields in picked["state"]["values"].values()
        for one in fields.values()
        if "value" in one
    ]
    assert held == ["Live", "2027-03-31", "2027-04-12", None]


def test_the_fallback_channel_reads_whom_a_prompt_was_for(served: Rig) -> None:
    workspace = served.sandbox.workspace
    members = {HEAD, workspace.bot_user_id}
    workspace.channels[FALLBACK] = Channel(FALLBACK, "ai-undelivered", members)
    workspace.users[LEAD].deleted = True  # a moment ago: the bot hasn't heard of it
    served.expected_errors.add("message_refused")

    served.move_clock_to(MONDAY_MORNING)

    (instead,) = wait_until(lambda: served.ask("messages", channel=FALLBACK)["messages"])
    assert instead["text"].startswith(f"For <@{LEAD}>: ")
    assert "FIN-01" in instead["text"]
    assert f"This was for <@{LEAD}>, where Slack does not take it." in str(instead["blocks"])
    assert "deputy" not in str(instead["blocks"])
    pressable = [one["accessory"]["type"] for one in instead["blocks"] if "accessory" in one]
    assert pressable == ["overflow"]  # why it is here; the form is nobody's in this channel
    (told,) = wait_until(lambda: served.ask("messages", channel=HEAD_DM)["messages"])
    assert "user_disabled" in told["text"]
