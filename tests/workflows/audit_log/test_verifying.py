"""Whatever somebody does to the log beside the bot is found and named."""

import pytest
from sqlalchemy import Engine

from storage.models import AuditEntry
from tests.factories import MONDAY_9AM, TEAM
from tests.workflows.audit_log.logged import chained, found, seal, touch, verdict_on, write
from workflows.audit_log.verifying import verify
from workflows.audit_log.walking import MOST_NAMED, Fault
from workflows.services import Services


@pytest.mark.parametrize(
    "change",
    [
        "subject = 'FIN-99'",
        "actor_id = 'U_OTHER'",
        "outcome = 'NotYoursError'",
        "policy_version = 9",
        "action = 'other'",
        """facts = '{"late": true}'""",
        "facts = '[]'",
    ],
)
def test_a_changed_entry_is_named(log: Services, engine: Engine, change: str) -> None:
    touch(engine, f"UPDATE audit_entry SET {change} WHERE id = 'e4'".replace(":", "\\:"))

    assert found(log) == [(Fault.CHANGED, 4, "e4")]


def test_an_entry_with_another_time_is_named(log: Services, engine: Engine) -> None:
    with log.transaction() as session:
        session.get_one(AuditEntry, (TEAM, "e4")).at = MONDAY_9AM

    assert found(log) == [(Fault.CHANGED, 4, "e4")]


@pytest.mark.one_database("postgresql")
def test_an_entry_of_a_time_that_is_none_is_named(log: Services, engine: Engine) -> None:
    touch(engine, "UPDATE audit_entry SET at = 'infinity' WHERE id = 'e4'")

    assert found(log) == [(Fault.CHANGED, 4, "e4")]


@pytest.mark.one_database  # PostgreSQL takes no such values
@pytest.mark.parametrize("change", ["at = 'never'", "facts = '{'"])
def test_an_entry_that_can_not_be_read_is_named(log: Services, engine: Engine, change: str) -> None:
    touch(engine, f"UPDATE audit_entry SET {change} WHERE id = 'e4'")

    assert found(log) == [(Fault.CHANGED, 4, "e4")]


def test_an_entry_that_was_removed_is_named(log: Services, engine: Engine) -> None:
    touch(engine, "DELETE FROM audit_entry WHERE id = 'e4'")

    assert found(log) == [(Fault.MISSING, 4, "e4")]


def test_an_entry_that_was_removed_with_its_seal_is_named_by_its_place(
    log: Services, engine: Engine
) -> None:
    touch(
        engine,
        "DELETE FROM audit_entry WHERE id = 'e4'",
        "DELETE FROM audit_link WHERE entry_id = 'e4'",
    )

    assert found(log) == [(Fault.MISSING, 4, "")]


def test_an_entry_that_was_removed_before_it_was_sealed_is_named(
    log: Services, engine: Engine
) -> None:
    write(log, "e8", "e9", at_minute=2)
    touch(engine, "DELETE FROM audit_entry WHERE id = 'e8'")
    before = found(log)

    seal(log)

    assert before == found(log) == [(Fault.MISSING, None, "e8")]
    assert chained(log)[-1] == (8, "e9")


def test_however_many_were_removed_before_they_were_sealed_the_next_one_is_sealed(
    log: Services, engine: Engine
) -> None:
    write(log, *(f"gone{number:04}" for number in range(1001)))
    write(log, "e8", at_minute=2)
    touch(engine, "DELETE FROM audit_entry WHERE id LIKE 'gone%'")

    seal(log)

    assert chained(log)[-1] == (8, "e8")
    assert len(found(log)) == MOST_NAMED


def test_an_entry_whose_time_was_changed_before_it_was_sealed_is_named(
    log: Services, engine: Engine
) -> None:
    write(log, "e8", at_minute=2)
    with log.transaction() as session:
        session.get_one(AuditEntry, (TEAM, "e8")).at = MONDAY_9AM

    seal(log)

    assert found(log) == [(Fault.MISSING, None, "e8"), (Fault.ADDED, None, "e8")]


def test_two_entries_whose_seals_were_swapped_are_named(log: Services, engine: Engine) -> None:
    touch(
        engine,
        "UPDATE audit_link SET entry_id = 'x' WHERE entry_id = 'e3'",
        "UPDATE audit_link SET entry_id = 'e3' WHERE entry_id = 'e5'",
        "UPDATE audit_link SET entry_id = 'e5' WHERE entry_id = 'x'",
    )

    assert found(log) == [(Fault.REORDERED, 3, "e5"), (Fault.REORDERED, 5, "e3")]


def test_two_entries_that_changed_places_are_named(log: Services, engine: Engine) -> None:
    touch(
        engine,
        "UPDATE audit_link SET position = 99 WHERE position = 3",
        "UPDATE audit_link SET position = 3 WHERE position = 5",
        "UPDATE audit_link SET position = 5 WHERE position = 99",
    )

    assert found(log) == [(Fault.REORDERED, 3, "e5"), (Fault.REORDERED, 5, "e3")]
    assert [one.belongs_at for one in verdict_on(log).findings] == [5, 3]


def test_an_entry_that_was_put_in_is_named_and_never_sealed(log: Services, engine: Engine) -> None:
    touch(
        engine,
        "INSERT INTO audit_entry (workspace_id, id, at, actor_id, action, subject, outcome, facts,"
        " clause, policy_version) SELECT workspace_id, 'forged', at, 'U_BOSS', action, subject,"
        " outcome, facts, clause, policy_version FROM audit_entry WHERE id = 'e4'",
    )

    seal(log)

    assert found(log) == [(Fault.ADDED, None, "forged")]


def test_a_changed_seal_is_named(log: Services, engine: Engine) -> None:
    touch(engine, "UPDATE audit_link SET hash = :other WHERE position = 4", other="f" * 64)

    assert found(log) == [(Fault.SEAL_CHANGED, 4, "e4")]


def test_a_salt_that_is_gone_is_told_by_those_it_was_for(log: Services, engine: Engine) -> None:
    touch(engine, "DELETE FROM audit_salt")

    assert [(fault, entry_id) for fault, _, entry_id in found(log)] == [
        (Fault.CHANGED, f"e{number}") for number in range(2, 8)
    ]


def test_a_seal_kept_elsewhere_tells_of_an_end_that_is_gone(log: Services, engine: Engine) -> None:
    kept = verdict_on(log).seal
    write(log, "e8")
    seal(log)
    (whole,) = verify(log, kept)

    touch(
        engine,
        "DELETE FROM audit_link WHERE position >= 6",
        "DELETE FROM audit_entry WHERE id IN ('e6', 'e7', 'e8')",
    )
    (cut,) = verify(log, kept)

    assert (whole.findings, whole.has_expected) == ([], True)
    assert (cut.findings, cut.has_expected) == ([], False)


def test_an_empty_log_has_nothing_to_tell(engine: Engine, log: Services) -> None:
    touch(engine, "DELETE FROM audit_link", "DELETE FROM audit_entry")

    assert verify(log) == []
