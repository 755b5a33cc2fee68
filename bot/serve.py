"""`rollcall serve`: everything built, checked and run until it is told to stop."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from slack_sdk import WebClient

from bot.addresses import listening_at
from bot.alone import alone_on
from bot.app import build_app, build_bolt
from bot.clients import Introduced, ask_workspace, posting_client
from bot.clock import rehearsal_clock, utc_now
from bot.database import open_database
from bot.delivery import Courier, deliver_due
from bot.health import Health, serving_health
from bot.heartbeat_url import Heart
from bot.inbox import Inbox, InboxApp
from bot.roads import HttpRoad, Road, SocketRoad
from bot.scheduler import build_scheduler, replan
from bot.services import build_services
from bot.settings import Settings, SettingsInvalidError, StartRefusedError
from bot.sweeping import Watch, sweep_due
from bot.ticking import ticking
from storage.schema import SchemaState, schema_state
from workflows import policies
from workflows.errors import PolicyInvalidError
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services

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
    client = posting_client(settings)
    introduced = ask_workspace(client)
    workspace_id = introduced.workspace_id
    adopt_policy(services, introduced, read_policy_file(settings))
    ensure_next_round(services, workspace_id)
    app = build_app(build_bolt(settings, introduced), services, workspace_id)
    stopping = threading.Event()
    courier = Courier(services, client, workspace_id, stopping.is_set)
    inbox, heart = Inbox(app, workspace_id), Heart(settings.heartbeat_url)
    scheduler = build_scheduler(courier, inbox, heart, _tick_seconds(settings))
    road = _road(app, settings, door)
    health = Health(services, workspace_id, road.age, is_open=road.is_open)
    try:
        # What fell due while nothing ran is decided on before anything of it is sent, so that
        # a person gets one message of it and not several.
        sweep_due(services, workspace_id)
        _log.info("serving", workspace=workspace_id, via="http" if door else "socket")
        with serving_health(health, health_door), _looked_after(scheduler, courier):
            _run(scheduler, road, stopping)
    finally:
        engine.dispose()
        _log.info("stopped", workspace=workspace_id)


@contextmanager
def _looked_after(scheduler: BackgroundScheduler, courier: Courier) -> Iterator[None]:
    """Look after the scheduler from threads of their own, for as long as the block runs."""
    watch = Watch(courier.services, courier.workspace_id)

    def look_after_sweep() -> None:
        if watch.look():
            deliver_due(courier)  # the job that delivers may stand still as well

    with (
        ticking("clock", 1, lambda: replan(scheduler, utc_now())),
        ticking("watch", 60, look_after_sweep),
    ):
        yield


def _road(app: InboxApp, settings: Settings, door: socket.socket | None) -> Road:
    if door is None:
        return SocketRoad(app, settings)
    assert settings.slack_signing_secret is not None  # refused above
    return HttpRoad(app, door, settings.slack_signing_secret.get_secret_value())


def _run(scheduler: BackgroundScheduler, road: Road, stopping: threading.Event) -> None:
    scheduler.start()
    try:
        road.serve()
    finally:
        stopping.set()
        scheduler.shutdown(wait=True)


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """Return the clock the bot lives by."""
    return rehearsal_clock(settings.clock_file) if settings.clock_file else utc_now


def refuse_foreign_schema(state: SchemaState) -> None:
    """Refuse a database that this code was not written for.

    Raises:
        StartRefusedError: names the command that helps.
    """
    if state is SchemaState.BEHIND:
        raise StartRefusedError("The database is older than this Rollcall. Run: rollcall migrate")
    if state is SchemaState.AHEAD:
        raise StartRefusedError(
            "The database was migrated by a newer Rollcall. Bring this checkout up to date: "
            "git pull && make setup"
        )


def read_policy_file(settings: Settings) -> str:
    """Return the policy as it is written.

    Raises:
        SettingsInvalidError: there is no such file.
    """
    try:
        return settings.policy_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalidError(
            f"POLICY_FILE: the policy can't be read ({type(error).__name__}). "
            "Copy policy.example.yml to policy.yml and fill it in."
        ) from None


def introduce(services: Services, client: WebClient, policy: str) -> str:
    """Ask Slack which workspace this is, put the policy in force there, return the workspace id.

    Raises:
        StartRefusedError: Slack can't be reached or refuses the token; the policy has faults.
    """
    introduced = ask_workspace(client)
    adopt_policy(services, introduced, policy)
    return introduced.workspace_id


def adopt_policy(services: Services, introduced: Introduced, policy: str) -> None:
    """Put the policy in force in the workspace that the token belongs to.

    Raises:
        StartRefusedError: names every fault of the policy.
    """
    try:
        policies.adopt(services, introduced.workspace_id, introduced.name, policy)
    except PolicyInvalidError as error:
        faults = "\n".join(f"  {fault}" for fault in error.faults)
        raise StartRefusedError(f"POLICY_FILE: the policy has faults:\n{faults}") from None


def _require_secrets(settings: Settings, http: str | None) -> None:
    if http is None and settings.slack_app_token is None:
        raise SettingsInvalidError("SLACK_APP_TOKEN: is not set (needed without --http)")
    if http is not None and settings.slack_signing_secret is None:
        raise SettingsInvalidError("SLACK_SIGNING_SECRET: is not set (needed with --http)")


def _tick_seconds(settings: Settings) -> float:
    """Look once a second; more often where somebody moves the clock and waits for what happens."""
    return 0.1 if settings.clock_file else 1
