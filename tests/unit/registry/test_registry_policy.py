"""What is flagged of an entry, at its boundaries."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from storage.models import Stage
from tests.factories import MONDAY_9AM
from workflows.registry.facts import Facts
from workflows.registry.policy import differences, is_below_floor, is_nudged

SECOND = timedelta(seconds=1)


def some_facts(**facts: Any) -> Facts:
    usual: dict[str, Any] = {"name": "A", "department": "B", "stage": Stage.PILOT}
    return Facts(**(usual | facts))


def days(count: int) -> timedelta:
    return timedelta(days=count)


@pytest.mark.parametrize(
    ("age", "nudged"),
    [
        (days(7) - SECOND, False),
        (days(7), True),
        (days(14) - SECOND, True),
        (days(14), False),
    ],
)
def test_a_stale_entry_is_mentioned_within_the_first_week_of_its_being_so(
    age: timedelta, nudged: bool
) -> None:
    assert is_nudged(MONDAY_9AM, MONDAY_9AM + age, stale_days=7) is nudged


@pytest.mark.parametrize(
    ("percent", "flagged"), [(None, False), ("29.99", True), ("30", False), ("31", False)]
)
def test_less_than_thirty_percent_for_change_management_is_flagged(
    percent: str | None, flagged: bool
) -> None:
    facts = some_facts(change_percent=None if percent is None else Decimal(percent))

    assert is_below_floor(facts) is flagged


def test_only_what_differs_is_told_with_what_it_was_and_is() -> None:
    before, after = some_facts(), some_facts(name="C")

    assert differences(before, after) == {"name": ("A", "C")}
