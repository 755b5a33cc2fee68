"""`rollcall serve`, `demo` and `migrate`."""

from typing import Annotated

import typer
from rich.console import Console

from bot.cli.numbers import port
from bot.database import open_database
from bot.logs import set_up_logs
from bot.settings import OFFLINE, read_settings
from storage.schema import migrate, schema_state

_out = Console()


def serve_command(
    http: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Signed HTTP instead of Socket Mode.")
    ] = None,
) -> None:
    """Run the bot."""
    from bot.serve import serve  # slow, and no other command needs it

    settings = read_settings()
    set_up_logs(settings.log_level, settings.log_format)
    serve(settings, http)


def demo_command(
    port: Annotated[
        int, typer.Option(parser=port, metavar="PORT", help="Where the page is, on this machine.")
    ] = 8765,
) -> None:
    """Try the bot in a local workspace, with an organisation in it."""
    from bot.demo.running import run_demo  # no other command needs the workspace

    run_demo(port)


def migrate_command() -> None:
    """Bring the database up to date."""
    settings = read_settings(OFFLINE)
    set_up_logs(settings.log_level, settings.log_format)
    engine = open_database(settings.database_url)
    before = schema_state(engine)
    migrate(engine)
    _out.print(f"The database was {before}; it is {schema_state(engine)} now.")
