"""What is escalated is one line of the summary, and of the digest of whose department it is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from handlers.blocks.message import Message
from handlers.rendering import render
from storage.models import Act, EscalationKind, Notification
from tests.factories import (
    CALL_AT,
    CLOSES_AT,
    COORDINATION,
    MONDAY_9AM,
    a_filing,
    a_person,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock
from tests.handlers.rounds.test_notification_words import stored
from tests.handlers.updates.test_update_form import all_text
from tests.workflows.escalations.conftest import COE, SECTIONS
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import Deed
from workflows.escalations.in_short import in_short
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update

pytestmark = pytest.mark.one_database


@pytest.fixture
def company(services: Services, adopt: Callable[..., None], clock: FakeClock) -> Services:
    """Two departments, each with a head and an initiative, on the Wednesday of the call."""
    adopt(**SECTIONS)
    settle_in(
        services,
        an_initiative(),
        an_initiative("OPS-01", department="Operations", lead_id="U_OLA"),
        persons=[a_person("U_HEAD", timezone="Europe/Berlin"), a_person(COE)],
        department_leads={"Finance": ["U_HEAD"], "Operations": ["U_OPS"]},
    )
    sweep(services)
    clock.move_to(CLOSES_AT - timedelta(hours=1))
    return services


def open_one(services: Services, user_id: str = "U_LEAD", **facts: Any) -> None:
    usual: dict[str, Any] = {"kind": EscalationKind.TECHNICAL_BLOCKER, "key": "FIN-01"}
    open_escalation(services, actor(user_id), Wanted(**(usual | {"what": "No access"} | facts)))


def open_conflict(services: Services) -> None:
    kind = EscalationKind.RESOURCE_CONFLICT
    open_one(services, "U_HEAD", kind=kind, other="OPS-01", pool="GPU pool")


def words_of(services: Services, row: Notification) -> str:
    message: Message | None = render(services, [row]).get(row.key)
    assert message is not None
    return all_text(message.blocks)


def summary_of(services: Services) -> str:
    return words_of(services, stored(services, "summary", COORDINATION))


def digest_of(services: Services, user_id: str = "U_HEAD") -> str:
    return words_of(services, stored(services, "digest", user_id))


def test_the_summary_counts_names_the_oldest_and_what_changes_its_level(
    company: Services, clock: FakeClock
) -> None:
    clock.move_to(MONDAY_9AM)
    open_conflict(company)
    clock.move_to(CLOSES_AT - timedelta(hours=1))
    open_one(company)

    said = summary_of(company)

    line = "2 open, the oldest E-1 (FIN-01), since Monday. E-2 goes to the CoE tomorrow, and 1 more"
    assert f"*Escalated:* {line} changes level this week." in said


def test_one_that_is_open_is_told_by_itself(company: Services) -> None:
    open_conflict(company)

    said = summary_of(company)

    assert "*Escalated:* E-1 (FIN-01) is open since today.\n" in said


def test_a_digest_tells_of_its_departments_alone(company: Services) -> None:
    open_one(company, "U_OLA", key="OPS-01")

    assert "*Escalated:*" in summary_of(company)
    assert "*Escalated:*" not in digest_of(company)
    assert "*Escalated:* E-1 (OPS-01)" in digest_of(company, "U_OPS")


def test_days_are_those_of_the_reader(company: Services, clock: FakeClock) -> None:
    clock.move_to(CALL_AT + timedelta(hours=3, minutes=30))  # past midnight in Berlin
    open_one(company)
    clock.advance(minutes=-60)

    assert "since today. E-1 goes to the CoE tomorrow." in summary_of(company)
    assert "goes to the CoE on Friday." in digest_of(company)


def test_a_quiet_digest_does_not_say_that_there_is_nothing_to_do(
    company: Services, clock: FakeClock
) -> None:
    clock.move_to(MONDAY_9AM)
    file_update(company, actor(), a_filing())
    quiet = digest_of(company)

    open_one(company)

    assert "all on track. Nothing for you to do." in quiet
    assert "all on track.\n" in digest_of(company)
    assert "*Escalated:* E-1 (FIN-01)" in digest_of(company)


def test_nothing_open_is_no_line(company: Services) -> None:
    open_one(company)
    act_on(company, actor(), Deed(Act.RESOLVE, 1, 1, words="Granted"))

    assert "*Escalated:*" not in summary_of(company)


def test_where_it_is_not_switched_on_there_is_no_line(
    company: Services, adopt: Callable[..., None]
) -> None:
    open_one(company)
    adopt()

    assert "*Escalated:*" not in summary_of(company)
    assert "*Escalated:*" not in digest_of(company)


def test_what_moves_in_exactly_a_week_is_not_of_this_week_and_a_second_earlier_is(
    company: Services, clock: FakeClock
) -> None:
    open_conflict(company)  # which goes to the committee after seven days

    at_a_week = in_short(company, actor().workspace_id)
    clock.advance(seconds=1)
    within = in_short(company, actor().workspace_id)

    assert at_a_week is not None
    assert within is not None
    assert [len(one.moving) for one in (at_a_week, within)] == [0, 1]
