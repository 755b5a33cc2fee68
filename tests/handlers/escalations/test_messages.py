"""What people are told, unless it has gone on since."""

from datetime import date
from typing import Any

import pytest

from storage.models import Act
from tests.factories import TEAM, a_policy
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.escalations.forms import (
    labels,
    posted,
)
from tests.handlers.updates.test_update_form import all_text
from tests.workflows.escalations.conftest import CHAIR, COE, COE_TOO, SECTIONS
from tests.workflows.escalations.doing import (
    RISK,
    Open,
    at,
    do,
)
from workflows import policies
from workflows.services import Services

pytestmark = pytest.mark.one_database
MENU = ["[Hand over …]", "[Snooze …]", "[Withdraw …]"]


# Messages to people: silent where they are overtaken.


def test_who_is_told_reads_why_and_can_press_what_they_may(
    company: Services, opened: Open, slack: FakeSlack
) -> None:
    opened("U0ANY")

    deliver(company, slack)

    (message,) = posted(slack, "U_LEAD")
    assert "*E-1 is yours.* Please acknowledge it" in all_text(message["blocks"])
    assert labels(message["blocks"]) == ["Acknowledge", "Escalate now", "Resolve …", *MENU[:2]]


@pytest.mark.parametrize(
    ("act", "user_id"),
    [
        (Act.ACKNOWLEDGE, "U_DEPUTY"),
        (Act.RESOLVE, "U_HEAD"),
        (Act.WITHDRAW, "U0ANY"),
        (Act.ESCALATE, "U0ANY"),
    ],
)
def test_who_would_be_told_hears_nothing_of_what_has_gone_on(
    company: Services, opened: Open, slack: FakeSlack, act: Act, user_id: str
) -> None:
    opened("U0ANY")
    do(company, act, user_id, words="So be it")

    deliver(company, slack)

    about = [all_text(params["blocks"]) for params in posted(slack, "U_LEAD")]
    assert [text for text in about if "is yours" in text] == []


def test_a_reminder_is_not_sent_when_somebody_has_acknowledged_a_second_before(
    company: Services, opened: Open, slack: FakeSlack, clock: FakeClock
) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")
    deliver(company, slack)
    before = len(posted(slack, COE))
    at(clock, company, hours=4)
    do(company, Act.ACKNOWLEDGE, COE_TOO)

    deliver(company, slack)

    assert len(posted(slack, COE)) == before == 1
    assert len(posted(slack, COE_TOO)) == 1


def test_a_reminder_says_that_it_waits_and_who_stands_in_is_asked_to_find_somebody(
    company: Services, opened: Open, slack: FakeSlack, clock: FakeClock
) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")
    for hours in (4, 8):
        at(clock, company, hours=hours)
        deliver(company, slack)

    assert "*E-1 is still waiting for you.*" in all_text(posted(slack, COE)[-1]["blocks"])
    (message,) = posted(slack, "U0FALLBACK")
    assert "*Still waiting for the CoE to acknowledge E-1.* Can you find them?" in all_text(message)
    assert labels(message["blocks"]) == []  # they don't hold the level


def test_the_owner_is_asked_unless_something_was_heard_since(
    company: Services, opened: Open, slack: FakeSlack, clock: FakeClock
) -> None:
    for number in (1, 2):
        opened()
        do(company, Act.ESCALATE, "U_LEAD", number)
        do(company, Act.ACKNOWLEDGE, COE, number)
    deliver(company, slack)
    before = len(posted(slack, COE))
    at(clock, company, days=2)
    clock.advance(seconds=1)
    do(company, Act.CONFIRM, COE, 2)

    deliver(company, slack)

    (asked,) = posted(slack, COE)[before:]
    assert "How is E-1 going?" in asked["text"]
    assert labels(asked["blocks"])[0] == "Still on it"


def test_the_outcome_is_not_told_of_what_was_reopened_before_it_was_sent(
    company: Services, opened: Open, slack: FakeSlack
) -> None:
    opened("U0ANY")
    do(company, Act.RESOLVE, "U_LEAD", words="Granted")
    do(company, Act.REOPEN, "U0ANY")

    deliver(company, slack)

    assert posted(slack, "U0ANY") == []


def test_what_became_of_it_is_told_with_what_was_decided(
    company: Services, opened: Open, slack: FakeSlack
) -> None:
    opened("U0ANY")
    do(company, Act.RESOLVE, "U_LEAD", words="Access is <granted>")

    deliver(company, slack)

    (message,) = posted(slack, "U0ANY")
    text = all_text(message["blocks"])
    assert "✅ Lead resolved this: Access is &lt;granted&gt;" in text
    assert labels(message["blocks"]) == []


def test_the_committee_hears_once_in_its_channel_with_its_chair_mentioned(
    planned: Services, opened: Open, slack: FakeSlack
) -> None:
    levels: dict[str, Any] = SECTIONS["levels"]  # type: ignore[assignment]
    steering = levels["steering"] | {"channel": "C0STEER0001"}
    policies.adopt(
        planned, TEAM, "Tests", a_policy(**SECTIONS | {"levels": levels | {"steering": steering}})
    )
    opened(**RISK | {"forecast_on": date(2027, 4, 20)})

    deliver(planned, slack)

    (message,) = posted(slack, "C0STEER0001")
    text = all_text(message["blocks"])
    assert f"<@{CHAIR}>, <@U0EXEC>: *this needs a decision of the steering committee.*" in text
    assert posted(slack, CHAIR) == []
    assert "Acknowledge" in labels(message["blocks"])
