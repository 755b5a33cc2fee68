"""The registry at size: imports, the slip cascade, overlaps and search."""

import csv
import json
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from bot.services import build_services
from storage.engine import connect
from tests.bench.bench import ROOT, Bench
from tests.bench.databases import KINDS
from tests.bench.rows import Row, median_ms, median_ratio, milliseconds
from tests.factories import MONDAY_9AM, TEAM
from tests.overlaps.methods import read_pairs
from workflows.registry.cascade import Commitment, Graph, Need
from workflows.registry.facts import checked
from workflows.registry.listing import ListKind, Wanted, list_page
from workflows.registry.look_alikes import find_look_alikes
from workflows.services import Actor

_DEPARTMENTS = 42
_START = date(2027, 1, 1)
_ACTOR = Actor(TEAM, "bench")


def measure_registry(bench: Bench) -> list[Row]:
    rows = _cascade(bench)
    for kind in KINDS:
        rows += _reading(bench, kind)
        rows += _importing(bench, kind, 2133)
    return rows + _importing(bench, "sqlite", bench.pick(100_000, 5_000))


def write_inventory(file: Path, count: int) -> Path:
    """Write an inventory of so many rows, of the texts that people wrote into a real one."""
    sides = [side for pair in read_pairs() for side in (pair.a, pair.b)]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Use Case Name", "Agency", "Purpose", "Stage", "Date Initiated"])
        for number in range(count):
            side = sides[number % len(sides)]
            day = f"{number % 12 + 1}/{number % 28 + 1}/2026"
            department = f"Department {number % _DEPARTMENTS}"
            writer.writerow([f"{side.name} {number}", department, side.purpose, "Pilot", day])
    return file


def _importing(bench: Bench, kind: str, count: int) -> list[Row]:
    """Import in a process of its own, whose memory is nobody else's."""
    file = write_inventory(bench.folder / f"inventory-{count}.csv", count)
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.taking", str(file), bench.databases.fresh(kind)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    taken = json.loads(done.stdout.splitlines()[-1])
    name = f"import of {count:,} rows, {KINDS[kind]}"
    return [
        Row(name, taken["rows_a_second"], "rows/s"),
        Row(f"{name}: the same again", taken["again_a_second"], "rows/s"),
        Row(f"{name}: memory at most", taken["megabytes"], "MB"),
    ]


def _cascade(bench: Bench) -> list[Row]:
    nodes, edges = bench.pick(10_000, 1_000), bench.pick(50_000, 5_000)
    drawn = random.Random(20261123)
    commitments = {
        f"N{number}": Commitment(day, day)
        for number in range(nodes)
        for day in [_START + timedelta(days=number // 20)]
    }
    needs = []
    for _ in range(edges):
        first, second = sorted(drawn.sample(range(nodes), 2))
        by = _START + timedelta(days=first // 20 + drawn.randint(0, 3))
        needs.append(Need(f"N{second}", f"N{first}", by))
    graph = Graph(commitments, needs)
    late = _START + timedelta(days=30)
    moved = {"N0": Commitment(_START, late)}  # everything else is later
    pairs = [
        (
            milliseconds(lambda: graph.cascade(moved)),
            milliseconds(lambda: graph.downstream(graph.commitments)),
        )
        for _ in range(bench.repetitions)
    ]
    name = f"slip cascade, {nodes:,} commitments, {edges:,} needs"
    return [
        Row(name, median(whole for whole, _ in pairs), "ms", reach=500, at_most=True),
        Row(f"{name}, of a bare walk of all", median_ratio(pairs), "×"),
    ]


def _reading(bench: Bench, kind: str) -> list[Row]:
    url = bench.databases.fresh(kind)
    file = write_inventory(bench.folder / f"registry-{kind}.csv", 3000)
    subprocess.run(
        [sys.executable, "-m", "tests.bench.taking", str(file), url, "--once"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    engine = connect(url)
    services = build_services(engine, lambda: MONDAY_9AM)
    facts = checked(
        {
            "name": "Invoice check",
            "department": "Finance",
            "stage": "proposed",
            "objective": "Finds duplicate invoices with optical character recognition",
        }
    )

    def find(words: str) -> float:
        wanted = Wanted(ListKind.FIND, words)
        return median_ms(lambda: list_page(services, _ACTOR, wanted), bench.repetitions)

    rows = [
        Row(
            f"overlaps of one entry among 3,000, {KINDS[kind]}",
            median_ms(lambda: find_look_alikes(services, _ACTOR, facts), bench.repetitions),
            "ms",
        ),
        Row(f"find in 3,000, {KINDS[kind]}", find("legal research"), "ms"),
        Row(f"find in 3,000, misspelled, {KINDS[kind]}", find("leagl reserch"), "ms"),
    ]
    engine.dispose()
    return rows
