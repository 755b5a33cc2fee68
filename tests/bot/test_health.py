"""/healthz, /readyz, /metrics, and what an outdated replica does."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine, text
from sqlmodel import col, select
from starlette.applications import Starlette

from bot.health import Health, build_health
from bot.jobs.sweeping import sweep_due
from storage.models import Notification, Person
from storage.reading import connection_of
from tests.factories import MONDAY_9AM, a_notification, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.conftest import build_workspace
from workflows.errors import SchemaMovedError
from workflows.heartbeat import STANDSTILL_AFTER
from workflows.lateness import LATE_AFTER
from workflows.services import Services
from workflows.sweep import sweep

DEAF_AFTER = 60.0


class Asked:
    """The web application, asked without a socket."""

    def __init__(self, app: Starlette) -> None:
        self._transport = httpx.ASGITransport(app)

    def get(self, path: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=self._transport, base_url="http://bot"
            ) as client:
                return await client.get(path)

        return asyncio.run(ask())


@pytest.fixture
def age() -> list[float]:
    """How long nothing was heard on the socket, to be set."""
    return [0.0]


@pytest.fixture
def health(services: Services, age: list[float]) -> Asked:
    settle_in(services, an_initiative())
    watched = Health(services, lambda: age[0], DEAF_AFTER)
    return Asked(build_health(watched))


@pytest.fixture
def outdate(engine: Engine) -> Callable[[], None]:
    """Let a newer Rollcall migrate the database."""

    def move_on() -> None:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    return move_on


def figure(health: Asked, name: str) -> float:
    lines = health.get("/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


def test_it_is_alive_whatever_happens(health: Asked, outdate: Callable[[], None]) -> None:
    outdate()

    assert health.get("/healthz").status_code == 200


def test_it_is_ready_while_sweeps_go_through_and_slack_is_heard(
    health: Asked, services: Services, clock: FakeClock, age: list[float]
) -> None:
    never = health.get("/readyz")
    sweep_due(services)
    clock.advance(seconds=STANDSTILL_AFTER.total_seconds())
    age[0] = DEAF_AFTER
    ready = health.get("/readyz")
    clock.advance(seconds=1)
    age[0] += 1

    not_ready = health.get("/readyz")

    assert (never.status_code, never.json()["faults"]) == (503, {"sweep": "none yet"})
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "faults": {}})
    assert not_ready.status_code == 503
    assert set(not_ready.json()["faults"]) == {"sweep", "slack"}


def test_it_is_not_ready_while_the_socket_is_opened_anew(services: Services) -> None:
    sweep_due(services)
    watched = Health(services, lambda: 0.0, is_open=lambda: False)

    answer = Asked(build_health(watched)).get("/readyz")

    assert answer.json()["faults"] == {"slack": "the socket is being opened anew"}


def test_a_beat_of_before_the_clock_was_set_back_is_no_sweep(
    health: Asked, services: Services, clock: FakeClock
) -> None:
    sweep_due(services)
    clock.advance(hours=-1)
    stale = health.get("/readyz")
    sweep_due(services)

    assert (stale.status_code, health.get("/readyz").status_code) == (503, 200)


def test_complaint_24_it_is_not_ready_once_the_schema_has_moved_on(
    health: Asked, services: Services, outdate: Callable[[], None]
) -> None:
    sweep_due(services)
    outdate()

    answer = health.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["faults"] == {"database": "migrated by a newer Rollcall"}


def test_it_is_not_ready_without_its_tables(health: Asked, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))

    answer = health.get("/readyz")

    assert answer.status_code == 503
    assert set(answer.json()["faults"]) == {"database"}


def test_the_figures_tell_what_waits_and_since_when(
    health: Asked, services: Services, clock: FakeClock, age: list[float]
) -> None:
    sweep_due(services)  # opens the round and makes the prompt
    with services.transaction() as session:
        session.add(a_notification(key="other", due_at=MONDAY_9AM - timedelta(minutes=10)))
    clock.move_to(MONDAY_9AM + timedelta(days=1))  # the reminder and an audit are due
    age[0] = 3.5
    in_time = figure(health, "rollcall_promises_overdue")
    clock.advance(seconds=LATE_AFTER.total_seconds() + 1)

    assert in_time == 1  # the audit, an hour ago
    assert figure(health, "rollcall_promises_due") == 2
    assert figure(health, "rollcall_promises_overdue") == 2
    assert figure(health, "rollcall_oldest_promise_seconds") == 3600 + 301
    assert figure(health, "rollcall_outbox_messages") == 2
    assert figure(health, "rollcall_oldest_message_seconds") == 86400 + 600 + 301
    assert figure(health, "rollcall_sweep_age_seconds") == 86400 + 301
    assert figure(health, "rollcall_socket_age_seconds") == 3.5
    assert figure(health, "rollcall_inbox_items") == 0


def test_deliveries_are_counted_by_what_came_of_them(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    def counted() -> list[float]:
        outcomes = ("sent", "limited", "refused")
        name = "rollcall_deliveries_total"
        return [REGISTRY.get_sample_value(name, {"outcome": one}) or 0 for one in outcomes]

    with services.transaction() as session:
        session.add_all([a_notification(key=f"n{n}") for n in range(3)])
    before = counted()
    slack.answers["chat.postMessage"] += ["ratelimited", "is_archived"]

    for _ in range(3):
        deliver(services, slack)
        clock.advance(minutes=1)

    assert [after - was for after, was in zip(counted(), before, strict=True)] == [2, 1, 1]


def test_complaint_24_an_outdated_replica_takes_no_more_work(
    services: Services, slack: FakeSlack, engine: Engine, outdate: Callable[[], None]
) -> None:
    settle_in(services, an_initiative())
    workspace = build_workspace(services, slack)
    with services.transaction() as session:
        session.add(a_notification())
    outdate()

    with pytest.raises(SchemaMovedError):
        sweep(services)
    with pytest.raises(SchemaMovedError):
        deliver(services, slack)
    answer = workspace.command("away until friday")

    assert slack.of("chat.postMessage") == []
    assert "I'm being updated right now." in answer["text"]
    with services.reading() as reader:
        assert connection_of(reader).execute(select(col(Notification.state))).scalars().all() == [
            "pending"
        ]
        assert connection_of(reader).execute(select(col(Person.away_until_on))).scalars().all() == [
            None
        ]
