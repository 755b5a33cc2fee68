"""What a command works with: the database, and the workspace in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from bot.clients import Introduced, ask_workspace, patient_client
from bot.clock import rehearsal_clock, utc_now
from bot.database import open_database
from bot.logs import set_up_logs
from bot.policy_file import introduce, read_policy_file
from bot.services import build_services
from bot.settings import Settings, StartRefusedError, read_settings
from storage.engine import snapshot
from storage.schema import SchemaState, schema_state
from workflows import policies
from workflows.services import Services


def open_services(settings: Settings) -> Services:
    """Return the services of a command, on a database that this code was written for.

    Raises:
        DatabaseUnusableError, StartRefusedError: it can't be opened, or is of another Rollcall.
    """
    return build_services(_open(settings), clock_of(settings))


def open_still(settings: Settings) -> Services:
    """Return services that read one state of the database, however long a reading takes.

    Raises:
        DatabaseUnusableError, StartRefusedError: as `open_services`.
    """
    engine = _open(settings)
    return replace(build_services(engine, clock_of(settings)), reading=lambda: snapshot(engine))


def workspace_in(services: Services) -> str:
    """Return the one workspace that the database knows; else Slack is asked whose the token is.

    A workspace that has no policy yet gets that of POLICY_FILE.

    Raises:
        SettingsInvalidError, StartRefusedError: Slack has to be asked, and can't be.
    """
    known = policies.workspaces_with_one(services)
    if len(known) == 1:
        return known[0]
    settings = read_settings()
    client = patient_client(settings)
    if not known:
        return introduce(services, client, read_policy_file(settings))
    return ask_workspace(client).workspace_id


def _open(settings: Settings) -> Engine:
    set_up_logs(settings.log_level, settings.log_format)
    engine = open_database(settings.database_url)
    refuse_foreign_schema(schema_state(engine))
    return engine


def whose_policy(services: Services) -> Introduced:
    """Return the one workspace that has a policy; else Slack is asked whose the token is.

    Raises:
        SettingsInvalidError, StartRefusedError: Slack has to be asked, and can't be.
    """
    known = policies.workspaces_with_one(services)
    if len(known) == 1:
        return Introduced(known[0], known[0])
    return ask_workspace(patient_client(read_settings()))


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
