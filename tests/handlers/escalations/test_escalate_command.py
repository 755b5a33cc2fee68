"""What /ai-escalate answers: lists, one with its history, the policy, help."""

import pytest

from storage.models import Act
from tests.factories import TEAM, a_policy
from tests.handlers.conftest import Workspace
from tests.handlers.updates.test_update_form import all_text
from tests.workflows.escalations.conftest import COE, SECTIONS
from tests.workflows.escalations.doing import (
    CONFLICT,
    Open,
    do,
    leave,
)
from workflows import policies
from workflows.services import Services

pytestmark = pytest.mark.one_database
MENU = ["[Hand over …]", "[Snooze …]", "[Withdraw …]"]


# The command.


def said(workspace: Workspace, text: str, user: str = "U_LEAD") -> str:
    answer = workspace.command(text, user, "/ai-escalate")
    assert answer["response_type"] == "ephemeral"
    return all_text(answer["blocks"])


def test_what_is_open_is_listed_by_all_mine_kind_and_initiative(
    company: Services, opened: Open, workspace: Workspace
) -> None:
    opened("U0ANY", what="First")
    opened("U_OLA", key="OPS-01", what="Second")
    opened("U_HEAD", what="Third", **CONFLICT)
    opened("U0ANY", what="Fourth")
    do(company, Act.RESOLVE, "U_LEAD", 4, words="Granted")

    def listed(text: str, user: str = "U_LEAD") -> list[str]:
        found = said(workspace, text, user)
        return [name for name in ("First", "Second", "Third", "Fourth") if name in found]

    assert listed("list") == listed("LIST open") == ["First", "Second", "Third"]
    assert listed("list mine") == ["First"]
    assert listed("list mine", "U_OLA") == ["Second"]
    assert listed("list mine", "U0MONEY") == []
    assert listed("list blocker") == listed("list technical blockers") == ["First", "Second"]
    assert listed("list conflict") == ["Third"]
    assert listed("list risk") == []
    assert listed("list FIN-01") == ["First", "Third", "Fourth"]
    assert listed("list ops-01") == ["Second"]
    assert "goes to the CoE tomorrow" in said(workspace, "list")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("list", "Nothing is escalated."),
        ("list mine", "You have nothing escalated"),
        ("list blocker", "Nothing of this kind is open."),
        ("list FIN-01", "Nothing was ever escalated for this initiative."),
        ("help", "/ai-escalate"),
        ("list nothing-like-it", "I can't find an initiative"),
        ("polcy", "Did you mean `/ai-escalate policy`?"),
        ("FIN-99", "I can't find an initiative or command called “FIN-99”."),
        ("policy", "Not resolved after 24 hours: the CoE."),
        ("policy", "*The CoE:* U0Coe, U0Coe2"),
        ("policy", "(chair: U0Chair)"),
        ("policy", "*Finance:* U0Money"),
    ],
)
def test_the_command_answers_alone_whoever_asks(
    company: Services, workspace: Workspace, text: str, says: str
) -> None:
    assert says in said(workspace, text)


@pytest.mark.parametrize("text", ["show E-1", "show e1", "SHOW 1", "show E-1  "])
def test_one_is_shown_with_all_that_happened(
    company: Services, opened: Open, workspace: Workspace, text: str
) -> None:
    opened("U0ANY")
    do(company, Act.ACKNOWLEDGE, "U_DEPUTY")

    found = said(workspace, text)

    assert "No access to the ledger" in found
    assert "📣 U0Any opened this." in found
    assert "👀 <@U_DEPUTY> is on it." in found


@pytest.mark.parametrize("text", ["show", "show E-7", "show nothing", "show -0", "show ١"])
def test_what_cannot_be_shown_is_said_to(
    company: Services, opened: Open, workspace: Workspace, text: str
) -> None:
    opened()

    assert "I can't find an escalation called" in all_text(
        workspace.command(text, name="/ai-escalate")
    )


@pytest.mark.parametrize("text", ["list", "show E-1", "policy", "FIN-01", ""])
def test_where_it_is_switched_off_the_command_says_so(
    company: Services, opened: Open, workspace: Workspace, text: str
) -> None:
    opened()
    policies.adopt(company, TEAM, "Tests", a_policy(**SECTIONS | {"features": []}))

    answer = workspace.command(text, name="/ai-escalate")

    assert "Escalations aren't switched on here." in all_text(answer)


def test_who_has_left_is_not_among_those_the_policy_names(
    company: Services, workspace: Workspace
) -> None:
    leave(company, COE)

    assert "*The CoE:* U0Coe2" in said(workspace, "policy")
