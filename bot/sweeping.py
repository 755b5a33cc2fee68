"""Runs the sweep so that one promise that can't be settled stops no other."""

import structlog

from bot import metrics
from workflows.heartbeat import begin_sweep, end_sweep, last_sweep, tell_standstill
from workflows.services import Services
from workflows.sweep import due_keys, note_failure, sweep_batch, sweep_one

_log = structlog.get_logger("rollcall.sweep")


def sweep_due(services: Services, workspace_id: str) -> int:
    """Settle what is due and return how many promises were looked at; beat when it went through."""
    begin_sweep(services, workspace_id)
    count = 0
    while batch := _sweep_batch(services):
        count += batch
    end_sweep(services, workspace_id)
    return count


def _sweep_batch(services: Services) -> int:
    with metrics.SWEEP_SECONDS.time():
        try:
            return sweep_batch(services)
        except Exception:  # noqa: BLE001  (the boundary: which one it is, is found out)
            _log.exception("sweep_failed")
    _sweep_each(services)
    return 0  # what could not be settled is put off; the next tick goes on


def _sweep_each(services: Services) -> None:
    """Settle what is due one by one; what raises again is put off, and told in the end."""
    for workspace_id, key in due_keys(services):
        try:
            sweep_one(services, workspace_id, key)
        except Exception as error:  # noqa: BLE001  (the boundary: the others are settled all the same)
            metrics.FAILURES.labels("sweep").inc()
            _log.exception("promise_failed", workspace=workspace_id, key=key)
            note_failure(services, workspace_id, key, type(error).__name__)


class Watch:
    """Looks beside the sweep whether it goes through, on whichever replica."""

    def __init__(self, services: Services, workspace_id: str) -> None:
        self._services, self._workspace_id = services, workspace_id
        self._seen = last_sweep(services, workspace_id)

    def look(self) -> None:
        """Tell of a standstill that lasts since the last look: a clock that jumped is none."""
        before, self._seen = self._seen, last_sweep(self._services, self._workspace_id)
        if before is None or self._seen is None or before.beat_at != self._seen.beat_at:
            return
        if since := tell_standstill(self._services, self._workspace_id):
            _log.error("sweep_stands_still", since=since.isoformat())
