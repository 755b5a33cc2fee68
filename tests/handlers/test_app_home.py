"""The App Home: my week, what is asked of me, my initiatives, and the prompt's own button."""

from typing import Any

import pytest
from slack_sdk.models.views import View

from handlers.messages import render
from storage.models import Notification, NotificationKind
from tests.factories import (
    CALL_ON,
    CLOSES_AT,
    TEAM,
    a_filing,
    a_person,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock, FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.test_update_form import all_text
from workflows.away import set_away
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update


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
    prompt = Notification(
        workspace_id=TEAM, key="k", kind=NotificationKind.PROMPT, recipient_id="U_LEAD",
        call_on=CALL_ON, initiative_keys=["FIN-01"], due_at=CLOSES_AT, owed_at=CLOSES_AT,
        clause="c", policy_version=1,
    )  # fmt: skip

    view = home_of(workspace, slack)

    assert "*1 update is asked of you:* FIN-01" in all_text(view)
    assert "Until Wednesday 25 November, 14:00." in all_text(view)
    assert "R&amp;D &lt;forecast&gt;" in all_text(view)
    message = render(services, prompt)
    assert message is not None
    assert buttons(view) == buttons({"blocks": message.blocks}) == [("open_update", "FIN-01")]


def test_what_is_filed_is_no_longer_asked(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    settle_in(services, an_initiative())
    sweep(services)
    file_update(services, actor(), a_filing())

    view = home_of(workspace, slack)

    assert "Nothing is asked of you now" in all_text(view)
    assert "On track, filed" in all_text(view)


def test_after_the_closing_late_is_welcome(
    workspace: Workspace, slack: FakeSlack, services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())
    sweep(services)
    clock.move_to(CLOSES_AT)
    sweep(services)

    assert "The round has closed; late is welcome." in all_text(home_of(workspace, slack))


@pytest.mark.parametrize("user", ["U_NOBODY", "U_GUEST"])
def test_who_leads_nothing_sees_so_and_when_the_call_is(
    workspace: Workspace, slack: FakeSlack, services: Services, user: str
) -> None:
    slack.users["U_GUEST"] = {"id": "U_GUEST", "name": "guest", "is_restricted": True}
    settle_in(services, an_initiative())
    sweep(services)

    view = home_of(workspace, slack, user)

    assert "You lead no initiative" in all_text(view)
    assert "The next call is on Wednesday 25 November" in all_text(view)
    assert buttons(view) == []


def test_before_the_first_round_it_promises_to_write(
    workspace: Workspace, slack: FakeSlack
) -> None:
    assert "Nothing is being collected yet" in all_text(home_of(workspace, slack))


def test_who_is_away_can_press_that_they_are_back(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    settle_in(services, an_initiative(), persons=[a_person()])
    sweep(services)
    set_away(services, actor(), "friday")
    away = home_of(workspace, slack)

    workspace.press("back_now", "now", view={**away, "id": "V1"})

    assert "away until *Friday 27 November*" in all_text(away)
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

    assert "Until Wednesday 25 November, 20:00." in all_text(home_of(workspace, slack))
