"""`rollcall serve` as it is started in earnest: how soon it answers, and how much it holds."""

import os
import subprocess
import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from bot.clock import utc_now
from storage.engine import connect
from tests.bench.bench import ROOT, Bench
from tests.bench.payloads import command
from tests.bench.rows import Row
from tests.bench.seeds import open_round, settled
from tests.bench.transports import SocketTransport

_INITIATIVES = 20
_FEW, _DRAWING_SECONDS = 500, 75
_TEXTS = ("", "missing", "show", "help")


def measure_process(bench: Bench) -> list[Row]:
    starts = []
    for _ in range(bench.repetitions):
        with ExitStack() as stack:
            starts.append(_start(bench, stack)[2])
    with ExitStack() as stack:
        pid, transport, _ = _start(bench, stack)
        rows = _memory(pid, transport, bench.pick(10_000, 500))
    return [
        Row("CPU of `rollcall --help`", _help_seconds(bench), "s", 0.5, at_most=True),
        Row("cold start to the first answer, SQLite", median(starts), "s", 1.5, at_most=True),
        *rows,
    ]


def _help_seconds(bench: Bench) -> float:
    taken = []
    for _ in range(bench.repetitions):
        before = os.times()
        command = [sys.executable, "-m", "bot", "--help"]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        after = os.times()
        spent = after.children_user + after.children_system
        taken.append(spent - before.children_user - before.children_system)
    return median(taken)


def _start(bench: Bench, stack: ExitStack) -> tuple[int, SocketTransport, float]:
    """Start the bot on a database of its own; return its pid, its transport and the seconds."""
    url = bench.databases.fresh("sqlite")
    engine = connect(url)
    now = utc_now()
    settled(engine, _INITIATIVES, now)
    call_at = now + timedelta(days=2)
    open_round(engine, call_at.date(), call_at)
    engine.dispose()
    begun = perf_counter()
    process = bench.start(stack, url, "bot", "serve")
    transport = bench.peer.next_transport()
    transport.ask("slash_commands", command("help"))
    return process.pid, transport, perf_counter() - begun


def _memory(pid: int, transport: SocketTransport, commands: int) -> list[Row]:
    settled_mb, begun = 0.0, perf_counter()
    # What draws is imported a minute after the start, once: fifty megabytes that are no growth.
    while commands > _FEW and perf_counter() - begun < _DRAWING_SECONDS:
        transport.ask("slash_commands", command(_TEXTS[0], 0))
    for number in range(commands):
        transport.ask("slash_commands", command(_TEXTS[number % 4], number % _INITIATIVES))
        if number == commands // 10:
            settled_mb = resident_mb(pid)
    now_mb = resident_mb(pid)
    return [
        Row(f"resident memory after {commands:,} commands", now_mb, "MB"),
        Row("… grown since the first tenth of them", now_mb - settled_mb, "MB"),
    ]


def resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    found = next(line for line in lines if line.startswith("VmRSS:"))
    return int(found.split()[1]) / 1024
