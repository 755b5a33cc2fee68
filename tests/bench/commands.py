"""`/ai-status` and its submission against listeners that do next to nothing.

On each transport and database: repetitions of a block of requests, one after the other, on the
product and on the bare app in turn. A ratio is the bare app's median latency over the product's:
1.0 would be as fast as the bare one.

What the product sends after its answer (the App Home, changed messages) waits in the outbox: the
delivery runs elsewhere and is measured by itself.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from sqlalchemy import Engine, text

from storage.engine import connect
from tests.bench.bench import Bench
from tests.bench.databases import KINDS
from tests.bench.payloads import command, submission
from tests.bench.rows import Row, median_ratio, milliseconds
from tests.bench.seeds import filed_weeks, promised, settled
from tests.bench.transports import Json, Transport
from tests.factories import CALL_ON, MONDAY_9AM

TRANSPORTS = {"socket": "Socket Mode", "http": "HTTP"}
# Kinds of requests, by the names they have in the table.
OPENED, FILED = "/ai-status", "submission"
NOTHING, COMMIT, COMMIT_VIEW = "no-op", "no-op + commit", "no-op view + commit"
COMMIT_AND_OPEN = "no-op + commit + views.open"
_USUAL, _MANY = 100, 1000  # initiatives of an ordinary organisation, and of a very large one
_POLLING_MS = 10  # Bolt's step where it waits for ack() in a thread


@dataclass(frozen=True)
class Request:
    """One kind of request, asked by a number."""

    ask: Callable[[int], object]


def measure_commands(bench: Bench) -> list[Row]:
    return [
        row
        for transport in TRANSPORTS
        for kind in KINDS
        for row in _measure_transport(bench, transport, kind)
    ]


def measure_many(bench: Bench) -> list[Row]:
    """Measure how the command and the submission take to ten times as many initiatives."""
    rows = []
    for kind, name in list(KINDS.items())[: bench.pick(2, 1)]:
        with ExitStack() as stack:
            url = bench.databases.fresh(kind)
            engine = organisation(stack, url, _MANY)
            transport = bench.start_host(stack, url, "rollcall", "socket")
            taken = _blocks(bench, engine, _ours(transport), bench.pick(6, 2))
        where = f"Socket Mode, {name}, {_MANY:,} initiatives"
        rows += [Row(f"{what}, {where}", median(times), "ms") for what, times in taken.items()]
    return rows


def _measure_transport(bench: Bench, transport: str, kind: str) -> list[Row]:
    with ExitStack() as stack:
        url = bench.databases.fresh(kind)
        engine = organisation(stack, url, _USUAL)
        ours = bench.start_host(stack, url, "rollcall", transport)
        bare = bench.start_host(stack, bench.databases.fresh(kind), "bare", transport)
        requests = _ours(ours) | _bare(bare)
        taken = _blocks(bench, engine, requests, bench.pick(25, 6))
    return _rows(f"{TRANSPORTS[transport]}, {KINDS[kind]}", taken)


def _rows(where: str, taken: dict[str, list[float]]) -> list[Row]:
    def ratio(bare: str, ours: str, reach: float) -> Row:
        value = median_ratio(zip(taken[bare], taken[ours], strict=True))
        return Row(f"{ours} to {bare}, {where}", value, "×", reach)

    def latency(name: str) -> Row:
        return Row(f"{name}, {where}", median(taken[name]), "ms")

    ack = f"{NOTHING}, its ack (no polling), {where}"
    return [
        ratio(COMMIT, OPENED, 0.35),
        ratio(COMMIT_AND_OPEN, OPENED, 0.6),
        ratio(COMMIT_VIEW, FILED, 0.35),
        *(latency(name) for name in (OPENED, FILED, COMMIT, COMMIT_AND_OPEN)),
        Row(ack, median(taken[NOTHING]), "ms", _POLLING_MS, at_most=True),
    ]


def _ours(transport: Transport) -> dict[str, Request]:
    return {
        OPENED: Request(lambda number: _open(transport, number)),
        FILED: Request(lambda number: _file(transport, number)),
    }


def _bare(transport: Transport) -> dict[str, Request]:
    def run(name: str) -> Request:
        return Request(lambda _: transport.ask("slash_commands", command(name=name)))

    return {
        NOTHING: run("/nothing"),
        COMMIT: run("/ai-status"),
        COMMIT_AND_OPEN: run("/commit-and-open"),
        COMMIT_VIEW: Request(lambda number: transport.ask("interactive", submission(number))),
    }


def _blocks(
    bench: Bench, engine: Engine, requests: dict[str, Request], size: int
) -> dict[str, list[float]]:
    """Return for each kind of request the median latency (ms) of each repetition."""
    for request in requests.values():
        _block(engine, request, 6)  # from the fifth on statements are prepared
    taken: dict[str, list[float]] = {name: [] for name in requests}
    for _ in range(bench.repetitions):
        for name, request in requests.items():
            taken[name].append(_block(engine, request, size))
    return taken


def _block(engine: Engine, request: Request, size: int) -> float:
    _begin_anew(engine)
    times = []
    for number in range(size):
        times.append(milliseconds(lambda number=number: request.ask(number)))  # type: ignore[misc]
    return median(times)


def organisation(stack: ExitStack, url: str, initiatives: int) -> Engine:
    """Store initiatives with last week's updates, and a round in which nobody filed yet."""
    engine = connect(url)
    stack.callback(engine.dispose)
    settled(engine, initiatives)
    filed_weeks(engine, initiatives, weeks=2)
    for kind in ("prompt", "reminder"):
        promised(engine, kind, initiatives, MONDAY_9AM)
    return engine


def _begin_anew(engine: Engine) -> None:
    """Forget what was filed in the present round, so that each submission is a first one."""
    with engine.begin() as connection:
        connection.execute(text('DELETE FROM "update" WHERE call_on = :on'), {"on": str(CALL_ON)})
        connection.execute(text("UPDATE promise SET state = 'pending', settled_at = NULL"))
        for table in ("inbox_item", "notification"):
            connection.execute(text(f"DELETE FROM {table}"))


def _open(transport: Transport, number: int) -> None:
    said = transport.ask("slash_commands", command(number=number))
    assert said is None, said  # an empty answer: the form is open


def _file(transport: Transport, number: int) -> None:
    said: Json = transport.ask("interactive", submission(number))
    assert said["response_action"] == "update" and "Filed: *" in str(said["view"]), said
