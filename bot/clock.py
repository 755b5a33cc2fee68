"""The one place that reads the clock."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path


def utc_now() -> datetime:
    """Return the current instant, in UTC."""
    return datetime.now(UTC)


def rehearsal_clock(file: Path) -> Callable[[], datetime]:
    """Return a clock that runs {"offset_seconds": float} ahead of the machine's.

    Whoever rehearses writes the file, by replacing it whole, and may do so at any time.
    """

    def now() -> datetime:
        offset = json.loads(file.read_text())["offset_seconds"]
        return utc_now() + timedelta(seconds=offset)

    return now
