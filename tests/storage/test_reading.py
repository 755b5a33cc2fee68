import pytest
from sqlalchemy import Engine, and_, bindparam, inspect
from sqlmodel import SQLModel, col, select

from storage.models import Initiative, Person
from storage.reading import Read
from storage.several import one_of
from tests.factories import TEAM, a_person, an_initiative
from workflows.services import Services

MODELS = sorted(
    (mapper.class_ for mapper in SQLModel._sa_registry.mappers), key=lambda model: model.__name__
)
BY_ID = Read(
    select(Person).where(
        Person.workspace_id == bindparam("workspace_id"), Person.user_id == bindparam("user_id")
    )
)
AMONG = Read(
    select(col(Person.user_id))
    .where(Person.workspace_id == TEAM, one_of(col(Person.user_id), "user_ids"))
    .order_by(col(Person.user_id))
)
LED = Read(
    select(Person, Initiative, col(Person.name))
    .outerjoin(
        Initiative,
        and_(
            col(Initiative.workspace_id) == Person.workspace_id,
            col(Initiative.lead_id) == Person.user_id,
        ),
    )
    .order_by(col(Person.user_id))
)


@pytest.fixture
def filled(services: Services) -> Services:
    with services.transaction() as session:
        session.add_all([a_person("U_LEAD", name="Ada"), a_person("U_IDLE", name="Ben")])
        session.flush()
        session.add(an_initiative("FIN-01", lead_id="U_LEAD"))
    return services


def test_a_row_is_read_as_its_model_and_refuses_to_be_changed(
    filled: Services, engine: Engine
) -> None:
    with engine.connect() as connection:
        person = BY_ID.one(connection, workspace_id=TEAM, user_id="U_LEAD")

    with filled.transaction() as session:
        entity = session.get_one(Person, (TEAM, "U_LEAD"))
        assert person.model_dump() == entity.model_dump()
        assert person == entity
    with pytest.raises(AttributeError):
        person.name = "Somebody else"
    assert person.name == "Ada"


def test_what_is_not_there_is_none(filled: Services, engine: Engine) -> None:
    with engine.connect() as connection:
        assert BY_ID.first(connection, workspace_id=TEAM, user_id="U_NOBODY") is None
        assert BY_ID.all(connection, workspace_id="T_OTHER", user_id="U_LEAD") == []


def test_several_are_given_as_one_parameter(filled: Services, engine: Engine) -> None:
    with engine.connect() as connection:
        assert AMONG.all(connection, user_ids={"U_LEAD", "U_IDLE", "U_NOBODY"}) == [
            "U_IDLE",
            "U_LEAD",
        ]
        assert AMONG.all(connection, user_ids=()) == []


def test_models_and_columns_come_side_by_side(filled: Services, engine: Engine) -> None:
    with engine.connect() as connection:
        found = [
            (person.user_id, initiative.key if initiative else None, name)
            for person, initiative, name in LED.all(connection)
        ]

    assert found == [("U_IDLE", None, "Ben"), ("U_LEAD", "FIN-01", "Ada")]


def test_what_a_transaction_changed_is_read_in_it(filled: Services) -> None:
    with filled.transaction() as session:
        session.get_one(Person, (TEAM, "U_LEAD")).name = "Ada Byron"

        assert BY_ID.one(session, workspace_id=TEAM, user_id="U_LEAD").name == "Ada Byron"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_fact_comes_from_the_column_of_its_name(model: type[SQLModel]) -> None:
    names = [column.name for column in select(model).selected_columns]

    assert names == [attribute.key for attribute in inspect(model).column_attrs]
