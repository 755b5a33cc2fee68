"""`python -m tests.bench.taking FILE URL [--once]`: imports an inventory and says what it took."""

import json
import resource
import sys
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter

from bot.services import build_services
from storage.engine import connect
from tests.factories import TEAM, a_policy
from workflows import policies
from workflows.inventory.mapping import map_of, match_columns, order_of
from workflows.inventory.run import Source, take_inventory
from workflows.services import Actor
from workflows.tables.reading import open_table

_NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def main(file: Path, url: str, *, once: bool) -> None:
    """Import the file, and again; the last line that is printed is JSON."""
    engine = connect(url)
    services = build_services(engine, lambda: _NOW)
    policies.adopt(services, TEAM, "Bench", a_policy())
    table = open_table(file)
    sample = [row.cells for row in islice(table.rows(), 2000)]
    map_ = map_of([one for one in match_columns(table.headings, sample) if one.is_sure])
    source = Source(table, map_, order_of(map_, table.headings, sample), file.name)
    speeds = []
    for _ in range(1 if once else 2):
        begun = perf_counter()
        report = take_inventory(services, Actor(TEAM, "bench"), source)
        speeds.append((report.new + report.same) / (perf_counter() - begun))
    engine.dispose()
    told = {
        "rows_a_second": speeds[0],
        "again_a_second": speeds[-1],
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(f"\n{json.dumps(told)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], once="--once" in sys.argv)
