"""A blocker that an update names for the first time asks whom it should reach."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from storage import escalations
from storage.models import Escalation
from tests.factories import CALL_AT, CALL_ON, TEAM, a_filing, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.conftest import Workspace, filled
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update

Json = dict[str, Any]
TOPICS = {
    "infrastructure": {"title": "Infrastructure", "channel": "C0INFRA0001"},
    "data-access": {"title": "Data access", "channel": "C0TOPIC0001"},
}
BLOCKER = "Nobody grants us access to the ledger"


@pytest.fixture(autouse=True)
def switched_on(services: Services, adopt: Callable[..., None]) -> None:
    adopt(features=["escalations"], topics=TOPICS)
    settle_in(services, an_initiative(), deputies={"FIN-01": ["U_DEPUTY"]})
    sweep(services)


def opened(workspace: Workspace, slack: FakeSlack) -> Json:
    workspace.command()
    view: Json = slack.of("views.open")[-1]["view"]
    return view


def typed(workspace: Workspace, slack: FakeSlack, blockers: str) -> Json:
    """Type a blocker, and return the form as it stands then."""
    form = filled(opened(workspace, slack), progress="It works", blockers=blockers)
    workspace.type(form, "blockers")
    redrawn = slack.of("views.update")
    view: Json = redrawn[-1]["view"] if redrawn else form
    return view


def ask_of(view: Json) -> Json | None:
    return next((block for block in view["blocks"] if block.get("block_id") == "ask"), None)


def answered(view: Json, topic: str) -> Json:
    form = filled(view, progress="It works", blockers=BLOCKER, confidence="at_risk")
    form["state"]["values"]["ask"] = {"choice": {"selected_option": {"value": topic}}}
    return form


def open_ones(services: Services) -> list[Escalation]:
    with services.reading() as reader:
        return list(escalations.unsettled(reader, TEAM))


def test_a_new_blocker_asks_with_the_likely_channel_picked(
    workspace: Workspace, slack: FakeSlack
) -> None:
    ask = ask_of(typed(workspace, slack, BLOCKER))

    assert ask is not None
    picked = ask["element"]["initial_option"]
    assert picked["value"] == "data-access"
    assert picked["text"]["text"] == "Ask #data-access now (the CoE hears tomorrow at 09:00)"


def test_the_question_goes_when_the_blocker_does(workspace: Workspace, slack: FakeSlack) -> None:
    view = typed(workspace, slack, BLOCKER)
    form = filled({**view, "id": "V1", "hash": "h1"}, progress="It works", blockers="")

    workspace.type(form, "blockers")

    assert ask_of(slack.of("views.update")[-1]["view"]) is None


def test_filing_opens_it_in_the_channel_that_was_picked(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    view = typed(workspace, slack, BLOCKER)

    answer = workspace.submit(answered(view, "data-access"))
    deliver(services, slack)

    (one,) = open_ones(services)
    assert (one.what, one.topic, one.opener_id) == (BLOCKER, "data-access", "U_LEAD")
    assert "E-1" in str(answer["view"])
    assert slack.of("chat.postMessage")[-1]["channel"] == "C0TOPIC0001"


def test_we_re_on_it_opens_nothing(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    view = typed(workspace, slack, BLOCKER)

    answer = workspace.submit(answered(view, "-"))

    assert open_ones(services) == []
    assert "nobody was asked" not in str(answer["view"])


def test_a_form_that_was_sent_before_it_could_ask_offers_it_afterwards(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = filled(
        opened(workspace, slack), progress="It works", blockers=BLOCKER, confidence="at_risk"
    )

    answer = workspace.submit(form)

    assert open_ones(services) == []
    assert "open_escalation" in str(answer["view"])


def test_the_same_blocker_next_week_is_not_asked_about_and_opens_nothing_again(
    workspace: Workspace, slack: FakeSlack, services: Services, clock: FakeClock
) -> None:
    file_update(services, actor(), a_filing(blockers=BLOCKER))
    clock.move_to(CALL_AT + timedelta(days=5))
    sweep(services)

    form = opened(workspace, slack)
    asked = ask_of(form)
    next_week = CALL_ON + timedelta(days=7)
    filing = a_filing(call_on=next_week, blockers=f" {BLOCKER.lower()}. ")
    filed = file_update(services, actor(), filing)

    assert asked is None
    assert filed.is_asked
    assert open_ones(services) == []


def test_where_escalations_are_switched_off_nobody_is_asked(
    workspace: Workspace, slack: FakeSlack, services: Services, adopt: Callable[..., None]
) -> None:
    adopt(topics=TOPICS)

    view = typed(workspace, slack, BLOCKER)
    filed = file_update(services, actor(), a_filing(blockers=BLOCKER))

    assert ask_of(view) is None
    assert filed.is_asked
    assert filed.escalation is None
