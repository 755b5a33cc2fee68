import pytest

from handlers.blocks.rules import settings
from tests.factories import a_policy
from workflows.policies import Policy
from workflows.policy_document import read_policy


@pytest.mark.parametrize(
    ("calendar", "line"),
    [
        ({}, "*Nor on public holidays* of their own country, where it is known"),
        (
            {"country": "US"},
            "*Nor on public holidays* of their own country; of US, where that is not known",
        ),
        (
            {"country": "DE", "region": "BY"},
            "*Nor on public holidays* of their own country; of DE (BY), where that is not known",
        ),
    ],
)
def test_the_programme_manager_reads_whose_holidays_are_kept(
    calendar: dict[str, str], line: str
) -> None:
    words = settings(Policy(1, read_policy(a_policy(calendar=calendar))))

    assert line in words.wire.split("\n")
