"""Where an escalation goes, and when: each number at its boundary, from both sides."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from storage.models import EscalationKind, EscalationState, Level
from tests.factories import MONDAY_9AM, a_calendar, an_escalation
from workflows.escalations.policy import (
    Chase,
    WorkingSpan,
    can_reopen,
    chase_after,
    clock_clause,
    first_level,
    is_settled,
    is_snoozed,
    moves_at,
    next_chase,
    next_level,
    overrun_percent,
    overrun_steps,
)
from workflows.escalations.rules import EscalationRules
from workflows.policy_document import has_clause

BLOCKER, CONFLICT, RISK, OVERRUN = EscalationKind
OPERATIONAL, TACTICAL, STRATEGIC = Level
A_SECOND = timedelta(seconds=1)
RULES = EscalationRules()
IN_BUSINESS_TIME = EscalationRules.model_validate(
    {"blocker": {"business_time": True}, "conflict": {"business_time": True}}
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "since", "expected"),
    [
        (BLOCKER, "2026-11-23 14:00:00", "2026-11-24 14:00:00"),
        (BLOCKER, "2026-11-23 14:00:01", "2026-11-24 14:00:01"),
        (BLOCKER, "2026-11-27 23:59:59", "2026-11-28 23:59:59"),  # into a Saturday
        (BLOCKER, "2028-02-28 12:00:00", "2028-02-29 12:00:00"),
        (CONFLICT, "2026-11-23 14:00:00", "2026-11-30 14:00:00"),
        (CONFLICT, "2026-12-28 14:00:01", "2027-01-04 14:00:01"),
        # The clocks of Berlin change on 28 March and 31 October: hours pass all the same.
        (BLOCKER, "2027-03-27 12:00:00", "2027-03-28 12:00:00"),
        (BLOCKER, "2027-10-30 12:00:00", "2027-10-31 12:00:00"),
        (CONFLICT, "2027-03-25 12:00:00", "2027-04-01 12:00:00"),
        (CONFLICT, "2027-10-28 12:00:00", "2027-11-04 12:00:00"),
    ],
)
def test_24_hours_and_seven_days_are_time_that_passes_to_the_second(
    kind: EscalationKind, since: str, expected: str
) -> None:
    assert moves_at(kind, OPERATIONAL, utc(since), RULES, a_calendar()) == utc(expected)


@pytest.mark.parametrize(
    ("kind", "country", "since", "expected"),
    [
        # Nine hours a day: 24 are two days and six hours.
        (BLOCKER, None, "2026-11-23 08:00", "2026-11-25 14:00"),
        (BLOCKER, None, "2026-11-23 17:00", "2026-11-26 14:00"),  # after closing
        (BLOCKER, None, "2026-11-27 15:00", "2026-12-02 12:00"),  # over a weekend
        (BLOCKER, None, "2026-11-28 12:00", "2026-12-02 14:00"),  # on a Saturday
        # The clocks are set forward on that Sunday: it is noon an hour of UTC earlier.
        (BLOCKER, None, "2027-03-25 15:00", "2027-03-30 11:00"),
        # Good Friday and Easter Monday are free in Germany, and the clocks change in between.
        (BLOCKER, "DE", "2027-03-25 15:00", "2027-04-01 11:00"),
        (BLOCKER, "US", "2027-03-25 15:00", "2027-03-30 11:00"),
        (CONFLICT, None, "2026-11-23 08:00", "2026-12-02 08:00"),
        (CONFLICT, None, "2026-11-28 12:00", "2026-12-09 08:00"),  # counted from Monday's opening
        (CONFLICT, None, "2027-03-25 15:00", "2027-04-05 14:00"),
        (CONFLICT, "DE", "2027-03-25 15:00", "2027-04-07 14:00"),
        (CONFLICT, None, "2027-10-28 14:00", "2027-11-08 15:00"),
    ],
)
def test_business_time_leaves_out_nights_weekends_and_holidays(
    kind: EscalationKind, country: str | None, since: str, expected: str
) -> None:
    calendar = a_calendar(country=country)

    found = moves_at(kind, OPERATIONAL, utc(since), IN_BUSINESS_TIME, calendar)

    assert found == utc(expected)


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        (RISK, OPERATIONAL),
        (OVERRUN, OPERATIONAL),
        *((kind, level) for kind in EscalationKind for level in (TACTICAL, STRATEGIC)),
    ],
)
def test_no_clock_runs_for_risks_and_overruns_nor_at_the_last_level(
    kind: EscalationKind, level: Level
) -> None:
    assert moves_at(kind, level, MONDAY_9AM, RULES, a_calendar()) is None


@pytest.mark.parametrize(
    ("kind", "level", "expected"),
    [
        (BLOCKER, OPERATIONAL, TACTICAL),
        (BLOCKER, TACTICAL, None),
        (CONFLICT, OPERATIONAL, STRATEGIC),
        (CONFLICT, STRATEGIC, None),
        (RISK, OPERATIONAL, STRATEGIC),
        (RISK, STRATEGIC, None),
        (OVERRUN, OPERATIONAL, STRATEGIC),
        (OVERRUN, STRATEGIC, None),
    ],
)
def test_each_kind_has_its_path_and_never_goes_past_its_last_level(
    kind: EscalationKind, level: Level, expected: Level | None
) -> None:
    assert next_level(kind, level) is expected


@pytest.mark.parametrize("kind", EscalationKind)
def test_what_takes_a_kind_on_is_a_clause_of_the_policy(kind: EscalationKind) -> None:
    assert has_clause(clock_clause(kind))


@pytest.mark.parametrize(
    ("over_days", "impact", "expected"),
    [
        (14, None, OPERATIONAL),
        (14, 0, OPERATIONAL),
        (14, 13, OPERATIONAL),
        (14, 14, OPERATIONAL),
        (14, 15, STRATEGIC),
        (0, 0, OPERATIONAL),
        (0, 1, STRATEGIC),
    ],
)
def test_a_risk_of_more_than_14_days_begins_at_the_steering_committee(
    over_days: int, impact: int | None, expected: Level
) -> None:
    rules = EscalationRules.model_validate({"timeline": {"steering_over_days": over_days}})

    assert first_level(RISK, rules, impact_days=impact) is expected


@pytest.mark.parametrize("kind", [BLOCKER, CONFLICT])
def test_a_blocker_and_a_conflict_begin_where_they_are(kind: EscalationKind) -> None:
    assert first_level(kind, RULES, impact_days=99, overrun=Decimal(99)) is OPERATIONAL


@pytest.mark.parametrize(
    ("approved", "forecast", "opens"),
    [
        ("100000", "109999.99", False),
        ("100000", "110000.00", False),  # 10 % exactly
        ("100000", "110000.01", True),  # a cent more
        ("1000", "1100", False),
        ("1000", "1101", True),  # a tenth of a percent more
        ("0.30", "0.33", False),  # no float would say so
        ("0.30", "0.34", True),
        ("3", "3.30", False),
        ("99999999999.99", "109999999999.98", False),
        ("99999999999.99", "110000000000.00", True),
        ("1000", "900", False),
        ("1000", "0", False),
        ("0", "0", False),
        ("0", "0.01", True),
        ("0", "1", True),
        ("0", "1000", True),
    ],
)
def test_an_overrun_of_more_than_10_percent_is_the_steering_committees_to_the_cent(
    approved: str, forecast: str, opens: bool
) -> None:
    overrun = overrun_percent(Decimal(approved), Decimal(forecast))

    assert first_level(OVERRUN, RULES, overrun=overrun) is (STRATEGIC if opens else None)


@pytest.mark.parametrize(
    ("approved", "forecasts", "steps"),
    [
        # Another for more than each five points above the threshold; none for what recedes.
        ("1000", ["1100", "1101", "1150", "1150.01", "1200", "1200.01"], [0, 1, 1, 2, 2, 3]),
        ("1000", ["1099", "1101", "1100"], [0, 1, 0]),
        ("100000", ["110000", "110000.01", "115000", "115000.01"], [0, 1, 1, 2]),
        # Without an approved budget there is one, and there are no points.
        ("0", ["0", "1", "1000", "0"], [0, 1, 1, 0]),
    ],
)
def test_an_overrun_is_worth_an_alert_and_another_every_five_points(
    approved: str, forecasts: list[str], steps: list[int]
) -> None:
    overruns = [overrun_percent(Decimal(approved), Decimal(forecast)) for forecast in forecasts]

    assert [overrun_steps(overrun, RULES.overrun) for overrun in overruns] == steps


def test_the_coe_has_four_working_hours_and_others_a_working_day() -> None:
    spans = {level: chase_after(level, RULES.acknowledge) for level in Level}

    assert spans == {
        OPERATIONAL: WorkingSpan(days=1),
        TACTICAL: WorkingSpan(hours=4),
        STRATEGIC: WorkingSpan(days=1),
    }


@pytest.mark.parametrize(
    ("last", "has_holders", "has_fallback", "expected"),
    [
        (0, True, True, Chase.LEVEL),
        (0, True, False, Chase.LEVEL),
        (0, False, True, Chase.FALLBACK),
        (0, False, False, Chase.MANAGER),
        (Chase.LEVEL, True, True, Chase.FALLBACK),
        (Chase.LEVEL, True, False, Chase.MANAGER),
        (Chase.FALLBACK, True, True, Chase.MANAGER),
        (Chase.MANAGER, True, True, Chase.MANAGER),  # and again
    ],
)
def test_the_level_is_reminded_then_its_fallback_is_told_then_the_manager(
    last: int, has_holders: bool, has_fallback: bool, expected: Chase
) -> None:
    assert next_chase(last, has_holders=has_holders, has_fallback=has_fallback) is expected


@pytest.mark.parametrize(
    ("after", "expected"), [(-A_SECOND, True), (timedelta(), False), (A_SECOND, False)]
)
def test_reminders_come_again_at_the_moment_until_which_they_were_silenced(
    after: timedelta, expected: bool
) -> None:
    snoozed = an_escalation(snoozed_until_at=MONDAY_9AM)

    assert is_snoozed(snoozed, MONDAY_9AM + after) is expected
    assert not is_snoozed(an_escalation(), MONDAY_9AM + after)


@pytest.mark.parametrize(
    ("state", "after", "expected"),
    [
        (EscalationState.RESOLVED, timedelta(), True),
        (EscalationState.RESOLVED, timedelta(days=14), True),
        (EscalationState.RESOLVED, timedelta(days=14, seconds=1), False),
        (EscalationState.WITHDRAWN, timedelta(days=14), True),
        (EscalationState.WITHDRAWN, timedelta(days=14, seconds=1), False),
        (EscalationState.OPEN, timedelta(), False),
        (EscalationState.ACKNOWLEDGED, timedelta(), False),
    ],
)
def test_what_is_settled_can_be_reopened_for_14_days_exactly(
    state: EscalationState, after: timedelta, expected: bool
) -> None:
    one = an_escalation(state=state, settled_at=MONDAY_9AM)

    assert can_reopen(one, RULES, MONDAY_9AM + after) is expected


def test_settled_is_what_was_resolved_or_withdrawn() -> None:
    settled = {state for state in EscalationState if is_settled(an_escalation(state=state))}

    assert settled == {EscalationState.RESOLVED, EscalationState.WITHDRAWN}
