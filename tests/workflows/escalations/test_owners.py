"""Owners who leave, leads who change, and levels that nobody holds: it always goes somewhere."""

from collections.abc import Callable
from datetime import date

import pytest

from storage.models import Act, EscalationState, Level
from tests.factories import TEAM, a_profile, actor, settle_in
from tests.fakes import FakeClock
from tests.workflows.escalations.conftest import (
    CHAIR,
    COE,
    COE_TOO,
    EXECUTIVE,
    FALLBACK,
    LEVELS,
    MANAGER,
    SECTIONS,
)
from tests.workflows.escalations.doing import (
    CONFLICT,
    RISK,
    Open,
    acts,
    at,
    do,
    leave,
    one,
    owed,
    steps,
    told,
)
from workflows.escalations.errors import NotAllowedError
from workflows.escalations.kinds import EscalationDuty
from workflows.people import remember
from workflows.promises.run import audit_promises
from workflows.registry.editing import save_entry
from workflows.services import Services
from workflows.sweep import sweep

Adopt = Callable[..., None]


def goes(services: Services, user_id: str) -> None:
    """Have Slack tell that somebody is deactivated."""
    remember(services, TEAM, a_profile(user_id, deactivated=True))


def owner(services: Services) -> str | None:
    return one(services).owner_id


def faults(services: Services) -> list[str]:
    """Return what the audit finds about escalations; nothing is sent here."""
    about = ("E-", *(f"{duty}:" for duty in EscalationDuty))
    return [found.fault for found in audit_promises(services) if found.subject.startswith(about)]


def test_after_the_lead_it_is_the_deputys_then_the_department_leads_then_the_level_aboves(
    company: Services, opened: Open
) -> None:
    opened("U0ANY")

    owners = []
    for user_id in ("U_LEAD", "U_DEPUTY", "U_HEAD"):
        goes(company, user_id)
        owners.append((one(company).level, owner(company)))

    assert owners == [
        (Level.OPERATIONAL, "U_DEPUTY"),
        (Level.OPERATIONAL, "U_HEAD"),
        (Level.TACTICAL, None),
    ]
    assert one(company).state is EscalationState.OPEN
    assert acts(company) == [Act.OPEN, Act.HAND_OVER, Act.HAND_OVER, Act.RAISE]
    assert told(company, "escalated") == [
        ("escalated", user_id) for user_id in ("U_LEAD", "U_DEPUTY", "U_HEAD", COE, COE_TOO)
    ]


def test_who_inherits_it_has_to_acknowledge_while_its_clock_goes_on(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    moves_at = one(company).moves_at
    clock.advance(hours=3)

    goes(company, "U_LEAD")

    found = one(company)
    assert (found.state, found.moves_at) == (EscalationState.OPEN, moves_at)
    assert owed(company) == ["chase_level", "raise_escalation"]
    assert steps(company)[-1].person_id == found.owner_id == "U_DEPUTY"


def test_of_the_coe_another_owns_it(company: Services, opened: Open) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.ACKNOWLEDGE, COE)

    goes(company, COE)

    assert (owner(company), one(company).level) == (COE_TOO, Level.TACTICAL)
    assert one(company).state is EscalationState.OPEN
    assert owed(company) == ["chase_level"]


def test_where_the_last_level_is_left_the_fallback_is_told_at_once_and_it_stays(
    company: Services, opened: Open
) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")
    do(company, Act.ACKNOWLEDGE, COE)
    leave(company, COE_TOO)

    goes(company, COE)
    sweep(company)

    assert (owner(company), one(company).level) == (None, Level.TACTICAL)
    assert told(company, "unacknowledged") == [("unacknowledged", FALLBACK)]
    assert owed(company) == ["chase_level"]
    assert faults(company) == []


def test_who_becomes_a_guest_owns_nothing_any_more(company: Services, opened: Open) -> None:
    opened()

    remember(company, TEAM, a_profile("U_LEAD", guest=True))

    assert owner(company) == "U_DEPUTY"


def test_somebody_who_owns_nothing_leaves_and_nothing_moves(
    company: Services, opened: Open
) -> None:
    opened()

    goes(company, "U_DEPUTY")

    assert acts(company) == [Act.OPEN]
    assert owner(company) == "U_LEAD"


def test_a_new_lead_owns_what_the_former_owned(company: Services, opened: Open) -> None:
    opened()

    save_entry(company, actor(), "FIN-01", 0, {"lead_id": "U0ANY"})

    assert (owner(company), one(company).state) == ("U0ANY", EscalationState.OPEN)
    assert told(company, "escalated") == [("escalated", "U0ANY")]
    with pytest.raises(NotAllowedError):
        do(company, Act.RESOLVE, "U_LEAD", words="It was mine")


def test_a_lead_who_becomes_a_deputy_still_owns_what_is_theirs(
    company: Services, opened: Open
) -> None:
    opened()

    save_entry(company, actor(), "FIN-01", 0, {"lead_id": "U0ANY", "deputy_ids": ["U_LEAD"]})

    assert (owner(company), acts(company)) == ("U_LEAD", [Act.OPEN])


def test_what_somebody_else_owns_stays_theirs_when_the_lead_changes(
    company: Services, opened: Open
) -> None:
    opened()
    do(company, Act.TAKE_OVER, "U_HEAD")

    save_entry(company, actor(), "FIN-01", 0, {"lead_id": "U0ANY"})

    assert (owner(company), acts(company)) == ("U_HEAD", [Act.OPEN, Act.TAKE_OVER])


def test_another_initiatives_lead_changes_and_nothing_moves(
    company: Services, opened: Open
) -> None:
    opened()

    save_entry(company, actor("U_OLA"), "OPS-01", 0, {"lead_id": "U0ANY"})

    assert acts(company) == [Act.OPEN]


def test_what_is_settled_stays_with_whoever_had_it(company: Services, opened: Open) -> None:
    opened()
    do(company, Act.RESOLVE, "U_LEAD", words="Granted")

    goes(company, "U_LEAD")

    assert (owner(company), acts(company)) == ("U_LEAD", [Act.OPEN, Act.RESOLVE])


def test_without_a_lead_it_is_the_department_leads_from_the_beginning(
    company: Services, opened: Open
) -> None:
    leave(company, "U_LEAD")

    opened("U0ANY")

    assert owner(company) == "U_HEAD"
    assert told(company, "escalated") == [("escalated", "U_HEAD")]


def test_without_anybody_at_the_first_level_it_begins_at_the_next(
    company: Services, opened: Open
) -> None:
    leave(company, "U_LEAD", "U_DEPUTY", "U_HEAD")

    opened("U0ANY")

    assert (one(company).level, owner(company)) == (Level.TACTICAL, None)
    assert one(company).moves_at is None
    assert told(company, "escalated") == [("escalated", COE), ("escalated", COE_TOO)]


def test_a_conflict_whose_departments_nobody_leads_begins_at_the_committee(
    company: Services, opened: Open
) -> None:
    settle_in(company, department_leads={"Finance": [], "Operations": []})

    opened(MANAGER, **CONFLICT)

    assert one(company).level is Level.STRATEGIC
    assert told(company, "escalated") == [("escalated", CHAIR), ("escalated", EXECUTIVE)]


def test_a_level_that_nobody_holds_nor_stands_in_for_is_the_programme_managers_to_hear_of(
    company: Services, opened: Open, clock: FakeClock, adopt: Adopt
) -> None:
    adopt(**SECTIONS | {"levels": {}})
    opened()

    at(clock, company, hours=24)
    at(clock, company, days=8)
    at(clock, company, days=15)

    assert (one(company).level, owner(company)) == (Level.TACTICAL, None)
    assert told(company, "unacknowledged") == [("unacknowledged", MANAGER)] * 3
    assert faults(company) == []


def test_without_a_programme_manager_it_is_kept_and_the_bot_comes_to_rest(
    company: Services, opened: Open, clock: FakeClock, adopt: Adopt
) -> None:
    adopt(**SECTIONS | {"levels": {}, "people": {}})
    opened()

    at(clock, company, hours=24)
    at(clock, company, days=30)

    assert told(company, "unacknowledged") == []
    assert owed(company) == ["chase_level"]
    assert acts(company) == [Act.OPEN, Act.RAISE, Act.CHASE, Act.CHASE]


def test_a_department_lead_who_owns_it_is_reminded_once_and_then_the_manager_hears(
    planned: Services, opened: Open, clock: FakeClock
) -> None:
    leave(planned, "U_LEAD")
    opened(MANAGER, **RISK | {"forecast_on": date(2027, 4, 5)})

    for days in (1, 2):
        at(clock, planned, days=days)

    assert told(planned, "unacknowledged") == [
        ("unacknowledged", "U_HEAD"),
        ("unacknowledged", MANAGER),
    ]


def test_a_conflict_whose_owner_leaves_is_both_parties_again(
    company: Services, opened: Open
) -> None:
    settle_in(company, department_leads={"Finance": ["U_HEAD", "U0ANY"]})
    opened("U0ANY", **CONFLICT)
    do(company, Act.TAKE_OVER, "U_HEAD")

    goes(company, "U_HEAD")

    assert (owner(company), one(company).level) == (None, Level.OPERATIONAL)
    assert owed(company) == ["chase_level", "raise_escalation"]
    assert told(company, "escalated")[-2:] == [("escalated", "U0ANY"), ("escalated", "U_OPS")]


def test_a_fallback_who_holds_the_level_is_reminded_once(
    company: Services, opened: Open, clock: FakeClock, adopt: Adopt
) -> None:
    levels = LEVELS | {"coe": {"people": [COE], "fallback": COE}}
    adopt(**SECTIONS | {"levels": levels})
    opened()

    for hours in (24, 28, 32, 51):
        at(clock, company, hours=hours)

    assert told(company, "unacknowledged") == [("unacknowledged", COE), ("unacknowledged", MANAGER)]
