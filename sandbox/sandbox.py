"""Everything that one local workspace is made of, put together."""

from dataclasses import dataclass

from sandbox.app_transport import AppTransport
from sandbox.events import Events
from sandbox.faults import Faults
from sandbox.interactions import Interactions
from sandbox.manifest import Manifest
from sandbox.rehearsal import NextDue, Rehearsal
from sandbox.socket_mode import Sockets
from sandbox.tickets import Tickets
from sandbox.web_api import WebApi
from sandbox.workspace import User, Workspace


@dataclass(frozen=True)
class Sandbox:
    """One workspace, its one app, and what can be done to both."""

    workspace: Workspace
    manifest: Manifest
    tickets: Tickets
    faults: Faults
    sockets: Sockets
    web_api: WebApi
    events: Events
    interactions: Interactions
    rehearsal: Rehearsal


def build_sandbox(
    workspace: Workspace,
    manifest: Manifest,
    base_url: str,
    *,
    next_due: NextDue = lambda: None,
    transport: AppTransport | None = None,
) -> Sandbox:
    """Put a workspace together; without a `transport` the app is reached by its sockets."""
    bot_id, workspace.base_url = workspace.bot_user_id, base_url
    workspace.users.setdefault(
        bot_id, User(bot_id, manifest.bot_name.lower(), manifest.bot_name, is_bot=True)
    )
    tickets, faults = Tickets(), Faults()
    sockets = Sockets(tickets, workspace.app_id)
    transport = transport or sockets
    events = Events(workspace, manifest, transport)
    return Sandbox(
        workspace=workspace,
        manifest=manifest,
        tickets=tickets,
        faults=faults,
        sockets=sockets,
        web_api=WebApi(workspace, manifest, tickets, faults),
        events=events,
        interactions=Interactions(workspace, manifest, tickets, transport, events, base_url),
        rehearsal=Rehearsal(workspace, next_due),
    )
