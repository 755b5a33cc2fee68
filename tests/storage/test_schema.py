from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from storage import models  # noqa: F401  (fills the metadata)
from storage.engine import connect
from storage.schema import SchemaState, migrate, migrate_down, schema_state
from tests.conftest import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.fresh_url("template1")
    engine = connect(url)
    yield engine
    engine.dispose()


def is_of_the_models(_object: object, name: str | None, *_more: object) -> bool:
    """Tell what the models describe from what the database keeps to search by."""
    return not (name or "").startswith("search_index")


def test_migrating_gives_exactly_the_models(empty: Engine) -> None:
    migrate(empty)

    with empty.connect() as connection:
        opts = {"compare_type": True, "include_object": is_of_the_models}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_goes_up_down_and_up_again(empty: Engine) -> None:
    migrate(empty)
    first = sorted(inspect(empty).get_table_names())
    migrate_down(empty)
    between = inspect(empty).get_table_names()
    migrate(empty)

    assert between == ["alembic_version"]
    assert sorted(inspect(empty).get_table_names()) == first


def test_knows_where_a_database_stands(empty: Engine) -> None:
    states = [schema_state(empty)]
    migrate(empty)
    states.append(schema_state(empty))
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    states.append(schema_state(empty))

    assert states == [SchemaState.BEHIND, SchemaState.CURRENT, SchemaState.AHEAD]
