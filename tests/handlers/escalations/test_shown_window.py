"""The window of one escalation: what can be done about it, and how it is once that is done."""

from collections.abc import Callable
from typing import Any

import pytest

from storage.models import Act, EscalationKind
from tests.factories import a_person, actor, an_initiative, settle_in
from tests.fakes import FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.updates.test_update_form import all_text
from tests.workflows.escalations.conftest import SECTIONS
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import Deed
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.services import Services

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _opened(services: Services, adopt: Callable[..., None]) -> None:
    """Have one opened by somebody else than the lead."""
    adopt(**SECTIONS)
    settle_in(services, an_initiative(), persons=[a_person("U_ANY")])
    wanted = Wanted(EscalationKind.TECHNICAL_BLOCKER, "FIN-01", what="No access")
    open_escalation(services, actor("U_ANY"), wanted)


def opened(workspace: Workspace, slack: FakeSlack, user: str = "U_LEAD") -> Json:
    workspace.press("show_escalation", "E-1", user)
    view: Json = slack.of("views.open")[-1]["view"]
    return {**view, "id": "V1", "hash": "h1"}


def acts(view: Json) -> list[str]:
    rows = [one["elements"] for one in view["blocks"] if one["type"] == "actions"]
    return [one["action_id"].removeprefix("escalation_act_") for row in rows for one in row]


def test_it_offers_what_its_reader_may_do(workspace: Workspace, slack: FakeSlack) -> None:
    of_lead = acts(opened(workspace, slack))
    of_opener = acts(opened(workspace, slack, "U_ANY"))

    assert of_lead[:3] == ["acknowledge", "escalate", "resolve"]
    assert "acknowledge" not in of_opener
    assert of_opener[0] == "escalate"


def test_what_is_pressed_in_it_is_done_and_shown_there(
    workspace: Workspace, slack: FakeSlack
) -> None:
    view = opened(workspace, slack)

    workspace.press("escalation_act_acknowledge", "acknowledge 1 1", view=view)

    (changed,) = slack.of("views.update")
    assert changed["view_id"] == "V1"
    assert "👀 <@U_LEAD> is on it." in all_text(changed["view"])
    assert "acknowledge" not in acts(changed["view"])
    assert "resolve" in acts(changed["view"])


def test_what_has_moved_on_meanwhile_is_said_and_shown(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    view = opened(workspace, slack)
    act_on(services, actor("U_ANY"), Deed(Act.WITHDRAW, 1, 1))

    workspace.press("escalation_act_acknowledge", "acknowledge 1 1", view=view)

    assert "was withdrawn by Any" in all_text(slack.of("views.push")[-1]["view"])
    assert "Withdrawn" in all_text(slack.of("views.update")[-1]["view"])
