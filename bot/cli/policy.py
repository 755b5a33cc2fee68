"""`rollcall policy`: a policy checked, compared, rehearsed, and put in force."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bot.cli.numbers import count
from bot.cli.policy_dates import dates_of
from bot.cli.policy_diff import differences
from bot.cli.policy_reading import (
    Written,
    out,
    read_written,
    tell_placeholders,
    tell_valid,
    tell_warnings,
)
from bot.cli.policy_rehearsing import lines_of
from bot.opening import clock_of, open_services, whose_policy
from bot.settings import OFFLINE, read_settings
from workflows import policies
from workflows.errors import PolicyInvalidError
from workflows.escalations.holders import named_ids
from workflows.escalations.linting import warnings_of
from workflows.escalations.rehearsing import rehearse_weeks
from workflows.escalations.vacancies import vacancies
from workflows.people import names_of
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services

_CHECK = "check"
_MOST_WEEKS = 1040  # twenty years
_File = Annotated[
    Path | None, typer.Argument(help="The policy, in YAML; POLICY_FILE where none is named.")
]


class _CheckFirst(TyperGroup):
    """Takes a file, or nothing, in the place of a command for one to be checked."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        known = (*self.list_commands(ctx), "--help")
        if not args or args[0] not in known:
            args = [_CHECK, *args]
        return super().parse_args(ctx, args)


policy = typer.Typer(
    cls=_CheckFirst,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Check a policy, compare it with the one in force, rehearse it, or put it in force.",
)


@policy.command(_CHECK)
def check_command(file: _File = None) -> None:
    """Check a policy, and tell the dates that it makes."""
    settings = read_settings({"POLICY_FILE", "CLOCK_FILE"})
    written = read_written(file or settings.policy_file)
    tell_valid(written)
    tell_warnings(warnings_of(written.document))
    out.print()
    for line in dates_of(written.document, clock_of(settings)()):
        out.print(line, markup=False)


@policy.command("diff")
def diff_command(file: _File = None) -> None:
    """Say in words what a policy changes in the one that is in force."""
    settings = read_settings(OFFLINE | {"POLICY_FILE"})
    written = read_written(file or settings.policy_file)
    services = open_services(settings)
    _tell_differences(services, whose_policy(services).workspace_id, written)


@policy.command("rehearse")
def rehearse_command(
    file: _File = None,
    weeks: Annotated[
        int, typer.Option(parser=count, metavar="NUMBER", help="How many weeks back.")
    ] = 13,
) -> None:
    """Say whom a policy would have told what in the past weeks, beside what did happen."""
    settings = read_settings(OFFLINE | {"POLICY_FILE"})
    written = read_written(file or settings.policy_file)
    services = open_services(settings)
    workspace_id = whose_policy(services).workspace_id
    found = rehearse_weeks(services, workspace_id, written.document, min(weeks, _MOST_WEEKS))
    for line in lines_of(found, written.document.call.zone):
        out.print(line, markup=False)


@policy.command("apply")
def apply_command(file: _File = None) -> None:
    """Put a policy in force, and say what it changes; the audit log keeps it."""
    settings = read_settings(OFFLINE | {"POLICY_FILE"})
    written = read_written(file or settings.policy_file)
    services = open_services(settings)
    here = whose_policy(services)
    if policies.is_set(services, here.workspace_id):
        if not _tell_differences(services, here.workspace_id, written):
            return
    else:
        out.print("It is the first policy here.")
    tell_placeholders(written.document)
    tell_warnings(warnings_of(written.document))
    tell_warnings(vacancies(services, here.workspace_id, written.document))
    policies.adopt(services, here.workspace_id, here.name, written.text, action="apply_policy")
    ensure_next_round(services, here.workspace_id)
    with services.reading() as reader:
        version = policies.in_force(reader, here.workspace_id).version
    out.print(f"It is in force now, as version {version}; a bot that runs goes by it at once.")


def _tell_differences(services: Services, workspace_id: str, written: Written) -> bool:
    """Print what a policy changes; return whether it changes anything.

    Raises:
        NoPolicyError: none is in force.
    """
    try:
        present = policies.document_in_force(services, workspace_id)
    except PolicyInvalidError:  # kept by an earlier Rollcall, which took what this one doesn't
        out.print("This Rollcall can't read the policy in force: everything may change.")
        return True
    ids = named_ids(present) | named_ids(written.document)
    names = names_of(services, workspace_id, ids)
    found = differences(present, written.document, lambda one: names.get(one, one))
    if not found:
        out.print(
            f"{written.file} asks for what the policy in force asks for already.", markup=False
        )
        return False
    out.print(f"{written.file} changes:", markup=False)
    for sentence in found:
        out.print(f"  {sentence}", markup=False)
    return True
