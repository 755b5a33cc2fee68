"""The ticks: one line for each job. What is due, and whether it was done, is in our tables."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.jobs.delivery import deliver_everywhere
from bot.jobs.heartbeat_url import Heart
from bot.jobs.inventory_files import work_on_files
from bot.jobs.sealing import seal_everywhere
from bot.jobs.sweeping import sweep_due
from bot.jobs.ticking import guarded
from bot.levels import read_levels
from bot.people import read_stalest
from bot.receiving.inbox import Inbox
from bot.workspaces import Workspaces
from handlers.pictures.picturing import prepare_drawing
from workflows.services import Services

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


@dataclass(frozen=True)
class Jobs:
    """What is done as time passes, for all workspaces: each asks once what is due anywhere."""

    services: Services
    workspaces: Workspaces
    inbox: Inbox
    heart: Heart
    is_stopping: Callable[[], bool] = lambda: False

    def sweep(self) -> None:
        """Settle what is due."""
        sweep_due(self.services)

    def deliver(self) -> None:
        """Send what is due."""
        deliver_everywhere(self.services, self.workspaces, self.is_stopping)

    def work_on_files(self) -> None:
        """Do what there is to do with files that people sent."""
        work_on_files(self.services, self.workspaces)

    def seal(self) -> None:
        """Seal what was written to the audit log."""
        seal_everywhere(self.services, self.is_stopping)

    def read_people(self) -> None:
        """Ask Slack about those it was not asked about for a day."""
        for workspace in self.workspaces:
            read_stalest(self.services, workspace)

    def read_levels(self) -> None:
        """Ask Slack who holds the levels, where that isn't known."""
        for workspace in self.workspaces:
            read_levels(self.services, workspace)

    def beat(self) -> None:
        """Tell whoever listens outside that all is well."""
        self.heart.beat(self.services)


def build_scheduler(jobs: Jobs, tick_seconds: float) -> BackgroundScheduler:
    """Return the scheduler, not started; every replica runs all of it."""
    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )

    def every(seconds: float, job: Callable[[], object], name: str) -> None:
        scheduler.add_job(guarded(job, name), Every(seconds), id=name)

    every(tick_seconds, jobs.sweep, "sweep")
    every(tick_seconds, jobs.deliver, "delivery")
    every(tick_seconds, jobs.work_on_files, "files")
    every(1, jobs.seal, "seal")
    every(10, jobs.inbox.resume, "inbox")
    every(60, jobs.read_people, "people")
    every(60, jobs.read_levels, "levels")
    every(60, jobs.beat, "heartbeat")
    every(3600, jobs.inbox.forget, "retention")
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
