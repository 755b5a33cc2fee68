"""`rollcall export`: the registry in a file."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.database import open_database
from bot.logs import set_up_logs
from bot.serve import ask_workspace, clock_of, patient_client, refuse_foreign_schema
from bot.services import build_services
from bot.settings import read_settings, why_unreadable
from storage.schema import schema_state
from workflows.services import Actor

EXPORTER = "rollcall export"


def export_command(
    file: Annotated[
        Path,
        typer.Argument(help=".csv and .xlsx import back; .json; .dot and .mmd are the graph."),
    ],
) -> None:
    """Write the registry to a file, in the format of its ending."""
    from workflows.inventory.exporting import export_registry  # slow, and no other needs it

    settings = read_settings()
    set_up_logs(settings.log_level, settings.log_format)
    engine = open_database(settings.database_url)
    refuse_foreign_schema(schema_state(engine))
    services = build_services(engine, clock_of(settings))
    workspace_id, _ = ask_workspace(patient_client(settings))
    try:
        count = export_registry(services, Actor(workspace_id, EXPORTER), file)
    except OSError as error:
        Console(stderr=True).print(
            f"{file} can't be written: {why_unreadable(error)}.", style="red", markup=False
        )
        raise typer.Exit(1) from None
    Console().print(f"{file}: {count} initiatives.", markup=False)
