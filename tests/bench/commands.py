"""`/ai-status` and its submission against listeners that do next to nothing.

Each road and database: three repetitions or more of a block of requests, one after the other, on
the product and on the bare app in turn; a ratio is bare median latency over the product's, so
1.0 would be as fast as the bare one.

The submissions come back to back: what the product does after its answer (it brings the App Home
up to date) competes with the next one's, as it would on a busy day.
"""

from collections.abc import Callable
from contextlib import ExitStack
from statistics import median

from sqlalchemy import Engine, text

from storage.engine import connect
from storage.models import PromiseKind
from tests.bench.bench import Bench
from tests.bench.databases import KINDS
from tests.bench.payloads import command, submission
from tests.bench.roads import Json, Road
from tests.bench.rows import Row, median_ratio, milliseconds
from tests.bench.seeds import filed_weeks, promised, settled
from tests.factories import CALL_ON, MONDAY_9AM

ROADS = {"socket": "Socket Mode", "http": "HTTP"}
_USUAL = 100  # initiatives of an ordinary organisation
_MANY = 1000
_WARM_UP = 12  # requests; from the fifth on statements are prepared
_POLLING_MS = 10  # Bolt's step where it waits for ack() in a thread

Ask = Callable[[int], object]  # sends the request of one number


def measure_commands(bench: Bench) -> list[Row]:
    """Row 1 of the plan, with the no-op's ack."""
    return [
        row for road in ROADS for kind in KINDS for row in _measure_road(bench, road, kind, _USUAL)
    ]


def measure_many_initiatives(bench: Bench) -> list[Row]:
    """Measure how the command and the submission take to ten times as many initiatives."""
    rows = []
    for kind, name in KINDS.items():
        with ExitStack() as stack:
            url = bench.databases.fresh(kind)
            engine = _organisation(url, _MANY)
            stack.callback(engine.dispose)
            road = bench.start_host(stack, url, "rollcall", "socket")
            taken = _blocks(bench, engine, {"opened": _open(road), "filed": _file(road)})
        where = f"Socket Mode, {name}, {_MANY:,} initiatives"
        rows.append(Row(f"/ai-status, {where}", median(taken["opened"]), "ms"))
        rows.append(Row(f"submission, {where}", median(taken["filed"]), "ms"))
    return rows


def _measure_road(bench: Bench, road: str, kind: str, initiatives: int) -> list[Row]:
    with ExitStack() as stack:
        url = bench.databases.fresh(kind)
        engine = _organisation(url, initiatives)
        stack.callback(engine.dispose)
        ours = bench.start_host(stack, url, "rollcall", road)
        bare = bench.start_host(stack, bench.databases.fresh(kind), "bare", road)
        taken = _blocks(
            bench,
            engine,
            {
                "opened": _open(ours),
                "filed": _file(ours),
                "nothing": lambda _: bare.ask("slash_commands", command(name="/nothing")),
                "commit": lambda _: bare.ask("slash_commands", command()),
                "commit view": lambda n: bare.ask("interactive", submission(n)),
                "commit open": lambda _: bare.ask(
                    "slash_commands", command(name="/commit-and-open")
                ),
            },
        )
    return _rows(f"{ROADS[road]}, {KINDS[kind]}", taken)


def _rows(where: str, taken: dict[str, list[float]]) -> list[Row]:
    def ratio(bare: str, ours: str) -> float:
        return median_ratio(zip(taken[bare], taken[ours], strict=True))

    return [
        Row(f"/ai-status to a no-op that commits: {where}", ratio("commit", "opened"), "×", 0.5),
        Row(
            f"/ai-status to one that also opens a form: {where}",
            ratio("commit open", "opened"),
            "×",
        ),
        Row(
            f"submission to a no-op that commits: {where}", ratio("commit view", "filed"), "×", 0.5
        ),
        Row(f"/ai-status, form opened: {where}", median(taken["opened"]), "ms"),
        Row(f"submission, filed: {where}", median(taken["filed"]), "ms"),
        Row(f"no-op that commits: {where}", median(taken["commit"]), "ms"),
        Row(
            f"no-op's ack, no polling: {where}",
            median(taken["nothing"]),
            "ms",
            _POLLING_MS,
            at_most=True,
        ),
    ]


def _blocks(bench: Bench, engine: Engine, asks: dict[str, Ask]) -> dict[str, list[float]]:
    """Return for each kind of request the median latency (ms) of each repetition."""
    size = bench.pick(40, 20)
    for ask in asks.values():
        _block(engine, ask, _WARM_UP)
    taken: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(bench.repetitions):
        for name, ask in asks.items():
            taken[name].append(_block(engine, ask, size))
    return taken


def _block(engine: Engine, ask: Ask, size: int) -> float:
    _begin_anew(engine)
    return median(milliseconds(lambda n=number: ask(n)) for number in range(size))  # type: ignore[misc]


def _organisation(url: str, initiatives: int) -> Engine:
    """Store initiatives with last week's updates, and a round in which nobody filed yet."""
    engine = connect(url)
    settled(engine, initiatives)
    filed_weeks(engine, initiatives, weeks=2)
    for kind in (PromiseKind.PROMPT, PromiseKind.REMINDER):
        promised(engine, kind, initiatives, MONDAY_9AM)
    return engine


def _begin_anew(engine: Engine) -> None:
    """Forget what was filed in the present round, so that each submission is a first one."""
    with engine.begin() as connection:
        connection.execute(text('DELETE FROM "update" WHERE call_on = :on'), {"on": CALL_ON})
        connection.execute(text("UPDATE promise SET state = 'pending', settled_at = NULL"))


def _open(road: Road) -> Ask:
    def ask(number: int) -> None:
        said = road.ask("slash_commands", command(number=number))
        assert said is None, said  # an empty answer: the form is open

    return ask


def _file(road: Road) -> Ask:
    def ask(number: int) -> None:
        said: Json = road.ask("interactive", submission(number))
        assert said["response_action"] == "update" and "is filed" in str(said["view"]), said

    return ask
