"""`rollcall audit`: whether the audit log is as it was written, and all of it in a file."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.opening import open_still
from bot.settings import OFFLINE, read_settings, why_unreadable
from workflows.audit_log.exporting import export_log
from workflows.audit_log.verifying import Verdict, verify
from workflows.audit_log.walking import Fault, Finding

_out = Console(soft_wrap=True)
_err = Console(stderr=True)
audits = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Check that nobody has touched the audit log, or write it to a file.",
)


@audits.command("verify")
def verify_command(
    seal: Annotated[str, typer.Option(help="A seal that you kept: it has to be in the log.")] = "",
) -> None:
    """Name every entry that was changed, removed, moved or added since it was written."""
    seal = seal.strip().lower()
    verdicts = verify(open_still(read_settings(OFFLINE)), seal)
    for verdict in verdicts:
        _report(verdict)
    if not verdicts:
        _say("The audit log is empty.")
    is_missing = bool(seal) and not any(verdict.has_expected for verdict in verdicts)
    if is_missing:
        _say(
            f"The seal {seal} isn't in the log: the end of the log was removed, or all of it was "
            "sealed anew."
        )
    if is_missing or any(verdict.findings for verdict in verdicts):
        raise typer.Exit(1)


@audits.command("export")
def export_command(
    file: Annotated[Path, typer.Argument(help="Where to write it, as audit.jsonl.")],
) -> None:
    """Write every entry with its seal, one line of JSON for each."""
    services = open_still(read_settings(OFFLINE))
    try:
        count = export_log(services, file)
    except OSError as error:
        _err.print(f"{file} can't be written: {why_unreadable(error)}.", style="red", markup=False)
        raise typer.Exit(1) from None
    _say(f"{file}: {_counted(count)}.")


def _report(verdict: Verdict) -> None:
    where = verdict.workspace_id
    if verdict.findings:
        _say(f"{where}: the audit log was touched.")
    else:
        _say(f"{where}: all is as it was written; {_counted(verdict.sealed)} sealed.")
    for finding in verdict.findings:
        _say(f"  {_told(finding)}")
    if verdict.more:
        _say(f"  … and {verdict.more:,} more.")
    if verdict.unsealed:
        more = verdict.unsealed - len(verdict.unsealed_ids)
        rest = f" and {more:,} more" if more > 0 else ""
        ids = ", ".join(verdict.unsealed_ids)
        _say(f"  Not sealed yet: {_counted(verdict.unsealed)}: {ids}{rest}.")
    if verdict.sealed:
        _say(f"  The last seal is {verdict.seal}. Keep it elsewhere, and verify with --seal later.")


def _told(finding: Finding) -> str:
    place = f"Position {finding.position}" if finding.position else f"Entry {finding.entry_id}"
    entry = f"entry {finding.entry_id}"
    match finding.fault:
        case Fault.CHANGED:
            return f"{place}: {entry} was changed, or the one before it together with its seal."
        case Fault.REORDERED:
            return f"{place}: {entry} was moved; it belongs at position {finding.belongs_at}."
        case Fault.SEAL_CHANGED:
            return f"{place}: the seal was changed; {entry} is as it was."
        case Fault.ADDED:
            return f"{place}: it was added by somebody else, or its seal was removed."
        case _:
            return f"{place}{_until(finding)}: missing{_which(finding)}."


def _until(finding: Finding) -> str:
    last = finding.last_position
    return f" to {last}" if last and last != finding.position else ""


def _which(finding: Finding) -> str:
    if not finding.position:
        return "; it was removed before it was sealed"
    return f"; it was entry {finding.entry_id}" if finding.entry_id else ""


def _counted(number: int) -> str:
    return f"{number:,} {'entry' if number == 1 else 'entries'}"


def _say(sentence: str) -> None:
    _out.print(sentence, markup=False, highlight=False)
