"""The ticks: one line for each job. What is due, and whether it was done, is in our tables."""

from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler
from slack_sdk import WebClient

from bot.delivery import deliver_due
from bot.people import read_stalest
from workflows.rounds.run import sweep
from workflows.services import Services


def build_scheduler(
    services: Services,
    client: WebClient,
    workspace_id: str,
    tick_seconds: float,
    is_stopping: Callable[[], bool],
) -> BackgroundScheduler:
    """Return the scheduler, not started; every replica runs all of it."""
    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_job(sweep, "interval", seconds=tick_seconds, args=[services])
    delivery = [services, client, workspace_id, is_stopping]
    scheduler.add_job(deliver_due, "interval", seconds=tick_seconds, args=delivery)
    scheduler.add_job(read_stalest, "interval", seconds=60, args=[services, client, workspace_id])
    return scheduler
