"""Risks and overruns find themselves, once for each crossing, and tell when they recede."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from storage import escalations, notifications
from storage.models import (
    Act,
    Confidence,
    Escalation,
    EscalationKind,
    EscalationState,
    Level,
    NotificationState,
    SubjectKind,
)
from tests.factories import MONDAY_9AM, TEAM, a_filing, actor
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.workflows.escalations.conftest import CHAIR, EXECUTIVE
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import Deed
from workflows.registry.editing import save_entry
from workflows.registry.entries import show_entry
from workflows.registry.milestones import MilestoneWanted, save_milestone
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update

COMMITTED = date(2027, 3, 1)


def expect_m1(services: Services, days_late: int) -> None:
    """Have the first milestone of FIN-01 expected so many days after it was committed to."""
    known = show_entry(services, actor(), "FIN-01").facts.milestones
    number = 1 if known else None
    forecast_on = COMMITTED + timedelta(days=days_late)
    wanted = MilestoneWanted(number, "Live", COMMITTED, forecast_on)
    save_milestone(services, actor(), "FIN-01", wanted)


def expect_cost(services: Services, forecast: str, approved: str = "1000") -> None:
    version = show_entry(services, actor(), "FIN-01").version
    money = {"budget_approved": Decimal(approved), "budget_forecast": Decimal(forecast)}
    save_entry(services, actor(), "FIN-01", version, money)


def every(services: Services) -> list[Escalation]:
    with services.reading() as reader:
        found = escalations.of_initiative(reader, TEAM, "FIN-01", limit=50)
    return sorted(found, key=lambda one: one.number)


def told(services: Services, *kinds: str) -> list[str]:
    """Return who is, or was, told by messages of these kinds; not what was called off."""
    with services.reading() as reader:
        rows = [
            row
            for number in range(1, 9)
            for row in notifications.about(
                reader, TEAM, SubjectKind.ESCALATION, f"E-{number}", kinds
            )
        ]
    return [row.recipient_id for row in rows if row.state is not NotificationState.CANCELLED]


def acts(services: Services, number: int = 1) -> list[Act]:
    with services.reading() as reader:
        return [step.act for step in escalations.steps(reader, TEAM, number)]


@pytest.mark.parametrize(("days", "opened"), [(14, 0), (15, 1)])
def test_more_than_fourteen_days_go_to_the_committee_at_once(
    company: Services, days: int, opened: int
) -> None:
    expect_m1(company, days)

    found = every(company)
    assert len(found) == opened
    if opened:
        (one,) = found
        assert (one.kind, one.level) == (EscalationKind.TIMELINE_RISK, Level.STRATEGIC)
        assert (one.opener_id, one.impact_days) == ("", 15)
        assert told(company, "escalated") == [CHAIR, EXECUTIVE]


def test_further_moves_open_no_second_card(company: Services) -> None:
    expect_m1(company, 15)
    expect_m1(company, 40)

    assert [one.impact_days for one in every(company)] == [40]


def test_pulled_back_under_the_threshold_everyone_who_was_told_is_told(
    company: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    expect_m1(company, 15)
    deliver(company, slack)
    clock.advance(minutes=1)

    expect_m1(company, 14)

    assert told(company, "receded") == [CHAIR, EXECUTIVE]
    assert acts(company) == [Act.OPEN, Act.RECEDE]


def test_crossing_again_is_a_line_in_its_thread_and_tells_the_committee_again(
    company: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    expect_m1(company, 15)
    deliver(company, slack)
    clock.advance(minutes=1)
    expect_m1(company, 14)

    expect_m1(company, 16)

    assert acts(company) == [Act.OPEN, Act.RECEDE, Act.GROW]
    assert told(company, "escalated") == [CHAIR, EXECUTIVE] * 2
    assert len(every(company)) == 1


@pytest.mark.parametrize(("forecast", "opened"), [("1100", 0), ("1100.01", 1), ("1099.99", 0)])
def test_ten_percent_is_no_overrun_and_a_cent_more_is(
    company: Services, forecast: str, opened: int
) -> None:
    expect_cost(company, forecast)

    assert len(every(company)) == opened


def test_finance_and_the_committee_hear_of_an_overrun(company: Services) -> None:
    expect_cost(company, "1101")

    assert set(told(company, "escalated")) == {"U0MONEY", CHAIR, EXECUTIVE}


def test_another_alert_comes_every_five_points(company: Services, clock: FakeClock) -> None:
    expect_cost(company, "1100.01")
    alerts = []
    for forecast in ("1150", "1150.01", "1200", "1200.01"):
        clock.advance(minutes=1)
        expect_cost(company, forecast)
        alerts.append(acts(company).count(Act.GROW))

    assert alerts == [0, 1, 1, 2]


def test_what_was_over_and_is_not_before_anything_is_sent_is_told_to_nobody(
    company: Services, slack: FakeSlack
) -> None:
    expect_cost(company, "1099.90")
    expect_cost(company, "1100.10")
    expect_cost(company, "1099.90")

    deliver(company, slack)

    posted = [one["metadata"]["event_payload"]["key"] for one in slack.of("chat.postMessage")]
    assert [key for key in posted if "E-1" in key] == []
    assert [one.state for one in every(company)] == [EscalationState.WITHDRAWN]


def test_a_budget_of_zero_alerts_once_and_has_no_further_points(
    company: Services, clock: FakeClock
) -> None:
    expect_cost(company, "1", approved="0")
    clock.advance(minutes=1)
    expect_cost(company, "1000", approved="0")

    assert acts(company) == [Act.OPEN]


def test_resolving_does_not_arm_it_anew_and_receding_does(
    company: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    expect_cost(company, "1101")
    deliver(company, slack)
    act_on(company, actor(CHAIR), Deed(Act.RESOLVE, 1, 1, words="Approved as it is"))

    expect_cost(company, "1102")
    meanwhile = len(every(company))
    expect_cost(company, "1000")
    expect_cost(company, "1103")

    assert (meanwhile, len(every(company))) == (1, 2)


def test_where_escalations_are_switched_off_nothing_is_watched(
    company: Services, adopt: Callable[..., None]
) -> None:
    adopt()

    expect_m1(company, 100)
    expect_cost(company, "9000")

    assert every(company) == []


def test_what_a_person_escalates_with_its_new_forecast_is_one_card(
    company: Services, opened: Callable[..., int]
) -> None:
    expect_m1(company, 0)

    opened(
        kind=EscalationKind.TIMELINE_RISK,
        milestone=1,
        forecast_on=COMMITTED + timedelta(days=20),
        topic="",
    )

    (one,) = every(company)
    assert (one.opener_id, one.impact_days) == ("U_LEAD", 20)
    milestone = show_entry(company, actor(), "FIN-01").facts.milestones[0]
    assert milestone.forecast_on == COMMITTED + timedelta(days=20)
    assert one.opened_at == MONDAY_9AM


def test_an_update_that_says_off_track_opens_a_risk_once(
    company: Services, clock: FakeClock
) -> None:
    expect_m1(company, 3)
    sweep(company)
    off_track = Confidence.OFF_TRACK

    file_update(company, actor(), a_filing(confidence=off_track))
    file_update(company, actor(), a_filing(base_version=1, confidence=off_track, progress="More"))

    (one,) = every(company)
    assert (one.kind, one.level) == (EscalationKind.TIMELINE_RISK, Level.OPERATIONAL)
    assert (one.opener_id, one.owner_id) == ("U_LEAD", "U_LEAD")


def test_at_risk_opens_nothing(company: Services) -> None:
    expect_m1(company, 3)
    sweep(company)

    file_update(company, actor(), a_filing(confidence=Confidence.AT_RISK))

    assert every(company) == []
