"""Whatever dies: nothing is lost and nothing is doubled, counted from the workspace's side."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.acceptance.chaos import (
    INSTANTS,
    Chaos,
    a_company,
    check_all_is_accounted_for,
    company_csv,
)
from tests.acceptance.rig import Rig, build_rig

FRIDAY = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
REPLICAS = {"sqlite": 1, "postgresql": 3}
KILLS = (4, 3, 3)  # at the prompt, the reminder and the closing: twenty on both databases


@pytest.fixture
def rig(tmp_path: Path, database_url: str) -> Iterator[Rig]:
    rig, server = build_rig(tmp_path, database_url, FRIDAY, company=a_company)
    rig.initiatives, rig.is_measured = company_csv(), False  # who is killed reports no lines
    rig.expected_errors |= {"slack_sdk", "listener_failed"}  # of the faults that we asked for
    with server:
        yield rig
        rig.stop()


def test_complaint_7_killed_at_random_it_loses_nothing_and_doubles_nothing(
    rig: Rig, request: pytest.FixtureRequest
) -> None:
    database = request.node.callspec.params["database_url"]
    chaos = Chaos(rig, REPLICAS[database], random.Random(20261123))
    chaos.start()
    rig.import_company()

    for instant, kills in zip(INSTANTS, KILLS, strict=True):
        chaos.live_through(instant, kills)

    check_all_is_accounted_for(rig)
    assert chaos.kills == sum(KILLS)
    rig.check_silence()
