"""A list is one parameter: of texts, days or words of an enum, empty or very long."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Engine, event, func
from sqlmodel import col, select

from storage import entries, initiatives
from storage.models import Initiative, Milestone, Round, Stage
from storage.reading import Read
from storage.several import one_of
from tests.factories import CALL_ON, TEAM, a_person, a_round, an_initiative
from workflows.services import Services

MORE_THAN_PARAMETERS = [f"X-{number}" for number in range(70_000)]
QUOTED = 'O\'NE, "4"'
STAGES = {
    "FIN-1": Stage.PAUSED,
    "FIN-2": Stage.PILOT,
    "FIN-3": Stage.RETIRED,
    QUOTED: Stage.PAUSED,
}


@pytest.fixture
def stored(services: Services) -> Services:
    with services.transaction() as session:
        session.add(a_person())
        session.flush()
        session.add_all([an_initiative(key, stage=stage) for key, stage in STAGES.items()])
        session.add_all([a_round(call_on=CALL_ON + timedelta(weeks=week)) for week in range(3)])
    return services


def milestone(key: str) -> Milestone:
    facts: dict[str, Any] = {
        "number": 1,
        "name": "Go live",
        "committed_on": CALL_ON,
        "forecast_on": CALL_ON,
    }
    return Milestone(workspace_id=TEAM, initiative_key=key, **facts)


def found(stored: Services, condition: ColumnElement[bool], **given: Collection[Any]) -> list[str]:
    by_key = Read(select(col(Initiative.key)).where(condition).order_by(col(Initiative.key)))
    with stored.reading() as reader:
        return by_key.all(reader, **given)


@pytest.mark.parametrize(
    "keys",
    [[], ["FIN-2"], ["FIN-1", "FIN-3"], ['O\'NE, "4"'], [*MORE_THAN_PARAMETERS, "FIN-2"]],
    ids=["none", "one", "two", "with signs", "70,001"],
)
def test_what_is_in_the_list_is_found_and_the_rest_where_it_is_not(
    stored: Services, keys: list[str]
) -> None:
    among = one_of(col(Initiative.key), "keys")

    assert found(stored, among, keys=keys) == sorted(set(STAGES) & set(keys))
    assert found(stored, ~among, keys=keys) == sorted(set(STAGES) - set(keys))


def test_words_of_an_enum_are_found_by_its_members(stored: Services) -> None:
    of_stages = one_of(col(Initiative.stage), "stages")

    assert found(stored, of_stages, stages=(Stage.PILOT, Stage.RETIRED)) == ["FIN-2", "FIN-3"]


def test_days_are_found_as_days(stored: Services) -> None:
    of_days = one_of(col(Round.call_on), "days", is_of_days=True)
    wanted = [CALL_ON, CALL_ON + timedelta(weeks=2), date(1999, 12, 31)]

    with stored.reading() as reader:
        days = Read(select(col(Round.call_on)).where(of_days).order_by(col(Round.call_on)))
        assert days.all(reader, days=wanted) == wanted[:2]


def test_more_initiatives_than_parameters_are_cleared_and_removed(stored: Services) -> None:
    with stored.transaction() as session:
        entries.add_parts(session, [milestone("FIN-1"), milestone("FIN-2")], [])
        entries.clear_parts(session, TEAM, [*MORE_THAN_PARAMETERS, "FIN-2"])
        entries.remove_all(session, TEAM, [*MORE_THAN_PARAMETERS, "FIN-3"])

    with stored.reading() as reader:
        left = set(entries.milestones(reader, TEAM))
        known = initiatives.page(reader, TEAM, {}, 0, None)[0]
    assert left == {"FIN-1"}
    assert [initiative.key for initiative in known] == ["FIN-1", "FIN-2", 'O\'NE, "4"']


@pytest.mark.one_database  # PostgreSQL would rather scan a table as small as this one
def test_what_is_in_the_list_is_found_by_an_index(stored: Services, engine: Engine) -> None:
    here = (Initiative.workspace_id == TEAM, one_of(col(Initiative.key), "keys"))
    statement = select(func.count()).select_from(Initiative).where(*here)

    with engine.connect() as connection:

        @event.listens_for(connection, "before_cursor_execute", retval=True)
        def explain(*call: Any) -> tuple[str, Any]:
            return f"EXPLAIN QUERY PLAN {call[2]}", call[3]

        plan = connection.execute(statement, {"keys": ["FIN-1"]}).all()

    assert "workspace_id=? AND key=?" in str(plan)
