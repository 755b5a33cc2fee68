"""Who is erased from the audit log is named nowhere, and the log verifies."""

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from storage.models import AuditEntry, AuditLink, AuditSalt, AuditUnsealed
from tests.factories import TEAM
from tests.workflows.audit_log.logged import found, seal, touch, verdict_on, write
from workflows.audit_log.erasing import erase_person
from workflows.audit_log.walking import Fault
from workflows.services import Services


def all_rows(services: Services) -> str:
    with services.transaction() as session:
        models = (AuditEntry, AuditSalt, AuditLink, AuditUnsealed)
        rows = [row.model_dump_json() for model in models for row in session.exec(select(model))]
    return "\n".join(rows)


def erase(services: Services, user_id: str) -> None:
    with services.transaction() as session:
        erase_person(session, services.now(), TEAM, user_id)


@pytest.mark.parametrize("is_sealed", [True, False])
def test_who_is_erased_is_named_nowhere_and_the_log_verifies(
    naming_lead: Services, is_sealed: bool
) -> None:
    if is_sealed:
        seal(naming_lead)
    before = all_rows(naming_lead)

    erase(naming_lead, "U_LEAD")
    after = all_rows(naming_lead)
    seal(naming_lead)

    assert '"U_LEAD"' in before
    assert '"@U_LEAD"' in before
    assert '"U_LEAD"' not in after
    assert '"@U_LEAD"' not in after
    assert '"@U_LEADER"' in after
    assert (found(naming_lead), verdict_on(naming_lead).unsealed) == ([], 0)


def test_a_change_after_an_erasure_is_found_all_the_same(log: Services, engine: Engine) -> None:
    erase(log, "U_LEAD")

    touch(engine, "UPDATE audit_entry SET actor_id = 'hashed\\:other' WHERE id = 'e4'")

    assert found(log) == [(Fault.CHANGED, 4, "e4")]


def test_who_comes_back_is_somebody_else(log: Services) -> None:
    erase(log, "U_LEAD")
    write(log, "back")
    erase(log, "U_LEAD")
    seal(log)

    with log.transaction() as session:
        erased = select(AuditEntry.actor_id).where(col(AuditEntry.actor_id).startswith("hashed:"))
        assert len(set(session.exec(erased))) == 2
    assert found(log) == []


def test_an_erasure_is_an_entry_that_names_nobody(log: Services) -> None:
    erase(log, "U_LEAD")

    with log.transaction() as session:
        kept = session.exec(select(AuditEntry).where(AuditEntry.action == "erase_person")).one()
    assert (kept.actor_id, kept.subject.startswith("@hashed:")) == ("", True)
