"""An app in a process of its own: `python -m tests.bench.host rollcall|bare socket|HOST:PORT`.

`rollcall` is the product without its ticks, on a clock that stands still; `bare` is the same
Bolt app with listeners that do next to nothing. Everything else comes from the environment, as
for `rollcall serve`.
"""

import sys
import threading
from collections.abc import Callable

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient

from bot.addresses import take_address
from bot.app import build_app, build_bolt
from bot.clients import Introduced, answering_client, posting_client
from bot.garbage import spare_what_is_loaded
from bot.logs import set_up_logs
from bot.receiving.http import serve_http
from bot.receiving.inbox import InboxApp
from bot.services import build_services
from bot.settings import Settings, read_settings
from bot.workspaces import Workspace, Workspaces
from handlers.updates import update_form
from storage.engine import connect
from tests.bench.databases import kind_of, raw_postgres, raw_sqlite
from tests.bench.payloads import a_form
from tests.bench.transports import SECRET
from tests.factories import MONDAY_9AM, TEAM
from tests.fakes import FakeClock
from workflows.services import Services

A_BOT = Introduced(TEAM, "Tests", "U_BOT", "B_BOT")


def rollcall(settings: Settings) -> App:
    services = build_services(connect(settings.database_url), FakeClock(MONDAY_9AM))
    return rollcall_of(services, settings)


def rollcall_of(services: Services, settings: Settings) -> InboxApp:
    """Return the app as it is served, for a workspace that is there already."""
    workspaces = workspaces_of(settings)
    return build_app(build_bolt(workspaces), services, workspaces)


def workspaces_of(settings: Settings) -> Workspaces:
    """Return the one workspace, with the clients that it is served with."""
    clients = answering_client(settings), posting_client(settings)
    return Workspaces([Workspace(A_BOT, *clients)])


def bare(settings: Settings) -> App:
    """Return an app whose listeners commit one row by the raw driver, open a form, or neither."""
    app, commit, form = (
        build_bolt(workspaces_of(settings)),
        committing(settings.database_url),
        a_form(),
    )

    @app.command("/ai-status")
    def commit_row(ack: Ack) -> None:
        commit()
        ack()

    @app.view(update_form.CALLBACK_ID)
    def commit_submission(ack: Ack) -> None:
        commit()
        ack()

    @app.command("/commit-and-open")
    def commit_and_open(ack: Ack, client: WebClient) -> None:
        commit()
        client.views_open(trigger_id="1.2.abc", view=form)
        ack()

    @app.command("/nothing")
    def do_nothing(ack: Ack) -> None:
        ack()

    return app


def committing(url: str) -> Callable[[], object]:
    """Return what commits one row, by the driver itself, on a connection that stays open."""
    table = "CREATE TABLE bare (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, said text)"
    if kind_of(url) == "postgresql":
        postgres = raw_postgres(url)
        postgres.execute(table)
        return lambda: postgres.execute("INSERT INTO bare (said) VALUES (%s)", ("a word",))
    sqlite = raw_sqlite(url)
    sqlite.execute("CREATE TABLE bare (id integer PRIMARY KEY, said text)")
    return lambda: sqlite.execute("INSERT INTO bare (said) VALUES (?)", ("a word",))


def serve_socket(app: App, settings: Settings) -> None:
    assert settings.slack_app_token is not None
    SocketModeHandler(app, settings.slack_app_token.get_secret_value()).connect()
    threading.Event().wait()  # until it is killed


def main(which: str, transport: str) -> None:
    settings = read_settings()
    set_up_logs(settings.log_level, settings.log_format)
    app = {"rollcall": rollcall, "bare": bare}[which](settings)
    spare_what_is_loaded()  # as `rollcall serve` does, on both sides
    if transport == "socket":
        serve_socket(app, settings)
    else:
        serve_http(app, take_address(transport), SECRET)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
