"""The question about a changed policy, in Slack: pressed, its message says what was decided."""

from collections.abc import Callable
from typing import Any

import pytest

from storage import escalations
from storage.models import Escalation, EscalationKind
from tests.factories import TEAM, a_person, actor, an_initiative, settle_in
from tests.fakes import FakeSlack, deliver
from tests.handlers.conftest import Workspace
from workflows import policies
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.services import Services

PAM = "U0PAM"
SECTIONS: dict[str, Any] = {
    "features": ["escalations"],
    "people": {"programme_manager": PAM},
}
LONGER = {"blocker": {"coe_after_hours": 48}}


@pytest.fixture
def question(services: Services, slack: FakeSlack, adopt: Callable[..., None]) -> dict[str, Any]:
    """Return what Pam is asked when the policy changes while something is open."""
    adopt(**SECTIONS)
    settle_in(services, an_initiative(), persons=[a_person(PAM)])
    wanted = Wanted(EscalationKind.TECHNICAL_BLOCKER, "FIN-01", what="No access")
    open_escalation(services, actor(), wanted)
    adopt(**SECTIONS, escalations=LONGER)
    deliver(services, slack)
    (asked,) = [one for one in slack.of("chat.postMessage") if one["channel"] == PAM]
    return asked


def buttons(message: dict[str, Any]) -> dict[str, str]:
    """Return the values of what can be pressed, by their action ids."""
    elements = [one for block in message["blocks"] for one in block.get("elements") or []]
    return {one["action_id"]: one["value"] for one in elements if one.get("type") == "button"}


def test_it_names_what_is_open_and_has_two_buttons(
    services: Services, question: dict[str, Any]
) -> None:
    with services.reading() as reader:
        version = str(policies.in_force(reader, TEAM).version)

    said = str(question["blocks"])

    assert f"version {version} is in force" in said
    assert "E-1 is open, and goes by the rules of when it began" in said
    assert buttons(question) == {"move_escalations": version, "leave_escalations": version}


@pytest.mark.parametrize(
    ("action_id", "said"),
    [
        ("move_escalations", "What is open goes by version 3 of the policy now."),
        ("leave_escalations", "keeps the rules that it began under."),
    ],
)
def test_pressed_the_message_says_what_was_decided_and_has_no_buttons_any_more(
    services: Services,
    slack: FakeSlack,
    workspace: Workspace,
    question: dict[str, Any],
    action_id: str,
    said: str,
) -> None:
    workspace.press(action_id, buttons(question)[action_id], PAM)
    deliver(services, slack)

    changed = [one for one in slack.of("chat.update") if said in str(one["blocks"])]
    assert len(changed) == 1
    assert buttons(changed[0]) == {}


@pytest.mark.parametrize("value", ["", "x", "0", "99999999999999999999", "2; drop table"])
def test_a_button_of_nobody_s_making_moves_nothing(
    services: Services, workspace: Workspace, question: dict[str, Any], value: str
) -> None:
    began = open_one(services).policy_version

    workspace.press("move_escalations", value, PAM)

    assert str(began) not in buttons(question).values()
    assert open_one(services).policy_version == began


def open_one(services: Services) -> Escalation:
    with services.reading() as reader:
        (found,) = escalations.unsettled(reader, TEAM)
    return found
