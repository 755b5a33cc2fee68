"""Small jobs in threads of their own: what looks after the scheduler can't live in it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from bot import metrics
from workflows.errors import SchemaMovedError

_log = structlog.get_logger("rollcall.scheduler")
_PATIENCE_SECONDS = 5  # for a job that is under way when all ends


def guarded(job: Callable[[], object], name: str) -> Callable[[], None]:
    """Return the job with its errors counted and logged; the next tick tries again."""

    def run() -> None:
        try:
            job()
        except SchemaMovedError:
            _log.warning("outdated", job=name)
        except Exception:  # noqa: BLE001  (the boundary of what nobody waits for)
            metrics.FAILURES.labels(name).inc()
            _log.exception("job_failed", job=name)

    return run


@contextmanager
def ticking(name: str, seconds: float, job: Callable[[], object]) -> Iterator[None]:
    """Run a job every so many seconds for as long as the block runs.

    It waits by the monotonic clock: a wall clock that is set back or forth changes nothing.
    """
    told_to_end = threading.Event()
    work = guarded(job, name)

    def run() -> None:
        while not told_to_end.wait(seconds):
            work()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        told_to_end.set()
        thread.join(_PATIENCE_SECONDS)
