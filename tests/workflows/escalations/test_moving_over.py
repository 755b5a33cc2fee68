"""The policy changes: the programme manager is asked once whether what is open moves over."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from storage import escalations, notifications
from storage.models import Act, Escalation, Level, Notification
from tests.factories import MONDAY_9AM, TEAM, a_policy, actor
from tests.fakes import FakeClock
from tests.workflows.escalations.conftest import COE, MANAGER, SECTIONS
from workflows import policies
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import Deed
from workflows.escalations.errors import MovedOnError, NotAllowedError
from workflows.escalations.moving_over import decide
from workflows.promises.run import audit_promises
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services
from workflows.sweep import sweep

Open = Callable[..., int]
A_DAY = timedelta(days=1)
LONGER = {"escalations": {"blocker": {"coe_after_hours": 48}}}
SHORTER = {"escalations": {"blocker": {"coe_after_hours": 2}}}


def apply(services: Services, **sections: object) -> int:
    """Put another policy in force and return its version."""
    policies.adopt(services, TEAM, "Tests", a_policy(**(SECTIONS | sections)))
    ensure_next_round(services, TEAM)
    with services.reading() as reader:
        return policies.in_force(reader, TEAM).version


def asked(services: Services) -> list[Notification]:
    with services.reading() as reader:
        waiting = notifications.unsettled_before(reader, TEAM, MONDAY_9AM + 999 * A_DAY)
    return [row for row in waiting if row.kind == "policy_changed"]


def one(services: Services) -> Escalation:
    with services.reading() as reader:
        found = escalations.get(reader, TEAM, 1)
    assert found is not None
    return found


def raised_at(services: Services) -> list[timedelta]:
    """Return how long after the opening it went one level on."""
    with services.reading() as reader:
        steps = escalations.steps(reader, TEAM, 1)
    return [step.at - MONDAY_9AM for step in steps if step.act is Act.RAISE]


def each_hour(clock: FakeClock, services: Services, hours: int) -> None:
    for _ in range(hours):
        clock.advance(hours=1)
        sweep(services)


def test_the_programme_manager_is_asked_once_for_each_policy(
    company: Services, opened: Open
) -> None:
    opened()

    version = apply(company, **LONGER)
    ensure_next_round(company, TEAM)  # as each start does

    (row,) = asked(company)
    assert (row.recipient_id, row.policy_version) == (MANAGER, version)


@pytest.mark.parametrize("sections", [{"update": {"words": 100}}, {"audit": {"time": "07:00"}}])
def test_a_change_that_no_clock_goes_by_asks_nothing(
    company: Services, opened: Open, sections: dict[str, object]
) -> None:
    opened()

    apply(company, **sections)

    assert asked(company) == []


def test_where_nothing_is_open_nothing_is_asked(company: Services, opened: Open) -> None:
    opened()
    act_on(company, actor("U_LEAD"), Deed(Act.RESOLVE, 1, 1, words="Solved"))

    apply(company, **LONGER)

    assert asked(company) == []


def test_until_that_is_decided_it_keeps_the_policy_that_it_began_under(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    apply(company, **LONGER)

    each_hour(clock, company, 49)

    assert raised_at(company) == [A_DAY]


def test_moved_over_its_clock_is_counted_by_the_new_policy_from_when_it_came_to_its_level(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    each_hour(clock, company, 5)
    version = apply(company, **LONGER)

    decide(company, actor(MANAGER), version, is_moving=True)
    each_hour(clock, company, 44)

    assert raised_at(company) == [2 * A_DAY]
    assert one(company).policy_version == version
    assert [one for one in audit_promises(company) if one.subject.startswith("E-")] == []


def test_what_has_run_out_by_the_new_policy_goes_on_at_once_and_once(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    each_hour(clock, company, 5)
    version = apply(company, **SHORTER)

    decide(company, actor(MANAGER), version, is_moving=True)
    sweep(company)
    each_hour(clock, company, 30)

    assert raised_at(company) == [timedelta(hours=5)]
    assert one(company).level is Level.TACTICAL


def test_left_as_it_is_it_keeps_its_policy(
    company: Services, opened: Open, clock: FakeClock
) -> None:
    opened()
    before = one(company).policy_version
    version = apply(company, **LONGER)

    decide(company, actor(MANAGER), version, is_moving=False)
    each_hour(clock, company, 25)

    assert one(company).policy_version == before
    assert raised_at(company) == [A_DAY]


def test_it_is_decided_once(company: Services, opened: Open) -> None:
    opened()
    version = apply(company, **LONGER)
    decide(company, actor(MANAGER), version, is_moving=False)

    with pytest.raises(MovedOnError, match="decided already"):
        decide(company, actor(MANAGER), version, is_moving=True)


def test_nobody_but_the_programme_manager_decides_it(company: Services, opened: Open) -> None:
    opened()
    before = one(company).policy_version
    version = apply(company, **LONGER)

    with pytest.raises(NotAllowedError, match="U0Manager can"):
        decide(company, actor(COE), version, is_moving=True)

    assert one(company).policy_version == before


def test_an_answer_to_an_older_question_moves_nothing(company: Services, opened: Open) -> None:
    opened()
    before = one(company).policy_version
    older = apply(company, **LONGER)
    apply(company, **SHORTER)

    with pytest.raises(MovedOnError):
        decide(company, actor(MANAGER), older, is_moving=True)

    assert one(company).policy_version == before
    assert len(asked(company)) == 2
