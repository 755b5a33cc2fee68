"""`rollcall export`: the registry in a file."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.opening import open_services, workspace_in
from bot.settings import OFFLINE, read_settings, why_unreadable
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

    services = open_services(read_settings(OFFLINE))
    actor = Actor(workspace_in(services), EXPORTER)
    try:
        count = export_registry(services, actor, file)
    except OSError as error:
        Console(stderr=True).print(
            f"{file} can't be written: {why_unreadable(error)}.", style="red", markup=False
        )
        raise typer.Exit(1) from None
    Console().print(f"{file}: {count} initiatives.", markup=False)
