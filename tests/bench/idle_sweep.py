"""A sweep that finds nothing due, with few promises pending and with many."""

import gc
import tracemalloc
from dataclasses import dataclass
from statistics import median

from sqlalchemy import Engine, text

from storage.engine import connect
from tests.bench.bench import Bench
from tests.bench.databases import KINDS, tidy
from tests.bench.rows import Row, median_ms, median_ratio
from tests.bench.seeds import open_round, settled
from tests.factories import CALL_ON, MONDAY_9AM, TEAM
from workflows.services import Services
from workflows.sweep import sweep

_FEW = 10_000
_GROWTH_KB = 50  # counts as flat, over a thousand sweeps
_NUMBERS = {
    "postgresql": "generate_series(1, :most) AS n(i)",
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most)"
    " SELECT i FROM n) AS n",
}
_DUE_AT = {
    "postgresql": "CAST(:now AS timestamptz) + i * interval '1 second'",
    "sqlite": "datetime(:now, '+' || i || ' seconds') || '.000000'",
}


@dataclass(frozen=True)
class _Pending:
    """A database with so many promises for later."""

    number: int
    engine: Engine
    services: Services


def measure_idle_sweeps(bench: Bench) -> list[Row]:
    return [row for kind in KINDS for row in _measure(bench, kind)]


def _measure(bench: Bench, kind: str) -> list[Row]:
    few, many = (_pending(bench, kind, number) for number in (_FEW, bench.pick(1_000_000, 100_000)))
    taken = {
        pending.number: [_sweep_ms(bench, pending) for _ in range(bench.repetitions)]
        for pending in (few, many)
    }
    ratio = median_ratio(zip(taken[many.number], taken[few.number], strict=True))
    sweeps = bench.pick(1000, 200)
    growth = _growth_kb(many, sweeps)
    for pending in (few, many):
        pending.engine.dispose()
    reach = 1 if kind == "postgresql" else None
    return [
        *(
            Row(_name(kind, number), median(times), "ms", reach, at_most=True)
            for number, times in taken.items()
        ),
        Row(f"… the same at both sizes, {KINDS[kind]}", ratio, "×", 1.25, at_most=True),
        Row(f"… memory grown in {sweeps:,}, {KINDS[kind]}", growth, "kB", _GROWTH_KB, at_most=True),
    ]


def _name(kind: str, number: int) -> str:
    return f"sweep, nothing due of {number:,}, {KINDS[kind]}"


def _pending(bench: Bench, kind: str, number: int) -> _Pending:
    engine = connect(bench.databases.fresh(kind))
    services = settled(engine, initiatives=1)
    open_round(engine)
    promise = (
        "INSERT INTO promise"
        " (workspace_id, key, kind, period_on, subject_kind, subject_key, due_at, owed_at,"
        " clause, policy_version, state, reason, late_by_seconds, attempts) "
        "SELECT :team, 'prompt:' || i, 'prompt', :call_on, 'initiative', 'INI-00000', "
        f"{_DUE_AT[kind]}, {_DUE_AT[kind]}, 'round.prompt_working_days_before', 1, 'pending', '', "
        "0, 0 "
        f"FROM {_NUMBERS[kind]}"
    )
    # Each driver takes its own kind of instant and date.
    now = MONDAY_9AM if kind == "postgresql" else f"{MONDAY_9AM:%Y-%m-%d %H:%M:%S}"
    call_on = CALL_ON if kind == "postgresql" else f"{CALL_ON}"
    given = {"team": TEAM, "call_on": call_on, "now": now, "most": number}
    with engine.begin() as connection:
        connection.execute(text(promise), given)
    tidy(engine)
    return _Pending(number, engine, services)


def _sweep_ms(bench: Bench, pending: _Pending) -> float:
    assert sweep(pending.services) == 0
    return median_ms(lambda: sweep(pending.services), bench.pick(200, 50))


def _growth_kb(pending: _Pending, sweeps: int) -> float:
    """Return by how much what Python holds has grown after so many sweeps."""
    tracemalloc.start()
    for _ in range(50):
        sweep(pending.services)
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(sweeps):
        sweep(pending.services)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / 1000
