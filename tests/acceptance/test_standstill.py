"""The sweep stands still in the real process: whoever looks after the programme is told, once."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.acceptance.rig import HEAD, Rig
from tests.factories import a_policy
from tests.waiting import wait_until
from workflows.heartbeat import last_sweep

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
HEAD_DM = "D0HEAD"


@contextmanager
def heartbeat_held(rig: Rig) -> Iterator[None]:
    """Hold the row that each sweep ends with: sweeps wait, and everything else goes on."""
    with psycopg.connect(rig.database_url.replace("+psycopg", "")) as connection:
        held = connection.execute("SELECT beat_at FROM heartbeat FOR UPDATE").fetchall()
        assert held
        yield
        connection.rollback()


def test_the_programme_manager_is_told_once_that_the_sweep_stands_still(rig: Rig) -> None:
    rig.settings["STANDSTILL_SECONDS"] = "30"  # the least there is
    rig.expected_errors.add("sweep_stands_still")
    policy = a_policy(people={"programme_manager": HEAD})
    (rig.folder / "policy.yml").write_text(policy, encoding="utf-8")
    rig.start_on_socket()

    with heartbeat_held(rig):
        before = last_sweep(rig.services)
        wait_until(lambda: rig.log.count("sweep_stands_still") >= 3)  # it goes on looking
        (told,) = wait_until(lambda: rig.ask("messages", channel=HEAD_DM)["messages"])
        assert last_sweep(rig.services) == before

    assert "I've been stuck since Friday 20 November" in told["text"]
    wait_until(lambda: last_sweep(rig.services) != before)  # it goes on by itself
    assert len(rig.texts(HEAD_DM)) == 1
