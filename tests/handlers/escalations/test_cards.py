"""The card with the lines of its thread, in each state and for each reader."""

from typing import Any

import pytest

from storage.models import Act
from tests.factories import TEAM, a_profile
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.conftest import Workspace
from tests.handlers.escalations.forms import (
    labels,
    posted,
    shown,
)
from tests.handlers.updates.test_update_form import all_text
from tests.workflows.escalations.conftest import COE, COE_TOO, MANAGER, TOPIC
from tests.workflows.escalations.doing import (
    CONFLICT,
    Open,
    at,
    do,
    leave,
)
from workflows.people import remember
from workflows.services import Services

pytestmark = pytest.mark.one_database
TOGETHER = "DU_HEAD,U_OPS"  # what the fake opens for the two
MENU = ["[Hand over …]", "[Snooze …]", "[Withdraw …]"]


# What stands on the card.


@pytest.mark.parametrize(
    ("facts", "deeds", "pressable"),
    [
        ({}, [], ["Acknowledge", "Escalate now", "Resolve …", *MENU]),
        ({}, [(Act.ACKNOWLEDGE, "U_LEAD")], ["Resolve …", "Take over", "Escalate now", *MENU]),
        ({}, [(Act.ESCALATE, "U_LEAD")], ["Acknowledge", "Resolve …", *MENU]),
        (
            {},
            [(Act.ESCALATE, "U_LEAD"), (Act.ACKNOWLEDGE, COE)],
            ["Resolve …", "Take over", *MENU],
        ),
        ({}, [(Act.RESOLVE, "U_LEAD")], ["Reopen"]),
        ({}, [(Act.WITHDRAW, "U0ANY")], ["Reopen"]),
        (
            CONFLICT,
            [],
            ["Take over", "Escalate now", "Propose terms …", *MENU],
        ),
        (
            CONFLICT,
            [(Act.AGREE, "U_HEAD")],
            ["Agree", "Take over", "Escalate now", "Change the terms …", *MENU],
        ),
        (CONFLICT, [(Act.AGREE, "U_HEAD"), (Act.AGREE, "U_OPS")], ["Reopen"]),
    ],
)
def test_the_buttons_of_the_card_fit_its_state(
    company: Services,
    opened: Open,
    slack: FakeSlack,
    facts: dict[str, Any],
    deeds: list[tuple[Act, str]],
    pressable: list[str],
) -> None:
    opened("U_HEAD" if facts else "U0ANY", **facts)
    for act, user_id in deeds:
        words = "" if user_id == "U_OPS" else "Half each"
        do(company, act, user_id, words=words)

    deliver(company, slack)

    (card,) = posted(slack, TOGETHER if facts else TOPIC)
    assert labels(card["blocks"]) == pressable
    styles = [
        element.get("style")
        for block in card["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    assert styles.count("primary") <= 2


@pytest.mark.parametrize(
    ("user_id", "pressable"),
    [
        ("U_LEAD", ["Acknowledge", "Escalate now", "Resolve …", *MENU[:2]]),
        ("U_DEPUTY", ["Acknowledge", "Escalate now", "Resolve …", MENU[0]]),
        ("U0ANY", ["Escalate now", MENU[2]]),
        (COE, []),
        (MANAGER, []),
    ],
)
def test_whoever_looks_alone_sees_what_they_may(
    company: Services, opened: Open, workspace: Workspace, user_id: str, pressable: list[str]
) -> None:
    opened("U0ANY")

    assert labels(shown(workspace, user_id)) == pressable


def test_the_card_says_what_is_stuck_who_has_it_and_where_it_goes_next(
    company: Services, opened: Open, slack: FakeSlack
) -> None:
    opened(
        "U0ANY", what="<!channel> no access", tried="Asking *twice*", needed="A key", since="May"
    )

    deliver(company, slack)

    (card,) = posted(slack)
    text = all_text(card["blocks"])
    assert "&lt;!channel&gt; no access" in text
    assert "<!channel>" not in text
    assert "E-1 · Technical blocker" in text
    assert "*FIN-01* Initiative FIN-01" in text
    for said in ("*Needed:* A key", "Since May", "*Not acknowledged yet*", "with <@U_LEAD>"):
        assert said in text
    assert "goes to the CoE" in text
    assert "Technical blocker, FIN-01" in card["text"]


def test_the_card_is_brought_up_to_date_with_each_step(
    company: Services, opened: Open, slack: FakeSlack
) -> None:
    opened("U0ANY")
    deliver(company, slack)

    do(company, Act.ACKNOWLEDGE, "U_DEPUTY")
    deliver(company, slack)

    updated = [params for params in slack.of("chat.update") if params["channel"] == TOPIC]
    assert len(posted(slack)) == 1
    assert len(updated) == 1
    assert "*Acknowledged*" in all_text(updated[0]["blocks"])
    assert "with <@U_DEPUTY>" in all_text(updated[0]["blocks"])


# The lines of its thread.


def test_all_that_happens_is_in_its_thread_in_order_and_a_new_owner_is_mentioned(
    company: Services, opened: Open, slack: FakeSlack, clock: FakeClock
) -> None:
    opened("U0ANY")
    do(company, Act.ACKNOWLEDGE, "U_DEPUTY")
    do(company, Act.HAND_OVER, "U_DEPUTY", person_id="U_LEAD", words="I'm <away>")
    at(clock, company, days=1)
    do(company, Act.ACKNOWLEDGE, COE)
    do(company, Act.RESOLVE, COE, words="Access is granted")
    do(company, Act.REOPEN, "U0ANY", words="Not for me")

    for _ in range(8):  # Slack takes about one a second in a channel
        deliver(company, slack)
        clock.advance(seconds=2)

    said = [" ".join(params["text"].split()) for params in posted(slack, in_thread=True)]
    assert said == [
        "👀 <@U_DEPUTY> is on it.",
        "➡️ Deputy handed this over to <@U_LEAD>. “I'm &lt;away&gt;”",
        "⏰ Its time is up: this goes to the CoE now.",
        f"👀 <@{COE}> is on it.",
        "✅ U0Coe resolved this: Access is granted",
        "🔁 U0Any reopened this. It's back with the CoE. “Not for me”",
    ]
    roots = {params["thread_ts"] for params in posted(slack, in_thread=True)}
    assert len(roots) == 1


def test_who_inherits_it_is_mentioned_in_the_thread(
    company: Services, opened: Open, slack: FakeSlack
) -> None:
    opened()
    remember(company, TEAM, a_profile("U_LEAD", deactivated=True))

    deliver(company, slack)

    (line,) = posted(slack, in_thread=True)
    assert line["text"] == "➡️ <@U_DEPUTY> owns this now: whoever did has left or moved on."


def test_where_everybody_has_left_the_thread_does_not_say_that_its_time_is_up(
    company: Services, opened: Open, slack: FakeSlack
) -> None:
    opened()
    leave(company, "U_DEPUTY", "U_HEAD")
    remember(company, TEAM, a_profile("U_LEAD", deactivated=True))

    deliver(company, slack)

    (line,) = posted(slack, in_thread=True)
    said = "➡️ Whoever could have acted has left: this goes to the CoE now."
    assert line["text"] == f"{said} <@{COE}> <@{COE_TOO}>"


def test_a_level_that_it_comes_to_is_mentioned_in_the_thread(
    company: Services, opened: Open, slack: FakeSlack
) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")

    deliver(company, slack)

    (line,) = posted(slack, in_thread=True)
    assert line["text"] == f"⬆️ Lead escalated this to the CoE. <@{COE}> <@{COE_TOO}>"


def test_what_was_agreed_is_told_as_such_even_when_it_was_reopened_since(
    company: Services, opened: Open, workspace: Workspace, slack: FakeSlack
) -> None:
    opened("U_HEAD", **CONFLICT)
    do(company, Act.AGREE, "U_HEAD", words="Half each")
    do(company, Act.AGREE, "U_OPS")
    do(company, Act.REOPEN, "U_OPS")

    deliver(company, slack)

    said = [params["text"] for params in posted(slack, TOGETHER, in_thread=True)]
    assert said[:2] == [
        "✍️ Head proposes: Half each",
        "🤝 Everybody agrees, so this is settled: Half each",
    ]
    assert "🤝 Everybody agrees, so this is settled: Half each" in all_text(
        shown(workspace, "U_HEAD")
    )
