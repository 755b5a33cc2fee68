"""What each act does: to the escalation, to what is owed about it, and who hears of it."""

from datetime import date, timedelta
from typing import Any

import pytest

from storage.models import Act, DependencyKind, Escalation, EscalationState, Level
from tests.factories import MONDAY_9AM, actor, settle_in
from tests.fakes import FakeClock
from tests.workflows.escalations.conftest import COE, COE_TOO, TOPIC
from tests.workflows.escalations.doing import (
    A_DAY,
    A_SECOND,
    CONFLICT,
    RISK,
    Open,
    acts,
    at,
    decided,
    do,
    lines,
    one,
    owed,
    steps,
    told,
)
from workflows.escalations.errors import (
    EscalationInvalidError,
    MovedOnError,
    NotAllowedError,
)
from workflows.registry.linking import DependencyWanted, save_dependency
from workflows.services import Services

OPEN, ACKNOWLEDGED = EscalationState.OPEN, EscalationState.ACKNOWLEDGED
RAISE, CHASE, CHECK = "raise_escalation", "chase_level", "check_back"


def stands(found: Escalation) -> tuple[EscalationState, Level, str | None]:
    return found.state, found.level, found.owner_id


def faults(refused: pytest.ExceptionInfo[EscalationInvalidError]) -> dict[str, str]:
    return refused.value.faults


# Acknowledge, take over, hand over.


def test_whoever_acknowledges_owns_it_and_is_asked_later_how_it_goes(
    company: Services, opened: Open
) -> None:
    opened("U0ANY")
    before = owed(company)

    found = do(company, Act.ACKNOWLEDGE, "U_DEPUTY")

    assert stands(found) == (ACKNOWLEDGED, Level.OPERATIONAL, "U_DEPUTY")
    assert found.acknowledged_at == MONDAY_9AM
    assert (before, owed(company)) == ([CHASE, RAISE], [CHECK, RAISE])
    assert one(company).moves_at == MONDAY_9AM + A_DAY
    assert lines(company) == ["escalation:E-1:1:line:00002"]


def test_the_coe_acknowledges_and_no_clock_runs_any_more(company: Services, opened: Open) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")

    found = do(company, Act.ACKNOWLEDGE, COE_TOO)

    assert stands(found) == (ACKNOWLEDGED, Level.TACTICAL, COE_TOO)
    assert owed(company) == [CHECK]


def test_somebody_of_the_level_takes_over_what_another_owns(
    company: Services, opened: Open
) -> None:
    opened()

    found = do(company, Act.TAKE_OVER, "U_HEAD")

    assert stands(found) == (ACKNOWLEDGED, Level.OPERATIONAL, "U_HEAD")
    assert acts(company) == [Act.OPEN, Act.TAKE_OVER]
    assert owed(company) == [CHECK, RAISE]


def test_nobody_takes_over_what_is_theirs(company: Services, opened: Open) -> None:
    opened()

    with pytest.raises(MovedOnError, match="yours already"):
        do(company, Act.TAKE_OVER, "U_LEAD")

    assert acts(company) == [Act.OPEN]


@pytest.mark.parametrize(("cannot_wait", "kind"), [(False, "escalated"), (True, "escalated_now")])
def test_who_is_handed_it_has_to_acknowledge_and_hears_as_soon_as_the_opener_asked(
    company: Services, opened: Open, cannot_wait: bool, kind: str
) -> None:
    opened(cannot_wait=cannot_wait)

    found = do(company, Act.HAND_OVER, "U_LEAD", person_id="U_DEPUTY", words="I'm away")

    assert stands(found) == (OPEN, Level.OPERATIONAL, "U_DEPUTY")
    assert owed(company) == [CHASE, RAISE]
    assert found.moves_at == MONDAY_9AM + A_DAY  # its clock goes on
    assert told(company, "escalated", "escalated_now") == [(kind, "U_DEPUTY")]
    assert (steps(company)[-1].person_id, steps(company)[-1].words) == ("U_DEPUTY", "I'm away")


@pytest.mark.parametrize("person_id", ["U0ANY", COE, "U_LEAD", ""])
def test_it_is_handed_to_somebody_else_of_the_level_alone(
    company: Services, opened: Open, person_id: str
) -> None:
    opened()

    with pytest.raises(EscalationInvalidError) as refused:
        do(company, Act.HAND_OVER, "U_LEAD", person_id=person_id)

    assert faults(refused) == {"person_id": "Please pick somebody of the same level: Deputy, Head."}
    assert acts(company) == [Act.OPEN]


def test_where_nobody_else_holds_the_level_it_is_to_be_escalated(
    company: Services, opened: Open
) -> None:
    settle_in(company, department_leads={"Finance": [], "Operations": []})
    opened("U_OLA", key="OPS-01")

    with pytest.raises(EscalationInvalidError) as refused:
        do(company, Act.HAND_OVER, "U_OLA", person_id="U_LEAD")

    assert faults(refused) == {"person_id": "Nobody else holds this level. Escalate it instead."}


# Escalate now.


@pytest.mark.parametrize("user_id", ["U_LEAD", "U_DEPUTY", "U_HEAD", "U0ANY"])
def test_it_is_escalated_without_waiting_for_its_clock(
    company: Services, opened: Open, clock: FakeClock, user_id: str
) -> None:
    opened("U0ANY")
    clock.advance(minutes=5)

    found = do(company, Act.ESCALATE, user_id)

    assert stands(found) == (OPEN, Level.TACTICAL, None)
    assert (found.level_since_at, found.moves_at) == (clock(), None)
    assert owed(company) == [CHASE]
    assert told(company, "escalated")[1:] == [("escalated", COE), ("escalated", COE_TOO)]


def test_who_escalates_to_themselves_is_not_told_of_it(company: Services, opened: Open) -> None:
    opened(COE)

    do(company, Act.ESCALATE, COE)

    assert told(company, "escalated") == [("escalated", "U_LEAD"), ("escalated", COE_TOO)]


def test_it_never_goes_past_the_last_level_of_its_kind(company: Services, opened: Open) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")

    with pytest.raises(MovedOnError, match="last level already"):
        do(company, Act.ESCALATE, "U_LEAD")

    assert one(company).level is Level.TACTICAL


def test_dependents_escalate_once_a_commitment_has_slipped(planned: Services, opened: Open) -> None:
    needs = DependencyWanted(kind=DependencyKind.MILESTONE, thing="FIN-01/M1")
    save_dependency(planned, actor("U_OLA"), "OPS-01", needs)
    opened()
    with pytest.raises(NotAllowedError):
        do(planned, Act.ESCALATE, "U_OLA")
    opened(**RISK | {"forecast_on": date(2027, 4, 1)})

    do(planned, Act.ESCALATE, "U_OLA")

    assert one(planned).level is Level.TACTICAL


# Resolve, agree.


@pytest.mark.parametrize(
    ("user_id", "level", "hours"),
    [
        ("U_DEPUTY", Level.OPERATIONAL, 5),
        (COE, Level.TACTICAL, 30),
        ("U_LEAD", Level.TACTICAL, 30),  # a blocker is its lead's to resolve, too
    ],
)
def test_a_decision_is_logged_with_its_level_and_how_long_it_waited(
    company: Services,
    opened: Open,
    clock: FakeClock,
    user_id: str,
    level: Level,
    hours: int,
) -> None:
    opened()
    if level is not Level.OPERATIONAL:
        do(company, Act.ESCALATE, "U_HEAD")
    clock.advance(hours=hours, seconds=7)

    found = do(company, Act.RESOLVE, user_id, words="  Access is granted  ")

    (decision,) = decided(company)
    assert found.state is EscalationState.RESOLVED
    assert found.settled_at == clock()
    assert (decision.number, decision.escalation, decision.initiative_key) == (1, 1, "FIN-01")
    assert (decision.what, decision.decided_by) == ("Access is granted", user_id)
    assert (decision.level, decision.decided_at) == (level, clock())
    assert decision.waited_seconds == hours * 3600 + 7
    assert owed(company) == []


@pytest.mark.parametrize("words", ["", "   \n"])
def test_nothing_is_resolved_without_saying_what_was_decided(
    company: Services, opened: Open, words: str
) -> None:
    opened()

    with pytest.raises(EscalationInvalidError) as refused:
        do(company, Act.RESOLVE, "U_LEAD", words=words)

    assert list(faults(refused)) == ["words"]
    assert decided(company) == []


def test_decisions_are_numbered_one_after_the_other(company: Services, opened: Open) -> None:
    for number in (1, 2, 3):
        opened()
        do(company, Act.RESOLVE, "U_LEAD", number, words=f"Decision {number}")

    assert [(each.number, each.escalation) for each in decided(company)] == [(3, 3), (2, 2), (1, 1)]


def test_only_the_other_party_is_asked_for_its_yes(company: Services, opened: Open) -> None:
    opened("U_HEAD", **CONFLICT)

    do(company, Act.AGREE, "U_HEAD", words="Operations first")

    assert told(company, "escalated")[1:] == [("escalated", "U_OPS")]
    assert one(company).terms == "Operations first"
    with pytest.raises(MovedOnError, match="agreed to this already"):
        do(company, Act.AGREE, "U_HEAD")


def test_nothing_is_agreed_to_before_there_are_terms(company: Services, opened: Open) -> None:
    opened("U_HEAD", **CONFLICT)

    with pytest.raises(EscalationInvalidError) as refused:
        do(company, Act.AGREE, "U_OPS", words=" ")

    assert list(faults(refused)) == ["words"]


def test_a_yes_to_terms_that_were_edited_meanwhile_is_none(company: Services, opened: Open) -> None:
    opened("U_HEAD", **CONFLICT)
    seen = do(company, Act.AGREE, "U_HEAD", words="Operations first").turned_on_step
    do(company, Act.AGREE, "U_HEAD", words="Finance first")

    with pytest.raises(MovedOnError, match="given other terms by Head"):
        do(company, Act.AGREE, "U_OPS", seen_step=seen)

    assert one(company).state is EscalationState.ACKNOWLEDGED


def test_who_leads_both_departments_decides_alone(company: Services, opened: Open) -> None:
    settle_in(company, department_leads={"Operations": ["U_HEAD"]})
    opened("U_HEAD", **CONFLICT)

    found = do(company, Act.AGREE, "U_HEAD", words="Half each")

    assert found.state is EscalationState.RESOLVED
    assert [each.what for each in decided(company)] == ["Half each"]


def test_who_leads_both_departments_resolves_it_alone(company: Services, opened: Open) -> None:
    settle_in(company, department_leads={"Operations": ["U_HEAD"]})
    opened("U_HEAD", **CONFLICT)

    found = do(company, Act.RESOLVE, "U_HEAD", words="Half each")

    assert found.state is EscalationState.RESOLVED


def test_one_of_several_who_lead_a_department_agrees_for_it(
    company: Services, opened: Open
) -> None:
    settle_in(company, department_leads={"Operations": ["U_OPS", "U_OLA"]})
    opened("U_HEAD", **CONFLICT)
    do(company, Act.AGREE, "U_HEAD", words="Half each")

    found = do(company, Act.AGREE, "U_OLA")

    assert found.state is EscalationState.RESOLVED
    assert acts(company) == [Act.OPEN, Act.AGREE, Act.AGREE]


def test_a_department_that_nobody_leads_agrees_to_nothing_and_nobody_is_written_to_for_it(
    company: Services, opened: Open
) -> None:
    settle_in(company, department_leads={"Operations": []})
    opened("U_HEAD", **CONFLICT)

    found = do(company, Act.AGREE, "U_HEAD", words="Half each")

    assert found.state is EscalationState.ACKNOWLEDGED
    assert told(company, "escalated", "escalated_now") == []


def test_the_parties_still_agree_when_it_has_come_to_the_committee(
    company: Services, opened: Open
) -> None:
    opened("U_HEAD", **CONFLICT)
    do(company, Act.ESCALATE, "U_HEAD")
    do(company, Act.AGREE, "U_HEAD", words="Half each")

    found = do(company, Act.AGREE, "U_OPS")

    assert found.state is EscalationState.RESOLVED


# Withdraw.


@pytest.mark.parametrize("is_escalated", [False, True])
def test_the_opener_withdraws_it_while_no_higher_level_has_acknowledged(
    company: Services, opened: Open, is_escalated: bool
) -> None:
    opened("U0ANY")
    do(company, Act.ACKNOWLEDGE, "U_LEAD")
    if is_escalated:
        do(company, Act.ESCALATE, "U_LEAD")

    found = do(company, Act.WITHDRAW, "U0ANY", words="It works again")

    assert found.state is EscalationState.WITHDRAWN
    assert owed(company) == []
    assert decided(company) == []


def test_what_a_higher_level_has_acknowledged_is_not_withdrawn(
    company: Services, opened: Open
) -> None:
    opened("U0ANY")
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.ACKNOWLEDGE, COE)

    with pytest.raises(NotAllowedError):
        do(company, Act.WITHDRAW, "U0ANY")


def test_nor_when_it_was_handed_on_there(company: Services, opened: Open) -> None:
    opened("U0ANY")
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.ACKNOWLEDGE, COE)
    do(company, Act.HAND_OVER, COE, person_id=COE_TOO)

    with pytest.raises(NotAllowedError):
        do(company, Act.WITHDRAW, "U0ANY")


# Snooze.


@pytest.mark.parametrize(
    ("until_on", "is_taken"),
    [
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), False),  # today
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), True),  # in five days
        (date(2026, 11, 29), False),
        (None, False),
    ],
)
def test_reminders_are_silenced_for_one_to_five_days(
    company: Services, opened: Open, until_on: date | None, is_taken: bool
) -> None:
    opened()
    if is_taken:
        do(company, Act.SNOOZE, "U_LEAD", until_on=until_on, words="Waiting for Legal")
        found = one(company)
        assert found.snoozed_until_at is not None
        # In New York, at nine: when the owner's day begins.
        assert f"{found.snoozed_until_at:%Y-%m-%d %H:%M}" == f"{until_on} 14:00"
        return

    with pytest.raises(EscalationInvalidError) as refused:
        do(company, Act.SNOOZE, "U_LEAD", until_on=until_on, words="Waiting for Legal")

    assert list(faults(refused)) == ["until_on"]
    assert one(company).snoozed_until_at is None


def test_it_is_snoozed_twice_at_most_and_with_a_reason(company: Services, opened: Open) -> None:
    opened()
    tomorrow = date(2026, 11, 24)
    with pytest.raises(EscalationInvalidError) as without_reason:
        do(company, Act.SNOOZE, "U_LEAD", until_on=tomorrow)
    for _ in range(2):
        do(company, Act.SNOOZE, "U_LEAD", until_on=tomorrow, words="Waiting for Legal")

    with pytest.raises(EscalationInvalidError, match="snoozed 2 times already"):
        do(company, Act.SNOOZE, "U_LEAD", until_on=tomorrow, words="Waiting for Legal")

    assert faults(without_reason) == {"words": "Please say why."}
    assert acts(company) == [Act.OPEN, Act.SNOOZE, Act.SNOOZE]


def test_a_snooze_silences_the_question_to_its_owner_until_it_is_over(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.ACKNOWLEDGE, COE)
    do(company, Act.SNOOZE, COE, until_on=date(2026, 11, 27), words="Waiting for Legal")

    # Silenced until Friday, and then quiet for two working days.
    at(clock, company, days=8, seconds=-1)
    before = told(company, "still_on_it")
    at(clock, company, days=8)

    assert (before, told(company, "still_on_it")) == ([], [("still_on_it", COE)])


def test_a_snooze_silences_reminders_to_acknowledge_and_never_the_clock(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U_HEAD", **CONFLICT)
    do(company, Act.TAKE_OVER, "U_OPS")
    do(company, Act.HAND_OVER, "U_OPS", person_id="U_HEAD")
    do(company, Act.SNOOZE, "U_HEAD", until_on=date(2026, 11, 28), words="Let me see")

    for day in range(1, 5):
        at(clock, company, days=day)
    silent = told(company, "unacknowledged")
    at(clock, company, days=7)

    assert silent == []
    assert (one(company).level, one(company).snoozed_until_at) == (Level.STRATEGIC, None)
    assert one(company).level_since_at == MONDAY_9AM + 7 * A_DAY


# Still on it.


def test_a_silent_owner_is_asked_answers_and_is_asked_again_later(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.ACKNOWLEDGE, COE)
    at(clock, company, days=2, seconds=-1)
    early = told(company, "still_on_it")
    at(clock, company, days=2)
    clock.advance(hours=1)

    do(company, Act.CONFIRM, COE)

    assert (early, told(company, "still_on_it")) == ([], [("still_on_it", COE)])
    assert owed(company) == [CHECK]
    with pytest.raises(MovedOnError, match="I know already"):
        do(company, Act.CONFIRM, COE)
    at(clock, company, days=7)
    assert told(company, "still_on_it") == [("still_on_it", COE)] * 2


def test_without_an_answer_the_fallback_is_told_and_then_the_manager(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.ACKNOWLEDGE, COE)

    for days in range(15):
        at(clock, company, days=days)

    assert told(company, "still_on_it", "unacknowledged")[:3] == [
        ("still_on_it", COE),
        ("unacknowledged", "U0FALLBACK"),
        ("unacknowledged", "U0MANAGER"),
    ]


def test_nobody_answers_what_was_not_asked(company: Services, opened: Open) -> None:
    opened()

    with pytest.raises(MovedOnError):
        do(company, Act.CONFIRM, "U_LEAD")

    assert acts(company) == [Act.OPEN]


# Reopen.


@pytest.mark.parametrize(
    ("after", "is_reopened"),
    [
        (timedelta(), True),
        (14 * A_DAY - A_SECOND, True),
        (14 * A_DAY, True),
        (14 * A_DAY + A_SECOND, False),
    ],
)
def test_it_is_reopened_within_14_days_at_the_level_it_had(
    company: Services, opened: Open, clock: FakeClock, after: timedelta, is_reopened: bool
) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.RESOLVE, COE, words="Granted")
    clock.move_to(MONDAY_9AM + after)

    if not is_reopened:
        with pytest.raises(EscalationInvalidError, match="more than 14 days ago"):
            do(company, Act.REOPEN, "U0ANY", words="It's back")
        assert one(company).state is EscalationState.RESOLVED
        return
    found = do(company, Act.REOPEN, "U0ANY", words="It's back")

    assert stands(found) == (OPEN, Level.TACTICAL, None)
    assert (found.settled_at, found.level_since_at) == (None, clock())
    assert owed(company) == [CHASE]


def test_a_blocker_that_is_reopened_is_its_leads_and_its_clock_begins_anew(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U0ANY")
    do(company, Act.RESOLVE, "U_LEAD", words="Granted")
    clock.advance(days=3)

    found = do(company, Act.REOPEN, "U0ANY")

    assert stands(found) == (OPEN, Level.OPERATIONAL, "U_LEAD")
    assert found.moves_at == clock() + A_DAY
    assert told(company, "escalated") == [("escalated", "U_LEAD")] * 2


def test_what_is_open_is_not_reopened(company: Services, opened: Open) -> None:
    opened()

    with pytest.raises(MovedOnError):
        do(company, Act.REOPEN, "U_LEAD")


def test_what_was_agreed_counts_no_more_once_it_is_reopened(
    company: Services, opened: Open
) -> None:
    opened("U_HEAD", **CONFLICT)
    do(company, Act.AGREE, "U_HEAD", words="Half each")
    do(company, Act.AGREE, "U_OPS")
    do(company, Act.REOPEN, "U_OPS", words="It doesn't work")

    first = do(company, Act.AGREE, "U_OPS", words="Half each")
    waiting = first.state
    second = do(company, Act.AGREE, "U_HEAD")

    assert waiting is EscalationState.ACKNOWLEDGED
    assert second.state is EscalationState.RESOLVED
    assert len(decided(company)) == 2


# What was pressed on an old card.


@pytest.mark.parametrize(
    ("deeds", "act", "user_id", "says"),
    [
        ([(Act.ACKNOWLEDGE, "U_DEPUTY")], Act.ACKNOWLEDGE, "U_LEAD",
         "E-1 was acknowledged by Deputy at 09:00."),
        ([(Act.TAKE_OVER, "U_DEPUTY")], Act.ACKNOWLEDGE, "U_LEAD",
         "E-1 was taken over by Deputy at 09:00."),
        ([(Act.ESCALATE, "U_HEAD")], Act.RESOLVE, "U_LEAD",
         "E-1 was escalated by Head at 09:00."),
        ([(Act.RESOLVE, "U_HEAD")], Act.ESCALATE, "U_LEAD",
         "E-1 was resolved by Head at 09:00."),
        ([(Act.RESOLVE, "U_LEAD")], Act.RESOLVE, "U_LEAD",
         "E-1 was resolved by you at 09:00."),
        ([(Act.WITHDRAW, "U0ANY")], Act.RESOLVE, "U_LEAD",
         "E-1 was withdrawn by U0Any at 09:00."),
        ([(Act.WITHDRAW, "U0ANY"), (Act.REOPEN, "U0ANY")], Act.RESOLVE, "U_LEAD",
         "E-1 was reopened by U0Any at 09:00."),
        ([(Act.HAND_OVER, "U_LEAD")], Act.RESOLVE, "U_LEAD",
         "E-1 was handed over by you at 09:00."),
    ],
)  # fmt: skip
def test_an_old_card_says_what_happened_meanwhile_and_does_nothing(
    company: Services,
    opened: Open,
    deeds: list[tuple[Act, str]],
    act: Act,
    user_id: str,
    says: str,
) -> None:
    opened("U0ANY")
    more: dict[str, Any] = {"words": "So be it", "person_id": "U_DEPUTY"}
    for done, by in deeds:
        do(company, done, by, **more)
    before = acts(company)

    with pytest.raises(MovedOnError) as refused:
        do(company, act, user_id, seen_step=1, **more)

    assert str(refused.value) == f"Nothing was done: {says}"
    assert acts(company) == before


def test_an_old_card_says_what_the_clock_did_and_on_which_day(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U0ANY")
    at(clock, company, days=1)
    clock.advance(days=1)

    with pytest.raises(MovedOnError) as refused:
        do(company, Act.RESOLVE, "U_LEAD", seen_step=1, words="Granted")

    said = "Nothing was done: E-1 went one level up by its clock on Tuesday 24 November at 09:00."
    assert str(refused.value) == said


def test_an_old_card_says_that_all_had_agreed(company: Services, opened: Open) -> None:
    opened("U_HEAD", **CONFLICT)
    do(company, Act.AGREE, "U_HEAD", words="Half each")
    do(company, Act.AGREE, "U_OPS")

    with pytest.raises(MovedOnError, match="E-1 was settled by agreement at 09:00"):
        do(company, Act.ESCALATE, "U_HEAD", seen_step=1)


def test_a_line_that_turns_nothing_leaves_older_cards_as_good_as_before(
    company: Services, opened: Open
) -> None:
    opened()
    do(company, Act.SNOOZE, "U_LEAD", until_on=date(2026, 11, 24), words="Waiting")

    found = do(company, Act.RESOLVE, "U_LEAD", seen_step=1, words="Granted")

    assert found.state is EscalationState.RESOLVED


# Who hears what became of it.


def test_the_opener_and_all_who_were_asked_are_told_the_outcome_but_for_who_settled_it(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U0ANY")
    for hours in (24, 28, 32, 51):
        at(clock, company, hours=hours)

    do(company, Act.RESOLVE, COE, words="Granted")

    asked = {"U0ANY", "U_LEAD", COE_TOO, "U0FALLBACK", "U0MANAGER"}
    outcome = [user_id for _, user_id in told(company, "escalation_over")]
    assert (set(outcome), len(outcome)) == (asked, len(asked))


def test_an_owner_who_took_it_over_unasked_is_told_the_outcome(
    company: Services, opened: Open
) -> None:
    opened("U0ANY")
    do(company, Act.TAKE_OVER, "U_HEAD")

    do(company, Act.RESOLVE, "U_DEPUTY", words="Granted")

    assert ("escalation_over", "U_HEAD") in told(company, "escalation_over")


def test_each_outcome_is_told_once_more_when_it_was_reopened(
    company: Services, opened: Open
) -> None:
    opened("U0ANY")
    for words in ("Granted", "Granted for good"):
        do(company, Act.RESOLVE, "U_LEAD", words=words)
        if words == "Granted":
            do(company, Act.REOPEN, "U0ANY")

    assert told(company, "escalation_over") == [("escalation_over", "U0ANY")] * 2


def test_there_is_one_card_and_one_line_for_each_further_step(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened("U0ANY")
    do(company, Act.ACKNOWLEDGE, "U_DEPUTY")
    do(company, Act.HAND_OVER, "U_DEPUTY", person_id="U_LEAD")
    at(clock, company, days=1)
    do(company, Act.RESOLVE, COE, words="Granted")

    assert told(company, "escalation") == [("escalation", TOPIC)]
    assert lines(company) == [f"escalation:E-1:1:line:{step:05}" for step in range(2, 6)]
    assert [step.step for step in steps(company)] == [1, 2, 3, 4, 5]
