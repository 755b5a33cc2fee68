from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.acceptance.rig import Rig, build_rig

FRIDAY = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # before anybody is asked for the next call


@pytest.fixture
def rig(tmp_path: Path, database_url: str) -> Iterator[Rig]:
    """A workspace with a company, an empty database, and no bot yet."""
    rig, server = build_rig(tmp_path, database_url, FRIDAY)
    with server:
        yield rig
        try:
            rig.check_silence()
        finally:
            rig.stop()
