"""`rollcall serve`: everything built, checked and run until it is told to stop."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.addresses import listening_at
from bot.alone import alone_on
from bot.app import build_app, build_bolt
from bot.clock import utc_now
from bot.database import open_database
from bot.garbage import spare_what_is_loaded
from bot.health import Health, serving_health
from bot.jobs.heartbeat_url import Heart
from bot.jobs.scheduler import Jobs, build_scheduler, replan
from bot.jobs.sweeping import Watch
from bot.jobs.ticking import ticking
from bot.opening import clock_of, refuse_foreign_schema
from bot.policy_file import start_with_policy
from bot.receiving.inbox import Inbox, InboxApp
from bot.receiving.receivers import HttpReceiver, Receiver, SocketReceiver
from bot.services import build_services
from bot.settings import Settings, SettingsInvalidError
from bot.workspaces import open_workspaces
from storage.schema import schema_state
from workflows.rounds.planning import ensure_next_round

_log = structlog.get_logger("rollcall.serve")


def serve(settings: Settings, http: str | None) -> None:
    """Run the bot until SIGTERM or SIGINT, and finish what is under way then.

    Raises:
        StartRefusedError, SettingsInvalidError, PolicyInvalidError, NotAloneError,
            DatabaseUnusableError: before anything is done.
    """
    _require_secrets(settings, http)
    with (
        alone_on(settings.database_url),
        listening_at(http, "--http") as door,
        listening_at(settings.health_address, "HEALTH_ADDRESS") as health_door,
    ):
        _serve(settings, door, health_door)


def _serve(
    settings: Settings, door: socket.socket | None, health_door: socket.socket | None
) -> None:
    engine = open_database(settings.database_url)
    refuse_foreign_schema(schema_state(engine))
    services = build_services(engine, clock_of(settings))
    workspaces = open_workspaces(settings)
    for workspace in workspaces:
        start_with_policy(services, workspace.introduced, settings)
        ensure_next_round(services, workspace.id)
    app = build_app(build_bolt(workspaces), services, workspaces)
    stopping = threading.Event()
    heart = Heart(settings.heartbeat_url)
    jobs = Jobs(services, workspaces, Inbox(app, workspaces), heart, stopping.is_set)
    scheduler = build_scheduler(jobs, _tick_seconds(settings))
    jobs.read_levels()  # whom a level tells has to be known before it does
    receiver = _receiver(app, settings, door)
    health = Health(services, receiver.age, is_open=receiver.is_open)
    served = ",".join(workspaces.ids)
    spare_what_is_loaded()
    try:
        # What fell due while nothing ran is decided on before anything of it is sent, so that
        # a person gets one message of it and not several.
        jobs.sweep()
        _log.info("serving", workspace=served, via="http" if door else "socket")
        with serving_health(health, health_door), _looked_after(scheduler, jobs, settings):
            _run(scheduler, receiver, stopping)
    finally:
        engine.dispose()
        _log.info("stopped", workspace=served)


@contextmanager
def _looked_after(scheduler: BackgroundScheduler, jobs: Jobs, settings: Settings) -> Iterator[None]:
    """Look after the scheduler from threads of their own, for as long as the block runs."""
    told_after = timedelta(seconds=settings.standstill_seconds)
    watch = Watch(jobs.services, told_after)

    def look_after_sweep() -> None:
        if watch.look():
            jobs.deliver()  # the job that delivers may stand still as well

    with (
        ticking("clock", 1, lambda: replan(scheduler, utc_now())),
        ticking("watch", told_after.total_seconds() / 10, look_after_sweep),
    ):
        yield


def _receiver(app: InboxApp, settings: Settings, door: socket.socket | None) -> Receiver:
    if door is None:
        return SocketReceiver(app, settings)
    assert settings.slack_signing_secret is not None  # refused above
    return HttpReceiver(app, door, settings.slack_signing_secret.get_secret_value())


def _run(scheduler: BackgroundScheduler, receiver: Receiver, stopping: threading.Event) -> None:
    scheduler.start()
    try:
        receiver.serve()
    finally:
        stopping.set()
        scheduler.shutdown(wait=True)


def _require_secrets(settings: Settings, http: str | None) -> None:
    if http is None and settings.slack_app_token is None:
        raise SettingsInvalidError("SLACK_APP_TOKEN: is not set (needed without --http)")
    if http is not None and settings.slack_signing_secret is None:
        raise SettingsInvalidError("SLACK_SIGNING_SECRET: is not set (needed with --http)")


def _tick_seconds(settings: Settings) -> float:
    """Look once a second; more often where somebody moves the clock and waits for what happens."""
    return 0.1 if settings.clock_file else 1
