"""Public holidays from end to end: nobody gets a message on theirs, and none is late for it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from storage.models import Promise, PromiseState
from tests.factories import CLOSES_AT, MONDAY_9AM, a_person, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, deliver
from workflows.services import Services
from workflows.sweep import sweep

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
TUESDAY_9AM = MONDAY_9AM + DAY


def told(slack: FakeSlack, to: str = "U_LEAD") -> list[str]:
    return [call["text"] for call in slack.of("chat.postMessage") if call["channel"] == to]


def promised(services: Services, kind: str) -> list[Promise]:
    with services.transaction() as session:
        return list(session.exec(select(Promise).where(Promise.kind == kind)).all())


@pytest.fixture
def resting(services: Services) -> Services:
    """A lead in New York by the calendar of Japan, where that Monday is a holiday."""
    settle_in(services, an_initiative(), persons=[a_person("U_LEAD", country="JP")])
    return services


def test_a_prompt_on_its_reader_s_holiday_comes_the_next_morning_and_is_not_late(
    resting: Services, clock: FakeClock, slack: FakeSlack
) -> None:
    sweep(resting)

    deliver(resting, slack)
    clock.move_to(TUESDAY_9AM - SECOND)
    deliver(resting, slack)
    before = told(slack)
    clock.advance(seconds=1)
    deliver(resting, slack)

    (prompt,) = promised(resting, "prompt")
    assert (len(before), len(told(slack))) == (0, 1)
    assert "late" not in str(slack.of("chat.postMessage"))
    assert (prompt.state, prompt.late_by_seconds) == (PromiseState.KEPT, 0)


def test_two_messages_that_a_holiday_brings_together_are_one(
    resting: Services, clock: FakeClock, slack: FakeSlack
) -> None:
    for now in (MONDAY_9AM, TUESDAY_9AM, TUESDAY_9AM + 30 * SECOND, TUESDAY_9AM + 60 * SECOND):
        clock.move_to(now)
        sweep(resting)
        deliver(resting, slack)

    assert len(told(slack)) == 1


def test_what_the_bot_itself_delayed_into_a_holiday_is_late_after_it(
    services: Services, clock: FakeClock, slack: FakeSlack, adopt: Callable[..., None]
) -> None:
    adopt(calendar={"country": "US"})
    settle_in(services, an_initiative(), department_leads={"Finance": ["U_LEAD"]})
    sweep(services)
    clock.move_to(CLOSES_AT)  # Wednesday afternoon; Thanksgiving is on the next day
    sweep(services)
    sweep(services)

    clock.move_to(CLOSES_AT + DAY)
    deliver(services, slack)
    on_thanksgiving = told(slack)
    clock.move_to(MONDAY_9AM + 4 * DAY)
    deliver(services, slack)

    assert (len(on_thanksgiving), len(told(slack))) == (0, 1)
    assert [one.state for one in promised(services, "digest")] == [PromiseState.LATE]


def test_a_reminder_that_a_holiday_holds_beyond_the_closing_is_not_sent(
    services: Services, clock: FakeClock, slack: FakeSlack, adopt: Callable[..., None]
) -> None:
    call = {"weekday": "friday", "time": "09:30", "timezone": "America/New_York"}
    adopt(call=call, calendar={"country": "US"})
    settle_in(services, an_initiative())
    for day in range(5):
        clock.move_to(MONDAY_9AM + day * DAY)  # from Monday to Friday, Thanksgiving on Thursday
        sweep(services)
        deliver(services, slack)

    assert len(told(slack)) == 1  # the prompt
