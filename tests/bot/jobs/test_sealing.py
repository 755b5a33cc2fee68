"""The job that seals: whatever waits, in every workspace, whatever is wrong in one of them."""

import pytest
from sqlalchemy import Engine

from bot.jobs.sealing import seal_everywhere
from tests.factories import TEAM, a_policy
from tests.workflows.audit_log.logged import touch, write
from workflows import policies
from workflows.audit_log.verifying import verify
from workflows.services import Services


def test_all_that_waits_is_sealed_batch_by_batch(services: Services) -> None:
    write(services, *(f"{number:05}" for number in range(2100)))
    policies.adopt(services, "T2", "Other", a_policy())

    seal_everywhere(services, lambda: False)

    assert [(one.sealed, one.unsealed) for one in verify(services)] == [(2101, 0), (1, 0)]


def test_who_is_told_to_stop_begins_no_batch(services: Services) -> None:
    seal_everywhere(services, lambda: True)

    assert [(one.sealed, one.unsealed) for one in verify(services)] == [(0, 1)]


@pytest.mark.one_database  # PostgreSQL takes no such value
def test_a_workspace_that_can_not_be_sealed_stops_no_other(
    services: Services, engine: Engine
) -> None:
    policies.adopt(services, "T2", "Other", a_policy())
    touch(engine, f"UPDATE audit_entry SET facts = '{{' WHERE workspace_id = '{TEAM}'")

    seal_everywhere(services, lambda: False)

    assert [(one.sealed, one.unsealed) for one in verify(services)] == [(0, 1), (1, 0)]
