from collections.abc import Callable

import pytest
from sqlalchemy import Engine, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlmodel import SQLModel

from storage.insert import insert_once
from storage.models import Promise, SubjectKind, Workspace
from tests.factories import CALL_ON, MONDAY_9AM, TEAM
from workflows.services import Services

TABLES = sorted(SQLModel.metadata.tables.values(), key=lambda table: table.name)
OF_ALL = ("heartbeat",)  # jobs go through for all workspaces at once


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_primary_and_unique_key_begins_with_the_workspace(table: Table) -> None:
    keys = [
        [column.name for column in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint)
    ]
    keys += [[column.name for column in index.columns] for index in table.indexes if index.unique]

    assert keys
    assert {key[0] for key in keys} == {"job" if table.name in OF_ALL else "workspace_id"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_reference_stays_in_its_workspace(table: Table) -> None:
    for constraint in table.foreign_key_constraints:
        columns = [column.name for column in constraint.columns]
        assert columns[0] == "workspace_id"


def a_promise() -> Promise:
    return Promise(
        workspace_id=TEAM,
        key="prompt:1",
        kind="prompt",
        subject_kind=SubjectKind.ROUND,
        subject_key=f"{CALL_ON}",
        period_on=CALL_ON,
        due_at=MONDAY_9AM,
        owed_at=MONDAY_9AM,
        clause="round.prompt",
        policy_version=1,
    )


def test_a_key_can_be_stored_only_once(services: Services) -> None:
    with services.transaction() as session:
        stored = [insert_once(session, a_promise()) for _ in range(2)]

    assert stored == [True, False]


def test_a_transaction_that_fails_leaves_nothing(services: Services) -> None:
    def fail_half_way() -> None:
        with services.transaction() as session:
            session.add(Workspace(workspace_id="T2", name="Half"))
            session.flush()
            raise RuntimeError("in between")

    with pytest.raises(RuntimeError):
        fail_half_way()

    with services.transaction() as session:
        assert session.get(Workspace, "T2") is None


def test_an_instant_comes_back_aware_and_a_naive_one_is_refused(services: Services) -> None:
    with services.transaction() as session:
        insert_once(session, a_promise())
    with services.transaction() as session:
        kept = session.get_one(Promise, (TEAM, "prompt:1"))
        assert (kept.due_at, kept.due_at.utcoffset()) == (MONDAY_9AM, MONDAY_9AM.utcoffset())

    naive = a_promise().model_copy(update={"key": "2", "due_at": MONDAY_9AM.replace(tzinfo=None)})
    with pytest.raises(Exception, match="aware"), services.transaction() as session:
        insert_once(session, naive)


def test_connections_are_given_back(engine: Engine, adopt: Callable[..., None]) -> None:
    adopt()

    assert engine.pool.status().endswith("Current Checked out connections: 0")
