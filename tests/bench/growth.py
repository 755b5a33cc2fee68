"""What is read grows with what is shown: a hundred initiatives, and a hundred times as many.

CPU of this process, the app called without any transport between. On PostgreSQL the server's own is
not counted. What is measured 200 times in earnest (a digest to each department lead) is measured
for a few of them and multiplied.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from statistics import median
from time import perf_counter, process_time
from typing import Any

from slack_bolt import BoltRequest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.receiving.inbox import InboxApp
from handlers.home.showing import home_of
from handlers.rendering import render
from storage import initiatives
from storage.engine import connect
from tests.bench.bench import Bench
from tests.bench.databases import KINDS, tidy
from tests.bench.host import rollcall_of
from tests.bench.payloads import command
from tests.bench.rows import Row
from tests.bench.seeds import filed_weeks, key_of, lead_of, settled
from tests.factories import CALL_ON, MONDAY_9AM, TEAM, a_notification
from workflows.rounds.planning import ensure_next_round
from workflows.services import Actor, Services, of_one_request
from workflows.sweep import sweep

_FEW, _DIGESTS = 100, 200
_ASKED = ("show KEY", "missing", "home")
_triggers = count()


def measure_growth(bench: Bench) -> list[Row]:
    many = bench.pick(10_000, 1000)
    rows: list[Row] = []
    for kind, name in KINDS.items():
        few, lots = _milliseconds(bench, kind, _FEW), _milliseconds(bench, kind, many)
        label = f"at {many:,} initiatives, {name}"
        for what in _ASKED:
            rows.append(Row(f"{what} {label}", lots[what], "ms"))
            rows.append(Row(f"… to {_FEW}, {name}", lots[what] / few[what], "×", 2, at_most=True))
        digests = lots["digest"] * _DIGESTS / 1000
        rows.append(Row(f"{_DIGESTS} digests {label}, CPU", digests, "s", 5, at_most=True))
        cpu, held = _opening(bench, kind, many)
        rows.append(Row(f"a round opens {label}, CPU", cpu, "s", 3, at_most=True))
        rows.append(Row(f"… the writer held, {name}", held, "s", 1, at_most=True))
    return rows


def _milliseconds(bench: Bench, kind: str, number: int) -> dict[str, float]:
    """Return the CPU that each thing takes, in an organisation of this size with a year behind."""
    with ExitStack() as stack:
        url = bench.databases.fresh(kind)
        engine, services = _organisation(stack, url, number)
        filed_weeks(engine, number, bench.pick(52, 8))
        tidy(engine)
        app = rollcall_of(services, bench.settings(url))
        works = _works(bench, app, services)
        return {name: median(_cpu_ms(work) for _ in range(7)) for name, work in works.items()}


def _works(bench: Bench, app: InboxApp, services: Services) -> dict[str, Callable[[], Any]]:
    client, reader = bench.client(), Actor(TEAM, lead_of(3))
    digest = a_notification(
        kind="digest", recipient_id=lead_of(0), call_on=CALL_ON, due_at=MONDAY_9AM
    )
    return {
        "show KEY": lambda: _ask(app, "/ai-project", f"show {key_of(5)}"),
        "missing": lambda: _ask(app, "/ai-status", "missing"),
        "home": lambda: home_of(client, of_one_request(services), reader),
        "digest": lambda: render(services, [digest])[digest.key],
    }


def _ask(app: InboxApp, name: str, words: str) -> None:
    body = command(words, 3, name) | {"trigger_id": f"1.{next(_triggers)}.abc"}
    answer = app.dispatch(BoltRequest(body=body, mode="socket_mode", headers={}))
    assert answer.status == 200, answer.body


def _cpu_ms(work: Callable[[], Any]) -> float:
    begun = process_time()
    work()
    return (process_time() - begun) * 1000


def _opening(bench: Bench, kind: str, number: int) -> tuple[float, float]:
    """Return the seconds of CPU in which a round opens, and of its longest transaction."""
    with ExitStack() as stack:
        clock: list[datetime] = [MONDAY_9AM - timedelta(days=4)]
        engine, usual = _organisation(stack, bench.databases.fresh(kind), number)
        held: list[float] = []
        services = replace(usual, now=lambda: clock[0], transaction=_timed(usual.transaction, held))
        ensure_next_round(services, TEAM)
        tidy(engine)
        clock[0] = MONDAY_9AM - timedelta(days=2)
        held.clear()
        cpu = process_time()
        sweep(services)
        return process_time() - cpu, max(held)


def _timed(
    begin: Callable[[], AbstractContextManager[Session]], held: list[float]
) -> Callable[[], AbstractContextManager[Session]]:
    """Return what notes of each transaction how long it held the writer."""

    @contextmanager
    def transaction() -> Iterator[Session]:
        with begin() as session:
            begun = perf_counter()
            yield session
        held.append(perf_counter() - begun)

    return transaction


def _organisation(stack: ExitStack, url: str, number: int) -> tuple[Engine, Services]:
    engine = connect(url)
    stack.callback(engine.dispose)
    services = settled(engine, number)
    with services.transaction() as session:
        initiatives.set_department_leads(session, TEAM, "Department 0", [lead_of(0)])
    return engine, services
