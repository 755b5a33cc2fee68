"""Runs the sweep so that one promise that can't be settled stops no other."""

import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot import metrics
from workflows.heartbeat import TOLD_AFTER, begin_sweep, end_sweep, last_sweep, tell_standstill
from workflows.services import Services
from workflows.sweep import due_keys, note_failure, sweep_batch, sweep_one

_log = structlog.get_logger("rollcall.sweep")


def sweep_due(services: Services) -> int:
    """Settle what is due and return how many promises were looked at; beat when it went through."""
    begin_sweep(services)
    count = 0
    while batch := _sweep_batch(services):
        count += batch
    end_sweep(services)
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
    """Looks beside the sweep whether it goes through, on whichever replica.

    It counts seconds of a clock that only goes forward: one that jumped is no standstill.
    """

    def __init__(
        self,
        services: Services,
        told_after: timedelta = TOLD_AFTER,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._told_after, self._seconds = told_after, seconds
        self._seen, self._since = last_sweep(services), seconds()

    def look(self) -> bool:
        """Have a long standstill told; return whether there is one."""
        last = last_sweep(self._services)
        if last is None or self._seen is None or last.beat_at != self._seen.beat_at:
            self._seen, self._since = last, self._seconds()
            return False
        if self._seconds() - self._since <= self._told_after.total_seconds():
            return False
        tell_standstill(self._services, last)
        _log.error("sweep_stands_still", since=last.beat_at.isoformat())
        return True
