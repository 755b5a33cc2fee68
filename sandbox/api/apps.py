"""api.test, auth.test and apps.*: who calls, and where its socket is."""

from pydantic import ConfigDict

from sandbox.api.method import Arguments, Call, Method
from sandbox.slack_error import SlackError
from sandbox.workspace import Json


class _Anything(Arguments):
    model_config = ConfigDict(extra="allow")

    error: str | None = None


def api_test(call: Call, asked: _Anything) -> Json:
    """Give back what was given, or the error that was asked for."""
    if asked.error:
        raise SlackError(asked.error)
    return {"args": dict(asked.model_extra or {})}


def auth_test(call: Call, asked: Arguments) -> Json:
    """Tell whose token it is."""
    workspace = call.workspace
    return {
        "url": f"http://{call.host}/",
        "team": workspace.team_name,
        "team_id": workspace.team_id,
        "user": workspace.users[workspace.bot_user_id].name,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "app_id": workspace.app_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call, asked: Arguments) -> Json:
    """Hand out the address of a socket; it can be opened once."""
    ticket = call.tickets.issue_socket()
    return {"url": f"ws://{call.host}/link/?ticket={ticket}&app_id={call.workspace.app_id}"}


METHODS = {
    "api.test": Method(api_test, _Anything, by_anybody=True),
    "auth.test": Method(auth_test),
    "apps.connections.open": Method(open_connection, by_app_token=True),
}
