"""Reading every update of a round: the window behind the summary's button."""

from typing import Any

import pytest
from slack_sdk.models.views import View

from tests.factories import CALL_ON, a_filing, actor, an_initiative, settle_in
from tests.fakes import FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.updates.test_update_form import all_text
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update


def file_for(services: Services, count: int) -> None:
    keys = [f"FIN-{number:02}" for number in range(1, count + 1)]
    settle_in(services, *(an_initiative(key) for key in keys))
    sweep(services)
    for key in keys:
        file_update(services, actor(), a_filing(key, progress=f"words of {key}"))


def opened(workspace: Workspace, slack: FakeSlack) -> dict[str, Any]:
    workspace.press("read_round", CALL_ON.isoformat())
    view: dict[str, Any] = slack.of("views.open")[-1]["view"]
    View(**view).validate_json()
    return {**view, "id": "V1", "hash": "h1"}


def turned(workspace: Workspace, slack: FakeSlack, view: dict[str, Any], to: str) -> dict[str, Any]:
    turns = [one for block in view["blocks"] for one in block.get("elements", [])]
    pressed = next(one for one in turns if one.get("action_id") == f"turn_page_{to}")
    workspace.press(pressed["action_id"], pressed["value"], view=view)
    sent = slack.of("views.update")[-1]
    assert (sent["view_id"], sent["hash"]) == ("V1", "h1")
    return {**sent["view"], "id": "V1", "hash": "h1"}


def test_anybody_reads_every_update(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    file_for(services, 2)

    shown = all_text(opened(workspace, slack))

    assert "words of FIN-01" in shown
    assert "words of FIN-02" in shown
    assert "For the call on Wednesday 25 November" in shown


@pytest.mark.parametrize(("count", "has_pages"), [(12, False), (13, True)])
def test_twelve_fit_on_a_page(
    workspace: Workspace, slack: FakeSlack, services: Services, count: int, has_pages: bool
) -> None:
    file_for(services, count)

    assert ("Page 1 of 2" in all_text(opened(workspace, slack))) is has_pages


def test_pages_are_turned_there_and_back(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    file_for(services, 13)

    second = turned(workspace, slack, opened(workspace, slack), "next")
    first = turned(workspace, slack, second, "previous")

    assert "words of FIN-13" in all_text(second)
    assert "words of FIN-01" not in all_text(second)
    assert "words of FIN-01" in all_text(first)


def test_where_nothing_was_filed_it_says_so(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    file_for(services, 0)

    assert "Nothing has been filed for this call yet." in all_text(opened(workspace, slack))
