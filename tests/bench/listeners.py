"""What a listener more costs; Bolt would ask each, one after the other, whether it is meant."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from slack_bolt import Ack, App, BoltRequest

from bot.app import build_bolt
from bot.services import build_services
from bot.settings import Settings
from storage.engine import connect
from tests.bench.bench import Bench
from tests.bench.host import rollcall_of, workspaces_of
from tests.bench.payloads import command
from tests.bench.rows import Row, median_ratio
from tests.factories import MONDAY_9AM
from tests.fakes import FakeClock

_MANY = 150


def measure_listeners(bench: Bench) -> list[Row]:
    """Ask the last of one, of as many as we have and of a hundred, with no transport between."""
    settings = bench.settings(bench.databases.fresh("sqlite"))
    ours = count_ours(settings)
    taken = _throughputs(bench, settings, {1: [], ours: [], _MANY: []})
    apart = 1e6 * (1 / median(taken[_MANY]) - 1 / median(taken[1])) / (_MANY - 1)
    to_one = median_ratio(zip(taken[ours], taken[1], strict=True))
    many_to_one = median_ratio(zip(taken[_MANY], taken[1], strict=True))
    return [
        Row(f"no-op: our {ours} listeners, throughput to 1", to_one, "×", 0.8),
        Row(f"no-op: {_MANY} listeners, throughput to 1", many_to_one, "×", 0.8),
        Row("no-op: each listener more", apart, "µs"),
    ]


def count_ours(settings: Settings) -> int:
    engine = connect(settings.database_url)
    app = rollcall_of(build_services(engine, FakeClock(MONDAY_9AM)), settings)
    engine.dispose()
    return len(app._listeners)


def _throughputs(
    bench: Bench, settings: Settings, taken: dict[int, list[float]]
) -> dict[int, list[float]]:
    """Return for each number of listeners the requests a second of each repetition."""
    asks = {number: _asking(_with_listeners(settings, number)) for number in taken}
    times = bench.pick(500, 200)
    for ask in asks.values():
        _throughput(ask, times // 5)
    for _ in range(bench.repetitions):
        for number, ask in asks.items():
            taken[number].append(_throughput(ask, times))
    return taken


def _throughput(ask: Callable[[], Any], times: int) -> float:
    begun = perf_counter()
    for _ in range(times):
        ask()
    return times / (perf_counter() - begun)


def _with_listeners(settings: Settings, number: int) -> App:
    """Return an app in which the command asked for is the last one attached."""
    app = build_bolt(workspaces_of(settings))

    def do_nothing(ack: Ack) -> None:
        ack()

    for other in range(number - 1):
        register = (app.command, app.action, app.view)[other % 3]
        register(f"/other-{other}")(do_nothing)
    app.command("/ai-status")(do_nothing)
    return app


def _asking(app: App) -> Callable[[], None]:
    body = urlencode(command())

    def ask() -> None:
        response = app.dispatch(BoltRequest(body=body, mode="socket_mode"))
        assert response.status == 200, response.body

    return ask
