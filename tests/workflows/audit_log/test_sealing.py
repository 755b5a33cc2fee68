"""Sealing: in one chain, whoever seals and whatever comes between."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier

import pytest
from sqlmodel import Session, select

from storage.models import AuditEntry, AuditUnsealed
from tests.factories import TEAM, a_policy
from tests.workflows.audit_log.logged import chained, found, seal, verdict_on, write
from workflows import policies
from workflows.audit_log.verifying import verify
from workflows.services import Services

PATIENCE_SECONDS = 60  # far longer than anything takes


def test_what_is_written_is_sealed_in_order_and_once(log: Services) -> None:
    again = seal(log)

    places = chained(log)
    assert [position for position, _ in places] == list(range(1, 8))
    assert [entry_id for _, entry_id in places[1:]] == ["e2", "e3", "e4", "e5", "e6", "e7"]
    assert again == 0
    assert (found(log), verdict_on(log).unsealed) == ([], 0)


def test_a_batch_goes_on_where_the_one_before_ended(services: Services) -> None:
    write(services, *(f"{number:05}" for number in range(1500)))

    batches = [seal(services), seal(services), seal(services)]

    assert batches == [1000, 501, 0]
    assert (found(services), verdict_on(services).sealed) == ([], 1501)


def test_what_was_committed_late_is_sealed_after_what_is_later(log: Services) -> None:
    write(log, "late", at_minute=-60)

    seal(log)

    assert chained(log)[-1] == (8, "late")
    assert found(log) == []


def test_what_is_not_sealed_yet_is_named_and_no_finding(log: Services) -> None:
    write(log, "e8", "e9", at_minute=2)

    verdict = verdict_on(log)

    assert (verdict.findings, verdict.unsealed, verdict.unsealed_ids) == ([], 2, ["e8", "e9"])


def test_each_workspace_has_a_chain_of_its_own(log: Services) -> None:
    policies.adopt(log, "T2", "Other", a_policy())

    seal(log)

    assert [(one.workspace_id, one.sealed) for one in verify(log)] == [(TEAM, 7), ("T2", 1)]


def test_two_that_seal_at_once_make_one_chain(services: Services) -> None:
    at_once = Barrier(4)

    def write_and_seal(name: str) -> None:
        for number in range(20):
            write(services, f"{name}{number:02}")
            at_once.wait(PATIENCE_SECONDS)
            seal(services)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write_and_seal, name) for name in "abcd"]:
            done.result(PATIENCE_SECONDS)

    assert [position for position, _ in chained(services)] == list(range(1, 82))
    assert (found(services), verdict_on(services).unsealed) == ([], 0)


def test_who_is_killed_while_sealing_leaves_nothing_half_done(services: Services) -> None:
    write(services, "e2", "e3")

    @contextmanager
    def killed() -> Iterator[Session]:
        with services.transaction() as session:
            yield session
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal(replace(services, transaction=killed))
    between = (chained(services), verdict_on(services).unsealed)
    seal(services)

    assert between == ([], 3)
    assert (len(chained(services)), found(services)) == (3, [])


def test_an_entry_that_waits_although_it_is_sealed_stops_nobody(log: Services) -> None:
    with log.transaction() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.id == "e4")).one()
        session.add(AuditUnsealed(workspace_id=TEAM, at=entry.at, entry_id="e4"))
    write(log, "e8", at_minute=2)

    seal(log)

    assert (chained(log)[-1], len(chained(log))) == ((8, "e8"), 8)
    assert seal(log) == 0
