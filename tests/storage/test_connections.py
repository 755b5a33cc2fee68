from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Thread

import pytest
from sqlalchemy import Connection, Engine, text
from sqlmodel import Session

from storage import people
from storage.engine import connect, reading, transactions
from tests.conftest import Postgres
from tests.factories import TEAM, a_person
from workflows.services import Services

BACKEND = text("SELECT pg_backend_pid()")


def all_ended_but(session: Session) -> None:
    session.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )


@pytest.mark.parametrize("begin", [transactions, reading])
def test_connections_that_the_server_ended_while_they_rested_are_replaced(
    postgres: Postgres,
    begin: Callable[[Engine], Callable[[], AbstractContextManager[Session | Connection]]],
) -> None:
    engine = connect(postgres.emptied_url())  # SQLite has no server that could end one
    start = begin(engine)
    with start() as first, start() as second:  # both rest in the pool afterwards
        before = {first.execute(BACKEND).scalar_one(), second.execute(BACKEND).scalar_one()}
    with engine.connect() as other, Session(other) as session:
        all_ended_but(session)
        ending = session.execute(BACKEND).scalar_one()

    with start() as first, start() as second:
        after = {first.execute(BACKEND).scalar_one(), second.execute(BACKEND).scalar_one()}

    engine.dispose()
    assert after & before <= {ending}


def test_threads_that_write_at_once_are_all_served(services: Services) -> None:
    def write(number: int) -> None:
        for _ in range(5):
            with services.transaction() as session:
                people.save(session, a_person(f"U_{number}"))

    writers = [Thread(target=write, args=(number,)) for number in range(8)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()

    with services.reading() as reader:
        found = {person.user_id for person in people.every(reader, TEAM)}
    assert found == {f"U_{number}" for number in range(8)}
