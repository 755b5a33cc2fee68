"""The ticks: one line for each job. What is due, and whether it was done, is in our tables."""

from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.jobs.delivery import Courier, deliver_due
from bot.jobs.heartbeat_url import Heart
from bot.jobs.inventory_files import work_on_files
from bot.jobs.sweeping import sweep_due
from bot.jobs.ticking import guarded
from bot.people import read_stalest
from bot.receiving.inbox import Inbox
from handlers.pictures.picturing import prepare_drawing

_TOLERANCE = timedelta(seconds=1)  # a job may be planned while it is looked at


class Every(BaseTrigger):  # type: ignore[misc]  # it has no types
    """Fires a while after it last did.

    APScheduler's own trigger counts through every time that was missed: a clock that was set
    from 1970 to today would keep it counting for hours.
    """

    def __init__(self, seconds: float) -> None:
        self.interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return the next time, seen from now."""
        return now + self.interval


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
        scheduler.add_job(guarded(job, name), Every(seconds), id=name)

    every(tick_seconds, lambda: sweep_due(services, workspace_id), "sweep")
    every(tick_seconds, lambda: deliver_due(courier), "delivery")
    every(tick_seconds, lambda: work_on_files(services, courier.client, workspace_id), "files")
    every(10, inbox.resume, "inbox")
    every(60, lambda: read_stalest(services, courier.client, workspace_id), "people")
    every(60, lambda: heart.beat(services, workspace_id), "heartbeat")
    every(3600, inbox.forget, "retention")
    every(60, prepare_drawing, "drawing")  # once: the next times it finds all imported
    return scheduler


def replan(scheduler: BackgroundScheduler, now: datetime) -> None:
    """Bring forward what a wall clock that was set back has put off.

    APScheduler plans by the wall clock, whatever clock the bot lives by: no job is ever due later
    than its interval from `now`, unless it was planned when the clock was ahead.
    """
    for job in scheduler.get_jobs():
        if job.next_run_time > now + job.trigger.interval + _TOLERANCE:
            job.modify(next_run_time=now)
