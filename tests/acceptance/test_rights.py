"""Who is let in, seen from the workspace: over the real socket, at every door."""

import pytest

from tests.acceptance.rig import DEPUTY, LEAD, Rig
from tests.acceptance.test_serve import only_sqlite
from tests.factories import COORDINATION
from tests.waiting import wait_until

NOT_LOOKED_UP = "couldn't look you up in Slack"
STRANGE = "members of the workspace I am installed in"


@pytest.fixture
def served(rig: Rig) -> Rig:
    rig.start_on_socket()
    rig.import_company()
    return rig


def answer(rig: Rig, user: str, text: str) -> str:
    """Type a command, and return what only its sender is shown."""
    rig.do("command", user=user, channel=COORDINATION, text=text)
    said = rig.ask("messages", channel=COORDINATION)["messages"]
    told = [message for message in said if message.get("ephemeral_to") == user]
    return str(told[-1]["blocks"]) if told else ""


@only_sqlite
def test_a_command_of_somebody_slack_can_t_describe_is_done_when_it_can(rig: Rig) -> None:
    rig.start_on_socket()
    rig.do("faults", method="users.info", kind="server_error")

    refused = answer(rig, DEPUTY, "/ai-status missing")
    served = answer(rig, DEPUTY, "/ai-status missing")

    assert NOT_LOOKED_UP in refused
    assert NOT_LOOKED_UP not in served
    rig.expected_errors.add("person_unread")


@only_sqlite
def test_a_lead_seen_from_another_workspace_files_nothing(served: Rig) -> None:
    form = served.open_form(LEAD)
    served.fill(LEAD, form, progress="We shipped")
    served.choose_on_track(LEAD, form)
    served.do("user", user=LEAD, facts={"team_id": "T0OTHER"})

    told = served.do("submit", user=LEAD, view_id=form["id"])

    assert STRANGE in str(told)
    assert STRANGE in answer(served, LEAD, "/ai-status show FIN-01")
    served.do("home", user=LEAD)
    served.do("user", user=LEAD, facts={"team_id": ""})
    shown = answer(served, LEAD, "/ai-status show FIN-01")
    assert "FIN-01" in shown
    assert "We shipped" not in shown


@only_sqlite
def test_whoever_left_is_not_named_as_the_one_to_ask(served: Rig) -> None:
    served.do("user", user=DEPUTY, facts={"deleted": True})

    wait_until(lambda: "Please ask <@U0HEAD>." in answer(served, LEAD, "/ai-status FIN-02"))

    assert f"<@{DEPUTY}>" not in answer(served, LEAD, "/ai-status FIN-02")
