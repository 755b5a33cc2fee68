"""Pressing the buttons of an escalation, and the small forms that some open."""

import pytest

from storage.models import Act, EscalationState
from tests.fakes import FakeClock, FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.escalations.forms import (
    told_in_window,
    typed,
    window,
)
from tests.handlers.updates.test_update_form import all_text
from tests.workflows.escalations.doing import (
    A_DAY,
    CONFLICT,
    Open,
    acts,
    decided,
    do,
    one,
)
from workflows.services import Services

pytestmark = pytest.mark.one_database
MENU = ["[Hand over …]", "[Snooze …]", "[Withdraw …]"]


@pytest.fixture
def own(company: Services, opened: Open) -> Services:
    """The company, where the lead has opened a blocker, which is theirs."""
    opened()
    return company


# Pressing.


def test_a_press_acts_and_who_may_not_is_told_alone(
    company: Services, opened: Open, workspace: Workspace, slack: FakeSlack
) -> None:
    opened("U0ANY")

    workspace.press("escalation_act_acknowledge", "acknowledge 1 1", "U0MONEY")
    refused = told_in_window(slack)
    workspace.press("escalation_act_acknowledge", "acknowledge 1 1", "U_DEPUTY")

    assert "You can't acknowledge E-1. Lead, Deputy or Head can." in refused
    assert one(company).owner_id == "U_DEPUTY"


def test_a_press_on_an_old_card_says_what_happened(
    company: Services, opened: Open, workspace: Workspace, slack: FakeSlack
) -> None:
    opened("U0ANY")
    do(company, Act.ACKNOWLEDGE, "U_DEPUTY")

    workspace.press("escalation_act_acknowledge", "acknowledge 1 1", "U_LEAD")

    assert "Nothing was done: E-1 was acknowledged by Deputy at 09:00." in told_in_window(slack)


def test_resolving_asks_what_was_decided_and_says_where_it_is(
    company: Services, opened: Open, workspace: Workspace, slack: FakeSlack
) -> None:
    opened()
    workspace.press("escalation_act_resolve", "resolve 1 1")
    form = window(slack)

    empty = workspace.submit(typed(form, words="  "))
    done = workspace.submit(typed(form, words="Granted"))

    assert list(empty["errors"]) == ["words"]
    assert "E-1 is resolved" in all_text(done["view"])
    assert [each.what for each in decided(company)] == ["Granted"]


@pytest.mark.parametrize(
    ("word", "fields", "faulty"),
    [
        ("snooze", {"until_on": "2026-11-23", "words": "Waiting"}, "until_on"),
        ("snooze", {"until_on": "2026-12-24", "words": "Waiting"}, "until_on"),
        ("snooze", {"words": " "}, "words"),
        ("hand_over", {"person_id": "U0MONEY"}, "person_id"),
    ],
)
def test_what_is_wrong_with_an_act_stands_beside_its_field(
    own: Services,
    workspace: Workspace,
    slack: FakeSlack,
    word: str,
    fields: dict[str, str],
    faulty: str,
) -> None:
    workspace.choose("escalation_more", f"{word} 1 1")

    answer = workspace.submit(typed(window(slack), **fields))

    assert list(answer["errors"]) == [faulty]
    assert acts(own) == [Act.OPEN]


def test_a_form_that_was_overtaken_says_what_happened_beside_its_field(
    company: Services, opened: Open, workspace: Workspace, slack: FakeSlack
) -> None:
    opened()
    workspace.press("escalation_act_resolve", "resolve 1 1")
    form = window(slack)
    do(company, Act.ESCALATE, "U_HEAD")

    answer = workspace.submit(typed(form, words="Granted"))

    assert list(answer["errors"]) == ["words"]
    assert "E-1 was escalated by Head at 09:00" in answer["errors"]["words"]
    assert decided(company) == []


def test_terms_are_proposed_edited_and_agreed_to(
    company: Services, opened: Open, workspace: Workspace, slack: FakeSlack
) -> None:
    opened("U_HEAD", **CONFLICT)
    workspace.press("escalation_act_terms", "terms 1 1", "U_HEAD")
    proposed = workspace.submit(typed(window(slack), words="Half each"), "U_HEAD")
    workspace.press("escalation_act_terms", "terms 1 2", "U_OPS")
    form = window(slack)

    agreed = workspace.submit(typed(form), "U_OPS")  # sent as it stands: that is a yes

    assert "with the other department" in all_text(proposed["view"])
    assert form["blocks"][-1]["element"]["initial_value"] == "Half each"
    assert "Everybody agrees: E-1 is settled" in all_text(agreed["view"])
    assert one(company).state is EscalationState.RESOLVED


def test_what_is_reopened_too_late_is_said_where_it_was_pressed(
    company: Services, opened: Open, workspace: Workspace, slack: FakeSlack, clock: FakeClock
) -> None:
    opened()
    do(company, Act.RESOLVE, "U_LEAD", words="Granted")
    clock.move_to(clock() + 15 * A_DAY)

    workspace.press("escalation_act_reopen", "reopen 1 2")

    assert "It was settled more than 14 days ago." in told_in_window(slack)


def test_a_button_that_is_none_of_ours_does_nothing(
    company: Services, opened: Open, workspace: Workspace, slack: FakeSlack
) -> None:
    opened()
    for value in ("", "acknowledge", "explode 1 1", "acknowledge 1 1 1", "resolve 999 1"):
        workspace.press("escalation_act_acknowledge", value)

    assert acts(company) == [Act.OPEN]
