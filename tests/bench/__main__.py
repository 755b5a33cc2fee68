"""`python -m tests.bench [NAME …] [--quick]`: one table, and bench.json."""

import json
import os
import platform
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, redirect_stderr
from pathlib import Path
from time import perf_counter
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.table import Table

from bot.garbage import spare_what_is_loaded
from bot.logs import set_up_logs
from bot.settings import LogFormat, LogLevel
from tests.bench.bench import ROOT, Bench, start_stub
from tests.bench.commands import measure_commands, measure_many
from tests.bench.databases import Databases
from tests.bench.due_sweep import measure_due_sweeps
from tests.bench.growth import measure_growth
from tests.bench.history import measure_history
from tests.bench.idle_sweep import measure_idle_sweeps
from tests.bench.idle_tick import measure_idle_ticks
from tests.bench.listeners import measure_listeners
from tests.bench.outbox import measure_channels, measure_outbox
from tests.bench.process import measure_process
from tests.bench.registry import measure_registry
from tests.bench.rows import Row
from tests.bench.tls import measure_tls
from tests.bench.together import measure_together
from tests.bench.transports import SocketPeer

MEASUREMENTS: dict[str, Callable[[Bench], list[Row]]] = {
    "commands": measure_commands,
    "many": measure_many,
    "together": measure_together,
    "listeners": measure_listeners,
    "tls": measure_tls,
    "idle": measure_idle_sweeps,
    "tick": measure_idle_ticks,
    "due": measure_due_sweeps,
    "outbox": measure_outbox,
    "channels": measure_channels,
    "process": measure_process,
    "history": measure_history,
    "growth": measure_growth,
    "registry": measure_registry,
}
console = Console(width=120)


def main(
    names: Annotated[list[str] | None, typer.Argument(help=" · ".join(MEASUREMENTS))] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer, smaller: under 90 s.")] = False,
) -> None:
    """Measure, print one table and write bench.json; what was not reached stands there, too."""
    if unknown := set(names or ()) - set(MEASUREMENTS):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: {' · '.join(MEASUREMENTS)}")
    with ExitStack() as stack:
        bench = build_bench(stack, quick=quick)
        console.print(machine_facts(bench), highlight=False)
        rows = [row for name in names or MEASUREMENTS for row in run(name, bench)]
    console.print(table_of(rows))
    write_json(rows, ROOT / "bench.json")


def build_bench(stack: ExitStack, *, quick: bool) -> Bench:
    """Start what the measurements share; it ends with the stack."""
    # The server opens the folders above its data to its own user: keep to the temporary one.
    folder = Path(
        stack.enter_context(
            tempfile.TemporaryDirectory(prefix="rollcall-bench-", ignore_cleanup_errors=True)
        )
    )
    log_to(stack.enter_context((folder / "bench.log").open("w", encoding="utf-8")))
    databases = Databases(folder)
    stack.callback(databases.stop)
    peer = SocketPeer()
    stack.callback(peer.stop)
    spare_what_is_loaded()  # as `rollcall serve` does
    return Bench(folder, databases, peer, start_stub(stack, peer.url), quick)


def log_to(file: TextIO) -> None:
    """Log as `rollcall serve` does, which is part of what things cost, but to a file."""
    with redirect_stderr(file):
        set_up_logs(LogLevel.INFO, LogFormat.CONSOLE)


def run(name: str, bench: Bench) -> list[Row]:
    begun = perf_counter()
    with console.status(f"measuring {name} …"):
        rows = MEASUREMENTS[name](bench)
    console.print(f"{name}: {perf_counter() - begun:.0f} s", style="dim", highlight=False)
    return rows


def machine_facts(bench: Bench) -> str:
    return (
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} · Python "
        f"{platform.python_version()} · PostgreSQL {bench.databases.server_facts()} · "
        f"SQLite {sqlite3.sqlite_version}, WAL, synchronous FULL"
        f"{' · quick' if bench.quick else ''}"
    )


def table_of(rows: list[Row]) -> Table:
    table = Table("measured", "value", "unit", "to reach", "held")
    for column in table.columns[1:2] + table.columns[3:4]:
        column.justify = "right"
    for row in rows:
        bound = "≤" if row.at_most else "≥"
        reach = "" if row.reach is None else f"{bound} {row.reach:g}"
        held = {True: "yes", False: "[bold red]no[/]", None: ""}[row.held]
        table.add_row(
            row.name,
            f"{row.value:,.3g}" if row.value < 100 else f"{row.value:,.0f}",
            row.unit,
            reach,
            held,
        )
    return table


def write_json(rows: list[Row], file: Path) -> None:
    told = [
        {"name": r.name, "value": r.value, "unit": r.unit, "reach": r.reach, "held": r.held}
        for r in rows
    ]
    file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
