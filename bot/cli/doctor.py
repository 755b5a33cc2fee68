"""`rollcall doctor`: what could keep the bot from serving, and what to do about it."""

import logging
from collections.abc import Sequence

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.examination import examine
from bot.cli.judgement import Check
from bot.logs import set_up_logs
from bot.settings import read_usable_settings

_out = Console()


def doctor_command() -> None:
    """Check all that serving needs, and say what to do about what is wrong."""
    settings, faults = read_usable_settings()
    set_up_logs(settings.log_level, settings.log_format)
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)  # the table says what failed
    checks = list(examine(settings, faults))
    _show(checks)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def _show(checks: Sequence[Check]) -> None:
    table = Table(box=None, show_header=False)
    for check in checks:
        mark = Text("✓", "green") if check.ok else Text("✗", "red")
        if check.is_warning:
            mark = Text("!", "yellow")
        said = f"{check.said} → {check.advice}" if check.advice else check.said
        table.add_row(mark, check.name, Text(said))
    _out.print(table)
