"""`rollcall promises`: what the bot owes, and whether all of it will happen."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.numbers import count
from bot.opening import open_services
from bot.settings import OFFLINE, read_settings
from storage.models import Promise, PromiseState
from workflows.kinds import duties
from workflows.promises.run import Finding, audit_promises, list_promises

_out = Console(soft_wrap=True)


def _duty(name: str) -> str:
    """Return the name of a duty, if it is one."""
    if name not in duties():
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(duties())}.")
    return name


def promises_command(
    state: Annotated[PromiseState | None, typer.Option(help="Only those of this state.")] = None,
    kind: Annotated[
        str | None,
        typer.Option(parser=_duty, metavar="KIND", help="Only those of this kind."),
    ] = None,
    containing: Annotated[str, typer.Option(help="Only those whose key holds this.")] = "",
    limit: Annotated[
        int, typer.Option(parser=count, metavar="NUMBER", help="At most so many.")
    ] = 50,
    audit: Annotated[
        bool, typer.Option("--audit", help="Check instead that all that is owed will happen.")
    ] = False,
) -> None:
    """List what the bot owes, or owed; with --audit, name what would never happen."""
    services = open_services(read_settings(OFFLINE))
    if audit:
        _report(audit_promises(services))
    else:
        _show(list_promises(services, state, kind, containing, limit))


def _show(found: Sequence[Promise]) -> None:
    table = Table("promise", "due (UTC)", "state", "settled (UTC)", "clause", "why", box=None)
    for promise in found:
        settled = f"{promise.settled_at:%Y-%m-%d %H:%M:%S}" if promise.settled_at else ""
        table.add_row(
            promise.key,
            f"{promise.due_at:%Y-%m-%d %H:%M:%S}",
            promise.state,
            settled,
            f"{promise.clause} v{promise.policy_version}",
            promise.reason,
        )
    _out.print(table if found else "No promises match.")


def _report(findings: Sequence[Finding]) -> None:
    if not findings:
        _out.print("Everything that is owed will happen.")
        return
    for finding in findings:
        _out.print(f"{finding.workspace_id}  {finding.subject}: {finding.fault}", markup=False)
    raise typer.Exit(1)
