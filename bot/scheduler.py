"""The ticks: one line for each job. What is due, and whether it was done, is in our tables."""

from collections.abc import Callable

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot import metrics
from bot.delivery import Courier, deliver_due
from bot.heartbeat_url import Heart
from bot.inbox import Inbox
from bot.inventory_files import work_on_files
from bot.people import read_stalest
from bot.sweeping import Watch, sweep_due
from handlers.picturing import prepare_drawing
from workflows.errors import SchemaMovedError

_log = structlog.get_logger("rollcall.scheduler")


def build_scheduler(
    courier: Courier, inbox: Inbox, heart: Heart, tick_seconds: float
) -> BackgroundScheduler:
    """Return the scheduler, not started; every replica runs all of it."""
    services, workspace_id = courier.services, courier.workspace_id
    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )

    def every(seconds: float, job: Callable[[], object], name: str) -> None:
        scheduler.add_job(_guarded(job, name), "interval", seconds=seconds, id=name)

    every(tick_seconds, lambda: sweep_due(services, workspace_id), "sweep")
    every(tick_seconds, lambda: deliver_due(courier), "delivery")
    every(tick_seconds, lambda: work_on_files(services, courier.client, workspace_id), "files")
    every(10, inbox.resume, "inbox")
    every(60, lambda: read_stalest(services, courier.client, workspace_id), "people")
    every(60, Watch(services, workspace_id).look, "watch")
    every(60, lambda: heart.beat(services, workspace_id), "heartbeat")
    every(3600, inbox.forget, "retention")
    every(60, prepare_drawing, "drawing")  # once: the next times it finds all imported
    return scheduler


def _guarded(job: Callable[[], object], name: str) -> Callable[[], None]:
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
