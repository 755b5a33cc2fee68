"""What a command works with: the database, and the workspace in it."""

from bot.clients import ask_workspace, patient_client
from bot.database import open_database
from bot.logs import set_up_logs
from bot.serve import clock_of, introduce, read_policy_file, refuse_foreign_schema
from bot.services import build_services
from bot.settings import Settings, read_settings
from storage.schema import schema_state
from workflows import policies
from workflows.services import Services


def open_services(settings: Settings) -> Services:
    """Return the services of a command, on a database that this code was written for.

    Raises:
        DatabaseUnusableError, StartRefusedError: it can't be opened, or is of another Rollcall.
    """
    set_up_logs(settings.log_level, settings.log_format)
    engine = open_database(settings.database_url)
    refuse_foreign_schema(schema_state(engine))
    return build_services(engine, clock_of(settings))


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
