"""Whatever dies: nothing is lost and nothing is doubled, counted from the workspace's side."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from storage import escalations
from storage.models import Level
from tests.acceptance.chaos import (
    INSTANTS,
    LEADS,
    Chaos,
    a_company,
    check_all_is_accounted_for,
    check_escalations,
    company_csv,
)
from tests.acceptance.rig import Rig, build_rig
from tests.factories import a_policy

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


def test_complaint_7_killed_at_random_each_step_of_an_escalation_happens_once(
    rig: Rig, request: pytest.FixtureRequest
) -> None:
    coe = {"people": [LEADS[-1]], "fallback": LEADS[-2]}
    policy = a_policy(features=["escalations"], levels={"coe": coe})
    (rig.folder / "policy.yml").write_text(policy, encoding="utf-8")
    database = request.node.callspec.params["database_url"]
    chaos = Chaos(rig, REPLICAS[database], random.Random(20261127))
    chaos.start()
    rig.import_company()

    for number in range(4):
        chaos.kill_while(partial(chaos.try_to_escalate, number))
    chaos.try_to_escalate(4)  # at least one that nobody disturbs
    chaos.come_to_rest()
    chaos.kill_while(partial(chaos.try_to_press, LEADS[0], "escalate", 1))
    chaos.come_to_rest()
    chaos.kill_while(partial(chaos.try_to_press, LEADS[-1], "acknowledge", 1))
    chaos.let_pass(FRIDAY + timedelta(days=1, minutes=5), 2)
    chaos.let_pass(FRIDAY + timedelta(days=3, hours=6), 1)

    assert chaos.kills == 9
    with rig.services.reading() as reader:
        levels = [one.level for one in escalations.unsettled(reader, rig.team_id)]
    assert set(levels) == {Level.TACTICAL}  # each has gone on, by its clock or because somebody did
    check_escalations(rig)
    rig.check_silence()
