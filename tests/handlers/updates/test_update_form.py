from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.models.views import View
from sqlmodel import select

from storage.models import Confidence, Notification, Stage
from tests.factories import CALL_AT, CALL_ON, CLOSES_AT, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.conftest import Workspace, filled
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.opening import open_form
from workflows.updates.reading import show_updates


@pytest.fixture(autouse=True)
def _opened(services: Services) -> Iterator[None]:
    settle_in(services, an_initiative(name="R&D <forecast>"), deputies={"FIN-01": ["U_DEPUTY"]})
    sweep(services)
    yield


def opened_form(workspace: Workspace, slack: FakeSlack, user: str = "U_LEAD") -> dict[str, Any]:
    workspace.command(user=user)
    view = slack.of("views.open")[-1]["view"]
    assert isinstance(view, dict)
    return view


def all_text(content: object) -> str:
    """Return every text in a view or answer, one after the other."""
    if isinstance(content, dict):
        return "\n".join(all_text(value) for value in content.values())
    if isinstance(content, list):
        return "\n".join(all_text(value) for value in content)
    return str(content)


def test_a_lead_of_one_initiative_gets_the_form_at_once(
    workspace: Workspace, slack: FakeSlack
) -> None:
    view = opened_form(workspace, slack)

    assert slack.of("views.open")[-1]["trigger_id"] == "trigger-1"
    assert "*FIN-01 · R&amp;D &lt;forecast&gt;*" in all_text(view)
    assert "Wednesday 25 November, 15:00" in all_text(view)
    View(**view).validate_json()


def test_a_lead_of_several_is_asked_which(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    for key in ("FIN-02", "FIN-03"):
        settle_in(services, an_initiative(key, lead_id="U_DEPUTY"))

    chooser = opened_form(workspace, slack, user="U_DEPUTY")
    workspace.press(
        "open_update", "FIN-02", user="U_DEPUTY", view={**chooser, "id": "V1", "hash": "h"}
    )

    pressable = [block["accessory"]["value"] for block in chooser["blocks"] if "accessory" in block]
    assert pressable == ["FIN-02", "FIN-03"]
    updated = slack.of("views.update")[-1]
    assert (updated["view_id"], updated["view"]["callback_id"]) == ("V1", "update_form")


@pytest.mark.parametrize("named", ["FIN-01", "fin-01", "forecast"])
def test_a_named_initiative_gets_its_form(
    workspace: Workspace, slack: FakeSlack, named: str
) -> None:
    workspace.command(named)

    assert "FIN-01" in all_text(slack.of("views.open")[-1]["view"])


def test_a_filed_update_is_stored_and_confirmed(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = filled(opened_form(workspace, slack), progress=" It works \n", confidence="at_risk")

    answer = workspace.submit(form)

    assert answer["response_action"] == "update"
    assert "for Wednesday's call" in all_text(answer["view"])
    kept = show_updates(services, actor(), "FIN-01").updates[0]
    assert (kept.progress, kept.confidence) == ("It works", "at_risk")


def test_enter_pressed_twice_is_one_update_and_two_confirmations(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = filled(opened_form(workspace, slack), progress="It works", confidence="on_track")

    answers = [workspace.submit(form), workspace.submit(form)]

    assert answers[0] == answers[1]
    assert len(show_updates(services, actor(), "FIN-01", 10).updates) == 1


def test_too_long_is_said_at_the_longest_field(workspace: Workspace, slack: FakeSlack) -> None:
    form = filled(
        opened_form(workspace, slack),
        progress="word " * 100,
        blockers="word " * 350,
        confidence="on_track",
    )

    answer = workspace.submit(form)

    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == ["blockers"]
    assert "Please cut 50 words" in answer["errors"]["blockers"]


def test_blanks_are_no_progress(workspace: Workspace, slack: FakeSlack) -> None:
    form = filled(opened_form(workspace, slack), progress="  ", confidence="on_track")

    assert workspace.submit(form)["errors"] == {"progress": "Please write a word or two here."}


def test_two_at_once_the_second_sees_it_and_keeps_what_they_typed(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    mine = filled(opened_form(workspace, slack), progress="Lead's", confidence="on_track")
    theirs = filled(
        opened_form(workspace, slack, "U_DEPUTY"), progress="Deputy's", confidence="at_risk"
    )
    workspace.submit(theirs, user="U_DEPUTY")

    crossed = workspace.submit(mine)
    workspace.submit(filled(crossed["view"]))

    assert "Deputy filed an update today at 09:00" in all_text(crossed["view"])
    kept = show_updates(services, actor(), "FIN-01", 10).updates
    assert [update.progress for update in kept] == ["Lead's", "Deputy's"]


def test_typing_shows_how_long_it_takes_to_say_and_keeps_a_draft(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = filled(opened_form(workspace, slack), progress="word " * 200)

    workspace.type(form, "progress")

    shown = slack.of("views.update")[-1]
    assert "About *1 min 30 s* to say" in all_text(shown["view"])
    unchanged = [b for b in shown["view"]["blocks"] if b.get("block_id") != "length"]
    assert unchanged == [b for b in form["blocks"] if b.get("block_id") != "length"]
    assert open_form(services, actor(), "FIN-01").texts["progress"] == ("word " * 200).strip()


def test_a_word_that_changes_nothing_to_say_updates_nothing(
    workspace: Workspace, slack: FakeSlack
) -> None:
    workspace.type(filled(opened_form(workspace, slack)), "progress")

    assert slack.of("views.update") == []


def test_what_was_refused_is_kept_and_a_keystroke_of_it_that_comes_late_changes_nothing(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = filled(opened_form(workspace, slack), progress="word " * 500, confidence="at_risk")
    refused = workspace.submit(form)

    workspace.type(form, "progress")
    late = slack.of("views.update")
    workspace.type(filled(form, progress="word " * 450, confidence="at_risk"), "progress")

    assert refused["response_action"] == "errors"
    assert late == []
    assert len(slack.of("views.update")) == 1
    kept = open_form(services, actor(), "FIN-01")
    assert (kept.texts["progress"], kept.confidence) == (
        ("word " * 450).strip(),
        Confidence.AT_RISK,
    )


@pytest.mark.parametrize("code", ["not_found", "hash_conflict"])
def test_a_form_closed_while_typing_is_no_error(
    workspace: Workspace, slack: FakeSlack, code: str
) -> None:
    form = filled(opened_form(workspace, slack), progress="word " * 200)
    slack.answers["views.update"].append(code)

    assert workspace.type(form, "progress") == {}


def test_a_late_update_is_welcome_and_said_to_be_late(
    workspace: Workspace, slack: FakeSlack, clock: FakeClock
) -> None:
    clock.move_to(CLOSES_AT)

    form = opened_form(workspace, slack)
    answer = workspace.submit(filled(form, progress="Late", confidence="on_track"))

    assert "You can still file; it will be marked late." in all_text(form)
    assert "It is marked late" in all_text(answer["view"])


def test_somebody_else_is_told_privately_who_can(workspace: Workspace, slack: FakeSlack) -> None:
    answer = workspace.command("FIN-01", user="U_STRANGER")

    assert answer["response_type"] == "ephemeral"
    assert "Please ask <@U_LEAD> or <@U_DEPUTY>." in answer["text"]
    assert slack.of("views.open") == []


def test_a_guest_is_told_kindly(workspace: Workspace, slack: FakeSlack) -> None:
    slack.users["U_GUEST"] = {"id": "U_GUEST", "is_restricted": True, "name": "guest"}

    answer = workspace.command(user="U_GUEST")

    assert "You're a guest here" in answer["text"]


def test_a_paused_initiative_says_so(workspace: Workspace, services: Services) -> None:
    settle_in(services, an_initiative("OPS-01", stage=Stage.PAUSED, lead_id="U_OPS"))

    answer = workspace.command("OPS-01", user="U_OPS")

    assert answer["text"] == "OPS-01 is paused: it needs no updates."


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id"])
def test_a_form_that_came_too_late_says_to_try_again(
    workspace: Workspace, slack: FakeSlack, code: str
) -> None:
    slack.answers["views.open"].append(code)

    answer = workspace.command()

    assert "Slack took too long to open this" in answer["text"]
    assert answer["response_type"] == "ephemeral"


def test_a_button_in_a_message_opens_the_form(workspace: Workspace, slack: FakeSlack) -> None:
    workspace.press("open_update", "FIN-01", container={"type": "message"})

    assert slack.of("views.open")[-1]["view"]["callback_id"] == "update_form"


def test_a_form_of_a_round_that_is_unknown_keeps_what_was_typed(
    workspace: Workspace, slack: FakeSlack
) -> None:
    form = filled(opened_form(workspace, slack), progress="Mine", confidence="on_track")
    form["private_metadata"] = form["private_metadata"].replace(str(CALL_ON), "2020-01-01")

    answer = workspace.submit(form)

    assert answer["response_action"] == "errors"
    assert "Your text is still here" in all_text(answer["errors"])


def asked_by_a_prompt(workspace: Workspace, services: Services, slack: FakeSlack) -> None:
    """Press the button of the prompt that the lead has got."""
    (prompt,) = [one for one in posted(services) if one.kind == "prompt"]
    container = {"type": "message", "channel_id": prompt.channel_id, "message_ts": prompt.ts}
    workspace.press("open_update", "FIN-01", container=container)


def posted(services: Services) -> list[Notification]:
    with services.transaction() as session:
        return list(session.exec(select(Notification).where(Notification.ts != "")))


def test_a_prompt_s_button_opens_the_form_of_its_round_and_later_says_that_it_is_over(
    workspace: Workspace, slack: FakeSlack, services: Services, clock: FakeClock
) -> None:
    sweep(services)
    deliver(services, slack)
    clock.move_to(CALL_AT + timedelta(hours=1))
    sweep(services)
    asked_by_a_prompt(workspace, services, slack)
    late = slack.of("views.open")[-1]["view"]
    clock.advance(days=5)
    sweep(services)

    asked_by_a_prompt(workspace, services, slack)
    over = slack.of("views.open")[-1]["view"]
    button = over["blocks"][0]["accessory"]
    workspace.press(button["action_id"], button["value"], view={**over, "id": "V1", "hash": "h"})

    assert late["callback_id"] == "update_form"
    assert "The round for Wednesday 25 November is over." in all_text(over)
    assert "The present one is for Wednesday 2 December." in all_text(over)
    assert slack.of("views.update")[-1]["view"]["callback_id"] == "update_form"
