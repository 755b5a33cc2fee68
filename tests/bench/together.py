"""Sixteen people at once, each on a connection of their own: how long one of them waits.

They open the form and file it in turn, as fast as they are answered; over signed HTTP, since a
socket hands one payload at a time to the stub's single connection.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median

from tests.bench.bench import Bench
from tests.bench.commands import organisation
from tests.bench.databases import KINDS
from tests.bench.payloads import command, submission
from tests.bench.rows import Row, milliseconds
from tests.bench.transports import HttpTransport, Transport

_PEOPLE = 16


def measure_together(bench: Bench) -> list[Row]:
    rows: list[Row] = []
    for kind, name in KINDS.items():
        with ExitStack() as stack:
            url = bench.databases.fresh(kind)
            organisation(stack, url, _PEOPLE * 100)
            first = bench.start_host(stack, url, "rollcall", "http")
            assert isinstance(first, HttpTransport)
            transports = [HttpTransport(first.address) for _ in range(_PEOPLE)]
            _all_ask(transports, 3, start=0)
            taken = _all_ask(transports, bench.pick(40, 8), start=3)
        where = f"{_PEOPLE} people at once, HTTP, {name}"
        for what, times in taken.items():
            worst = sorted(times)[-max(1, len(times) // 100)]
            rows.append(Row(f"{what}, {where}: p50", median(times), "ms", 150, at_most=True))
            rows.append(Row("… p99", worst, "ms", 500, at_most=True))
    return rows


def _all_ask(
    transports: list[Transport] | list[HttpTransport], times: int, start: int
) -> dict[str, list[float]]:
    """Return how long each answer took (ms), by what was asked."""

    def ask(person: int) -> list[tuple[float, float]]:
        numbers = [person * 100 + start + time for time in range(times)]
        return [_open_and_file(transports[person], number) for number in numbers]

    with ThreadPoolExecutor(_PEOPLE) as pool:
        taken = [pair for pairs in pool.map(ask, range(_PEOPLE)) for pair in pairs]
    return {
        "/ai-status": [opened for opened, _ in taken],
        "submission": [filed for _, filed in taken],
    }


def _open_and_file(transport: Transport, number: int) -> tuple[float, float]:
    opening = command(number=number) | {"trigger_id": f"1.{number}.abc"}
    opened = milliseconds(lambda: transport.ask("slash_commands", opening))
    return opened, milliseconds(lambda: transport.ask("interactive", submission(number)))
