"""Weeks of bad luck: two hundred kills, on SQLite and on three replicas behind PgBouncer."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.acceptance.chaos import (
    INSTANTS,
    WEEK,
    Chaos,
    a_company,
    check_all_is_accounted_for,
    company_csv,
)
from tests.acceptance.rig import Rig, build_rig
from tests.soak.pgbouncer import through_pgbouncer

FRIDAY = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
KILLS = (4, 3, 3)  # a week
WEEKS = 10  # on each database


@pytest.fixture
def replicas(request: pytest.FixtureRequest) -> int:
    return 1 if request.node.callspec.params["database_url"] == "sqlite" else 3


@pytest.fixture
def rig(tmp_path: Path, database_url: str, replicas: int) -> Iterator[Rig]:
    rig, server = build_rig(tmp_path, database_url, FRIDAY, company=a_company)
    rig.initiatives = company_csv()
    rig.expected_errors |= {"slack_sdk", "listener_failed"}  # of the faults that we asked for
    with server:
        if replicas == 1:
            yield rig
        else:
            with through_pgbouncer(tmp_path, database_url) as pooled_url:
                rig.database_url = pooled_url  # the bots'; the test looks past it
                yield rig
                rig.stop()
        rig.stop()


def test_a_hundred_kills_in_ten_weeks_lose_and_double_nothing(rig: Rig, replicas: int) -> None:
    chaos = Chaos(rig, replicas, random.Random(20261123))
    chaos.start()
    rig.import_company()

    for week in range(WEEKS):
        for instant, kills in zip(INSTANTS, KILLS, strict=True):
            chaos.live_through(instant + week * WEEK, kills)
        check_all_is_accounted_for(rig)

    assert chaos.kills == sum(KILLS) * WEEKS
    rig.check_silence()
