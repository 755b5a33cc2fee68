"""User groups of Slack's that hold a level: read hourly, and trusted for a day when unreadable."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from storage.models import Act
from tests.factories import TEAM
from tests.fakes import FakeClock
from tests.workflows.escalations.conftest import COE, COE_TOO, LEVELS, SECTIONS
from tests.workflows.escalations.doing import A_DAY, A_SECOND, Open, do, leave, one, told
from workflows.escalations.errors import NotAllowedError
from workflows.escalations.holders import (
    groups_to_read,
    keep_group,
    note_changed,
    unknown_holders,
)
from workflows.services import Services

GROUP = "S0COE000001"
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def grouped(company: Services, adopt: Callable[..., None]) -> Services:
    """The company, where a user group and nobody else is the CoE."""
    levels: dict[str, Any] = LEVELS | {"coe": {"group": GROUP}}
    adopt(**SECTIONS | {"levels": levels})
    return company


def test_those_in_the_group_hold_the_level(grouped: Services, opened: Open) -> None:
    keep_group(grouped, TEAM, GROUP, [COE, COE_TOO])
    opened()
    do(grouped, Act.ESCALATE, "U_LEAD")

    do(grouped, Act.ACKNOWLEDGE, COE_TOO)

    assert told(grouped, "escalated") == [("escalated", COE), ("escalated", COE_TOO)]
    assert one(grouped).owner_id == COE_TOO


def test_who_is_not_in_it_any_more_may_nothing_more(grouped: Services, opened: Open) -> None:
    keep_group(grouped, TEAM, GROUP, [COE, COE_TOO])
    opened()
    do(grouped, Act.ESCALATE, "U_LEAD")
    keep_group(grouped, TEAM, GROUP, [COE_TOO])

    with pytest.raises(NotAllowedError, match=r"U0Coe2 can\.$"):
        do(grouped, Act.ACKNOWLEDGE, COE)


def test_who_has_left_is_not_told_though_the_group_still_has_them(
    grouped: Services, opened: Open
) -> None:
    keep_group(grouped, TEAM, GROUP, [COE, COE_TOO])
    leave(grouped, COE)
    opened()

    do(grouped, Act.ESCALATE, "U_LEAD")

    assert told(grouped, "escalated") == [("escalated", COE_TOO)]


@pytest.mark.parametrize(
    ("after", "is_trusted"), [(A_DAY - A_SECOND, True), (A_DAY, False), (A_DAY + A_SECOND, False)]
)
def test_a_group_that_can_not_be_read_is_what_it_was_for_a_day(
    grouped: Services, opened: Open, clock: FakeClock, after: timedelta, is_trusted: bool
) -> None:
    keep_group(grouped, TEAM, GROUP, [COE])
    keep_group(grouped, TEAM, GROUP, None)
    clock.advance(seconds=after.total_seconds() / 2)
    keep_group(grouped, TEAM, GROUP, None)  # not readable still: since when does not move
    clock.advance(seconds=after.total_seconds() / 2)
    opened()

    do(grouped, Act.ESCALATE, "U_LEAD")

    assert told(grouped, "escalated") == ([("escalated", COE)] if is_trusted else [])


def test_a_group_that_is_readable_again_counts_at_once(
    grouped: Services, opened: Open, clock: FakeClock
) -> None:
    keep_group(grouped, TEAM, GROUP, None)
    clock.advance(days=3)
    keep_group(grouped, TEAM, GROUP, [COE_TOO])
    opened()

    do(grouped, Act.ESCALATE, "U_LEAD")

    assert told(grouped, "escalated") == [("escalated", COE_TOO)]


@pytest.mark.parametrize(
    ("after", "is_read"),
    [(AN_HOUR - A_SECOND, False), (AN_HOUR, True), (AN_HOUR + A_SECOND, True)],
)
def test_a_group_is_read_every_hour(
    grouped: Services, clock: FakeClock, after: timedelta, is_read: bool
) -> None:
    assert groups_to_read(grouped, TEAM) == [GROUP]  # never read yet
    keep_group(grouped, TEAM, GROUP, [COE])
    clock.move_to(clock() + after)

    assert groups_to_read(grouped, TEAM) == ([GROUP] if is_read else [])


def test_a_group_that_slack_says_has_changed_is_read_at_once_and_once(grouped: Services) -> None:
    keep_group(grouped, TEAM, GROUP, [COE])

    note_changed(grouped, TEAM, GROUP)
    note_changed(grouped, TEAM, "S0OTHER")  # that holds nothing
    changed = groups_to_read(grouped, TEAM)
    keep_group(grouped, TEAM, GROUP, [COE_TOO])

    assert changed == [GROUP]
    assert groups_to_read(grouped, TEAM) == []


def test_those_of_a_group_of_whom_nothing_is_known_are_looked_up(grouped: Services) -> None:
    keep_group(grouped, TEAM, GROUP, [COE, "U0NEW", "U0NEWER"])

    assert unknown_holders(grouped, TEAM, 10) == ["U0NEW", "U0NEWER"]
    assert unknown_holders(grouped, TEAM, 1) == ["U0NEW"]


def test_where_escalations_are_switched_off_no_group_is_read(
    grouped: Services, adopt: Callable[..., None]
) -> None:
    adopt(**SECTIONS | {"levels": {"coe": {"group": GROUP}}, "features": []})

    assert groups_to_read(grouped, TEAM) == []
    assert unknown_holders(grouped, TEAM, 10) == []


def test_an_owner_who_left_the_group_is_followed_by_another_at_the_next_change(
    grouped: Services, opened: Open
) -> None:
    keep_group(grouped, TEAM, GROUP, [COE, COE_TOO])
    opened()
    do(grouped, Act.ESCALATE, "U_LEAD")
    do(grouped, Act.ACKNOWLEDGE, COE)

    keep_group(grouped, TEAM, GROUP, [COE_TOO])

    # They own it until it is handed over: the level may take it over meanwhile.
    assert one(grouped).owner_id == COE
    do(grouped, Act.TAKE_OVER, COE_TOO)
    assert one(grouped).owner_id == COE_TOO
