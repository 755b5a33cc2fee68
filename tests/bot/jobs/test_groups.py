"""A message to several people: they are brought together in Slack as it is sent."""

from collections.abc import Callable

import pytest

from storage import notifications, people
from storage.models import Act, EscalationKind
from tests.factories import COORDINATION, TEAM, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, deliver
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import Deed
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.outbox.claiming import ABANDONED_AFTER
from workflows.services import Services

GROUP_ID = "C0MPIM00001"


@pytest.fixture
def conflict(services: Services, adopt: Callable[..., None]) -> int:
    """A resource conflict between two departments, each with its lead."""
    adopt(features=["escalations"])
    settle_in(
        services,
        an_initiative(),
        an_initiative("OPS-01", department="Operations", lead_id="U_OLA"),
        department_leads={"Finance": ["U0HEAD"], "Operations": ["U0OPS"]},
    )
    kind = EscalationKind.RESOURCE_CONFLICT
    wanted = Wanted(kind, "FIN-01", what="Both need it in May", pool="GPUs", other="OPS-01")
    return open_escalation(services, actor("U0HEAD"), wanted).number


def cards(slack: FakeSlack) -> list[str]:
    return [
        one["channel"]
        for one in slack.of("chat.postMessage")
        if one["metadata"]["event_payload"]["key"] == "escalation:E-1:1"
    ]


@pytest.mark.usefixtures("conflict")
def test_both_leads_are_brought_together(services: Services, slack: FakeSlack) -> None:
    slack.answers["conversations.open"].append({"channel": {"id": GROUP_ID}})

    deliver(services, slack)

    assert slack.of("conversations.open")[0]["users"] == "U0HEAD,U0OPS"
    assert cards(slack) == [GROUP_ID]


@pytest.mark.usefixtures("conflict")
def test_who_left_between_planning_and_sending_is_not_waited_for(
    services: Services, slack: FakeSlack
) -> None:
    with services.transaction() as session:
        person = people.to_change(session, TEAM, "U0OPS")
        assert person is not None
        person.deactivated = True

    deliver(services, slack)

    assert slack.of("conversations.open") == []
    assert cards(slack) == [COORDINATION]


@pytest.mark.usefixtures("conflict")
@pytest.mark.parametrize("code", ["user_disabled", "too_many_users", "cannot_dm_bot"])
def test_where_slack_brings_them_not_together_it_goes_to_the_usual_channel(
    services: Services, slack: FakeSlack, code: str
) -> None:
    slack.answers["conversations.open"].append(code)

    deliver(services, slack)

    assert cards(slack) == [COORDINATION]


def test_its_thread_goes_on_where_the_card_went(
    services: Services, slack: FakeSlack, clock: FakeClock, conflict: int
) -> None:
    slack.answers["conversations.open"].append({"channel": {"id": GROUP_ID}})
    deliver(services, slack)
    clock.advance(seconds=1)
    act_on(services, actor("U0OPS"), Deed(Act.TAKE_OVER, conflict, 1))

    deliver(services, slack)

    line = slack.of("chat.postMessage")[-1]
    with services.reading() as reader:
        card = notifications.get(reader, TEAM, "escalation:E-1:1")
    assert card is not None
    assert (line["channel"], line["thread_ts"]) == (GROUP_ID, card.ts)


@pytest.mark.usefixtures("conflict")
def test_one_that_was_lost_is_looked_for_in_the_group(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    for _ in range(2):
        slack.answers["conversations.open"].append({"channel": {"id": GROUP_ID}})
    slack.answers["chat.postMessage"].append(TimeoutError("lost"))
    deliver(services, slack)
    found = {"ts": "9.9", "metadata": {"event_payload": {"key": "escalation:E-1:1"}}}
    slack.answers["conversations.history"].append({"messages": [found]})
    clock.advance(seconds=ABANDONED_AFTER.total_seconds() + 1)

    deliver(services, slack)

    assert cards(slack) == [GROUP_ID]
    assert slack.of("conversations.history")[0]["channel"] == GROUP_ID
