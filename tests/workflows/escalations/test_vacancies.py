"""Where a level is held by nobody, by one who left, or by a group that can't be read."""

from typing import Any

import pytest

from storage.models import Stage
from tests.factories import TEAM, a_policy, a_profile, an_initiative, settle_in
from tests.fakes import FakeClock
from tests.workflows.escalations.conftest import CHAIR, COE, COE_TOO, EXECUTIVE, LEVELS, SECTIONS
from workflows.escalations.holders import keep_group
from workflows.escalations.vacancies import vacancies
from workflows.people import remember
from workflows.policy_document import read_policy
from workflows.services import Services

GROUP = "S0COE000001"
BOTH = {"Finance": EXECUTIVE, "Operations": CHAIR}
WHOLE: dict[str, Any] = LEVELS | {"steering": {"executives": BOTH, "chair": CHAIR}}


def found(services: Services, **levels: object) -> list[str]:
    """Return what is found of a policy with other levels."""
    document = read_policy(a_policy(**(SECTIONS | {"levels": WHOLE | levels})))
    return vacancies(services, TEAM, document)


def leave(services: Services, *user_ids: str) -> None:
    for user_id in user_ids:
        gone = a_profile(user_id, name=user_id.removeprefix("U0").title(), deactivated=True)
        remember(services, TEAM, gone)


def test_where_everybody_is_there_nothing_is_said(company: Services) -> None:
    assert found(company) == []


def test_without_escalations_nothing_is_said(company: Services) -> None:
    leave(company, COE)
    document = read_policy(a_policy(levels=WHOLE))

    assert vacancies(company, TEAM, document) == []


def test_one_who_left_is_named_with_the_level(company: Services) -> None:
    leave(company, COE)

    assert found(company) == ["levels.coe: Coe has left; name somebody else"]


def test_a_guest_can_hold_no_level(company: Services) -> None:
    remember(company, TEAM, a_profile("U0MONEY", name="Money", guest=True))

    (said,) = [one for one in found(company) if "Money" in one]

    assert said == ("levels.finance: Money is a guest, and may decide nothing; name somebody else")


def test_a_level_that_all_have_left_is_held_by_nobody(company: Services) -> None:
    leave(company, COE, COE_TOO)

    assert "levels.coe: nobody who holds it is there any more; name somebody else" in found(company)


def test_who_is_not_known_yet_is_not_taken_for_one_who_left(company: Services) -> None:
    assert found(company, coe={"people": ["U0NEWCOMER"]}) == []


def test_a_group_that_can_not_be_read_is_named(company: Services) -> None:
    from_policy = {"coe": {"group": GROUP}}
    assert found(company, **from_policy) == []  # nobody has asked yet

    keep_group(company, TEAM, GROUP, [COE])
    keep_group(company, TEAM, GROUP, None)

    (said,) = found(company, **from_policy)
    assert said.startswith(f"levels.coe.group: {GROUP} can't be read; ")


@pytest.mark.parametrize(("user_ids", "said"), [([COE], 0), ([], 1), ([COE_TOO], 1)])
def test_a_group_that_all_have_left_is_nobody(
    company: Services, user_ids: list[str], said: int
) -> None:
    keep_group(company, TEAM, GROUP, user_ids)
    leave(company, COE_TOO)

    assert len(found(company, coe={"group": GROUP})) == said


def test_a_group_that_can_not_be_read_for_a_day_is_nobody(
    company: Services, clock: FakeClock
) -> None:
    keep_group(company, TEAM, GROUP, [COE])
    keep_group(company, TEAM, GROUP, None)
    clock.advance(hours=23, minutes=59)
    before = len(found(company, coe={"group": GROUP}))
    clock.advance(minutes=1)

    assert (before, len(found(company, coe={"group": GROUP}))) == (1, 2)


def test_departments_at_work_without_an_executive_are_named(company: Services) -> None:
    settle_in(
        company,
        an_initiative("LEG-01", department="Legal"),
        an_initiative("PPL-01", department="People", stage=Stage.RETIRED),
    )

    (said,) = found(company)

    assert said == (
        "levels.steering.executives: no executive for Legal, "
        "with initiatives at work there; name one for each"
    )
