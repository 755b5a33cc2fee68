"""An initiative's entry shows what is open of it, and opens the form of another."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from bot.services import build_services
from handlers.escalations.entry import in_entry
from storage.models import Act, EscalationKind
from tests.factories import MONDAY_9AM, a_person, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack
from tests.handlers.conftest import Answer, Workspace
from tests.handlers.updates.test_update_form import all_text
from tests.workflows.escalations.conftest import COE, SECTIONS
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import Deed
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.services import Actor, Services


@pytest.fixture(autouse=True)
def _settled(services: Services, adopt: Callable[..., None]) -> None:
    adopt(**SECTIONS)
    settle_in(
        services,
        an_initiative(),
        an_initiative("OPS-01", lead_id="U_OLA"),
        persons=[a_person("U_ANY"), a_person(COE, name="Coe")],
    )


def open_one(services: Services, user_id: str = "U_LEAD", **facts: Any) -> int:
    usual = {"kind": EscalationKind.TECHNICAL_BLOCKER, "key": "FIN-01", "what": "No <access>"}
    return open_escalation(services, actor(user_id), Wanted(**(usual | facts))).number


def shown(workspace: Workspace, user: str = "U_ANY", key: str = "FIN-01") -> Answer:
    return workspace.command(f"show {key}", user, "/ai-project")


def doors(answer: Answer) -> list[tuple[str, str]]:
    rows = [one["elements"] for one in answer["blocks"] if one["type"] == "actions"]
    return [(one["action_id"], one["value"]) for row in rows for one in row]


def test_each_open_one_is_a_line_and_what_is_settled_is_none(
    workspace: Workspace, services: Services
) -> None:
    open_one(services)
    open_one(services, what="Too slow")
    open_one(services, "U_OLA", key="OPS-01")
    act_on(services, actor(), Deed(Act.RESOLVE, 2, 1, words="Faster"))

    words = all_text(shown(workspace)["blocks"])

    line = "🧱 *E-1* No &lt;access&gt; · with Lead, since today, goes to the CoE tomorrow at 09:00"
    assert f"*Escalated*\n• {line}" in words
    assert "E-2" not in words
    assert "E-3" not in words


def test_what_is_with_a_level_names_the_level(workspace: Workspace, services: Services) -> None:
    open_one(services)
    act_on(services, actor(), Deed(Act.ESCALATE, 1, 1))

    assert "with the CoE, since today\n" in all_text(shown(workspace)["blocks"])


def test_whoever_reads_an_entry_can_escalate_from_it(
    workspace: Workspace, slack: FakeSlack
) -> None:
    answer = shown(workspace)

    workspace.press(*doors(answer)[-1], user="U_ANY")

    assert doors(answer) == [("open_escalation", "FIN-01")]
    form = slack.of("views.open")[-1]["view"]
    assert form["callback_id"] == "escalation_form"
    assert "FIN-01" in str(form["blocks"])


def test_a_window_of_an_entry_has_the_same(workspace: Workspace, slack: FakeSlack) -> None:
    workspace.press("show_entry", "FIN-01", view={"id": "V1", "type": "modal"})

    view = slack.of("views.push")[-1]["view"]
    assert ("open_escalation", "FIN-01") in doors(view)


def test_a_guest_reads_what_is_open_and_escalates_nothing(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    slack.users["U_GUEST"] = {"id": "U_GUEST", "name": "guest", "is_restricted": True}
    open_one(services)

    answer = shown(workspace, "U_GUEST")

    assert "*E-1*" in all_text(answer["blocks"])
    assert doors(answer) == []


def test_where_it_is_not_switched_on_an_entry_has_none_of_it(
    workspace: Workspace, services: Services, adopt: Callable[..., None]
) -> None:
    open_one(services)
    adopt()

    answer = shown(workspace)

    assert "E-1" not in all_text(answer["blocks"])
    assert doors(answer) == []


def test_where_nobody_has_set_a_policy_an_entry_is_shown_without(engine: Engine) -> None:
    bare = build_services(engine, FakeClock(MONDAY_9AM))

    assert in_entry(bare, Actor("T_BARE", "U_ANY"), "FIN-01", ZoneInfo("UTC")) is None


def test_the_home_s_button_asks_which_initiative(workspace: Workspace, slack: FakeSlack) -> None:
    workspace.press("open_escalation", "*", user="U_ANY")

    (view,) = [one["view"] for one in slack.of("views.open")]
    assert "Which initiative?" in all_text(view)
