"""Many messages at once: claimed, prepared and recorded together, and each still by itself."""

from threading import Event

import pytest

from bot.jobs import delivery
from bot.jobs.delivery import Courier, deliver_due
from storage import notifications, outbox
from storage.models import Notification, NotificationState, Priority
from tests.factories import CALL_ON, TEAM, a_filing, a_notification, actor, an_initiative, settle_in
from tests.fakes import FakeSlack, served_by
from workflows.outbox.policy import UNLIMITED
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update

MANY = 40


def put(services: Services, *several: Notification) -> None:
    with services.transaction() as session:
        for notification in several:
            notifications.enqueue(session, notification)


def states(services: Services) -> dict[str, Notification]:
    with services.transaction() as session:
        keys = [f"n{n}" for n in range(MANY)] + ["broken", PROMPT]
        return outbox.to_change(session, TEAM, keys)


@pytest.fixture(autouse=True)
def _prompted(services: Services) -> None:
    settle_in(services, an_initiative(), department_leads={"Finance": ["U_HEAD"]})
    sweep(services)


PROMPT = f"prompt:{CALL_ON}:FIN-01:U_LEAD"


def test_one_that_can_not_be_written_harms_none_of_those_prepared_with_it(
    services: Services, slack: FakeSlack
) -> None:
    put(
        services,
        *(a_notification(key=f"n{n}", recipient_id=f"C0{n}") for n in range(MANY)),
        a_notification(key="broken", kind="summary", call_on=CALL_ON.replace(year=1999)),
    )

    deliver_due(Courier(services, served_by(slack, UNLIMITED)))

    rows = states(services)
    assert (rows["broken"].state, rows["broken"].error) == ("sending", "NoRoundError")
    assert {row.state for key, row in rows.items() if key != "broken"} == {NotificationState.SENT}
    assert len(slack.of("chat.postMessage")) == MANY + 1


def test_what_was_claimed_and_not_begun_waits_again_when_the_bot_stops(
    services: Services, slack: FakeSlack
) -> None:
    put(services, *(a_notification(key=f"n{n}", recipient_id=f"C0{n}") for n in range(MANY)))
    asked, recorded = [], Event()

    def is_stopping() -> bool:
        if slack.of("chat.postMessage"):
            asked.append("once more")
        if len(asked) > 1:  # whatever was not begun is cancelled by now
            recorded.set()
        return bool(asked)

    def wait_unless_first() -> None:
        if len(slack.of("chat.postMessage")) > 1:
            assert recorded.wait(30)

    slack.once_posted = wait_unless_first
    deliver_due(Courier(services, served_by(slack, UNLIMITED), is_stopping, threads=2))

    rows = states(services).values()
    sent = [row for row in rows if row.state == NotificationState.SENT]
    waiting = [row for row in rows if row.state == NotificationState.PENDING]
    assert len(sent) == len(slack.of("chat.postMessage"))
    assert len(sent) + len(waiting) == MANY + 1
    assert waiting
    # As if nobody had claimed them: nothing is looked for at the next attempt.
    assert {row.attempts for row in waiting} == {0}


def test_what_was_prepared_long_ago_is_prepared_anew(
    services: Services, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_FRESH_SECONDS", -1)
    put(services, a_notification(key="n0", recipient_id="C00", priority=Priority.URGENT))
    slack.once_posted = lambda: file_update(services, actor(), a_filing())

    deliver_due(Courier(services, served_by(slack, UNLIMITED), threads=1))

    assert [params["channel"] for params in slack.of("chat.postMessage")] == ["C00"]
    assert states(services)[PROMPT].state == NotificationState.CANCELLED
