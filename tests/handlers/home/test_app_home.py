"""The App Home: my week, what is asked of me, my initiatives, and the prompt's own button."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.models.views import View

from handlers.rendering import render
from storage import notifications
from storage.models import Confidence
from tests.factories import (
    CALL_AT,
    CALL_ON,
    CLOSES_AT,
    COORDINATION,
    TEAM,
    a_filing,
    a_notification,
    a_person,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock, FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.updates.test_update_form import all_text
from workflows.away import set_away
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update
from workflows.updates.opening import DraftOf, keep_draft

NEXT_CALL = CALL_ON + timedelta(days=7)


def home_of(workspace: Workspace, slack: FakeSlack, user: str = "U_LEAD") -> dict[str, Any]:
    workspace.event(type="app_home_opened", user=user, tab="home", channel="D1")
    published = slack.of("views.publish")[-1]
    assert published["user_id"] == user
    view: dict[str, Any] = published["view"]
    View(**view).validate_json()
    return view


def buttons(content: dict[str, Any]) -> list[tuple[str, str]]:
    pressable = [block["accessory"] for block in content["blocks"] if "accessory" in block]
    return [(button["action_id"], button["value"]) for button in pressable if "value" in button]


def test_what_is_asked_of_me_comes_with_the_button_of_the_prompt(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    settle_in(services, an_initiative(name="R&D <forecast>"))
    sweep(services)
    prompt = a_notification(
        key="k", kind="prompt", recipient_id="U_LEAD", call_on=CALL_ON, due_at=CLOSES_AT
    )
    with services.transaction() as session:
        notifications.enqueue(session, prompt, ["FIN-01"])

    view = home_of(workspace, slack)

    assert "*1 to file for Wednesday's call.* Due Wednesday at 14:00." in all_text(view)
    assert "R&amp;D &lt;forecast&gt;" in all_text(view)
    message = render(services, [prompt]).get(prompt.key)
    assert message is not None
    assert buttons(view) == buttons({"blocks": message.blocks}) == [("open_update", "FIN-01")]


def test_what_is_filed_is_no_longer_asked(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    settle_in(services, an_initiative())
    sweep(services)
    file_update(services, actor(), a_filing())

    view = home_of(workspace, slack)

    assert "✅ You're done for Wednesday." in all_text(view)
    assert "On track, filed" in all_text(view)


def test_after_the_closing_late_is_welcome(
    workspace: Workspace, slack: FakeSlack, services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())
    sweep(services)
    clock.move_to(CLOSES_AT)
    sweep(services)

    late = "The deadline has passed. You can still file; it will be marked late."
    assert late in all_text(home_of(workspace, slack))


def test_who_leads_nothing_reads_how_the_week_stands(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    nobody = a_person("U_NOBODY")
    settle_in(services, an_initiative(), an_initiative("FIN-02"), persons=[nobody])
    sweep(services)
    file_update(services, actor(), a_filing())

    view = home_of(workspace, slack, "U_NOBODY")

    assert "You have no updates to file. This week: 1 of 2 filed." in all_text(view)
    assert "Open until Wednesday at 14:00; the call is Wednesday at 15:00." in all_text(view)
    assert "Read the update" in all_text(view)
    assert buttons(view) == []


def test_a_guest_is_told_what_they_can_do_and_offered_nothing_else(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    slack.users["U_GUEST"] = {"id": "U_GUEST", "name": "guest", "is_restricted": True}
    settle_in(services, an_initiative())
    sweep(services)

    words = all_text(home_of(workspace, slack, "U_GUEST"))

    assert "You're a guest here: you can read everything. This week: 0 of 1 filed." in words
    assert "All initiatives" in words
    assert "Add an initiative" not in words
    assert "away until" not in words


def test_a_department_lead_sees_their_round(
    workspace: Workspace, slack: FakeSlack, services: Services, clock: FakeClock
) -> None:
    settle_in(
        services,
        an_initiative(),
        an_initiative("FIN-02", name="Invoices", lead_id="U_OTHER"),
        an_initiative("OPS-01", department="Operations", lead_id="U_OTHER"),
        department_leads={"Finance": ["U_HEAD"]},
    )
    sweep(services)
    file_update(services, actor(), a_filing())
    clock.advance(days=7)
    sweep(services)
    sweep(services)
    fallen = a_filing(call_on=NEXT_CALL, confidence=Confidence.OFF_TRACK)
    file_update(services, actor(), fallen)

    words = all_text(home_of(workspace, slack, "U_HEAD"))

    assert "*1 of 2 filed for Wednesday's call.* Open until Wednesday at 14:00" in words
    assert "*Worse:* FIN-01 on track → off track" in words
    assert "*Not filed yet*\n*FIN-02*  Invoices · Other" in words
    assert "OPS-01" not in words
    assert "no updates to file" not in words
    assert "Settings" not in words


def test_the_programme_manager_sees_all_of_it_the_import_and_the_rules(
    workspace: Workspace, slack: FakeSlack, services: Services, adopt: Callable[..., None]
) -> None:
    adopt(people={"programme_manager": "U0BOSS"})
    settle_in(
        services,
        an_initiative(),
        an_initiative("OPS-01", department="Operations"),
        persons=[a_person("U0BOSS")],
    )
    sweep(services)

    words = all_text(home_of(workspace, slack, "U0BOSS"))

    assert "*0 of 2 filed for Wednesday's call.*" in words
    assert "*OPS-01*  Initiative OPS-01 · Lead" in words
    assert "Send me an inventory (CSV or XLSX)" in words
    assert "*Call:* Wednesdays at 15:00 (America/New_York)" in words
    assert "*Prompt:* two working days before, at 09:00 on the lead's clock" in words
    assert "*Deadline:* an hour before the call" in words
    assert "outside 09:00 to 18:00, Monday to Friday" in words
    assert f"*Summaries* go to <#{COORDINATION}>" in words


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (-1, "Open until today at 14:00; the call is today at 15:00."),
        (0, "Closed today at 14:00; the call is today at 15:00."),
        (60, "Closed today at 14:00; the call was today at 15:00. The next round opens Friday."),
        (24 * 60, "the call was yesterday at 15:00. The next round opens tomorrow."),
    ],
)
def test_times_that_are_over_are_told_so(
    workspace: Workspace,
    slack: FakeSlack,
    services: Services,
    clock: FakeClock,
    minutes: int,
    told: str,
) -> None:
    settle_in(services, an_initiative(), persons=[a_person("U_NOBODY")])
    sweep(services)
    clock.move_to(CLOSES_AT + timedelta(minutes=minutes))

    assert told in all_text(home_of(workspace, slack, "U_NOBODY"))


def test_a_draft_is_offered_to_be_filed(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    settle_in(services, an_initiative())
    sweep(services)
    keep_draft(services, actor(), DraftOf("FIN-01", CALL_ON, 0), {"progress": "Half"})

    view = home_of(workspace, slack)

    assert "Draft, not filed yet" in all_text(view)
    assert [block["accessory"]["text"]["text"] for block in view["blocks"] if "accessory" in block]


def test_before_the_first_round_it_says_when_it_opens(
    workspace: Workspace, slack: FakeSlack, services: Services, clock: FakeClock
) -> None:
    clock.move_to(CALL_AT)  # too late for this week's
    ensure_next_round(services, TEAM)

    words = all_text(home_of(workspace, slack))

    assert "Nothing to file yet. The first round opens Friday." in words


def test_who_is_away_can_press_that_they_are_back(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    settle_in(services, an_initiative(), persons=[a_person()])
    sweep(services)
    set_away(services, actor(), "friday")
    away = home_of(workspace, slack)

    workspace.press("back_now", "now", view={**away, "id": "V1"})

    assert "away until *Friday*" in all_text(away)
    assert "away until *" not in all_text(slack.of("views.publish")[-1]["view"])


def test_the_messages_tab_is_not_the_home(workspace: Workspace, slack: FakeSlack) -> None:
    workspace.event(type="app_home_opened", user="U_LEAD", tab="messages", channel="D1")

    assert slack.of("views.publish") == []


def test_a_slack_that_does_not_take_it_breaks_nothing(
    workspace: Workspace, slack: FakeSlack
) -> None:
    slack.answers["views.publish"] = ["internal_error"]

    workspace.event(type="app_home_opened", user="U_LEAD", tab="home", channel="D1")

    assert "Your week" in all_text(home_of(workspace, slack))


def test_somebody_who_moves_is_asked_on_their_new_clock(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    settle_in(services, an_initiative())
    sweep(services)

    workspace.event(
        type="user_change", user={"id": "U_LEAD", "name": "lead", "tz": "Europe/Berlin"}
    )

    assert "Due Wednesday at 20:00." in all_text(home_of(workspace, slack))
