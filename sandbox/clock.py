"""The workspace's clock: the machine's, moved by whoever rehearses."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


def machine_timestamp() -> float:
    """Return the seconds since 1970 by the machine's clock."""
    return datetime.now(UTC).timestamp()


class SandboxClock:
    """Runs at the machine's pace, `offset` ahead of it.

    The offset is written to `file` as {"offset_seconds": float} whenever it changes; a bot
    started with CLOCK_FILE set to that path lives by the same time.
    """

    def __init__(self, file: Path | None = None, *, start_at: datetime | None = None) -> None:
        self._file = file
        self.offset = timedelta(0) if start_at is None else start_at - datetime.now(UTC)
        self._write()

    def now(self) -> datetime:
        """Return the workspace's present, an aware UTC instant."""
        return datetime.now(UTC) + self.offset

    def move_to(self, instant: datetime) -> None:
        """Set the present; the clock runs on from there. It may step back, as real clocks do."""
        self.offset = instant - datetime.now(UTC)
        self._write()

    def _write(self) -> None:
        if self._file is None:
            return
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps({"offset_seconds": self.offset.total_seconds()}))
        os.replace(fresh, self._file)  # a reader sees the old offset or the new one, never half
