"""The `rollcall` command; each of its commands is imported when it is asked for."""

import sys
from importlib import import_module, metadata
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperCommand, TyperGroup

from workflows.errors import UserError

# By name: where each is defined, and what the list says of it. The list is printed without them.
COMMANDS = {
    "serve": ("bot.cli.serving:serve_command", "Run the bot."),
    "demo": (
        "bot.cli.serving:demo_command",
        "Try the bot in a local workspace, with an organisation in it.",
    ),
    "migrate": ("bot.cli.serving:migrate_command", "Bring the database up to date."),
    "doctor": (
        "bot.cli.doctor:doctor_command",
        "Check all that serving needs, and say what to do about what is wrong.",
    ),
    "policy": (
        "bot.cli.policy:policy",
        "Check a policy, compare it with the one in force, rehearse it, or put it in force.",
    ),
    "import": (
        "bot.cli.importing:imports",
        "Take initiatives from a file: a small CSV with their people, or a whole inventory.",
    ),
    "export": (
        "bot.cli.export:export_command",
        "Write the registry to a file, in the format of its ending.",
    ),
    "promises": (
        "bot.cli.promises:promises_command",
        "List what the bot owes, or owed; with --audit, name what would never happen.",
    ),
    "audit": (
        "bot.cli.audit:audits",
        "Check that nobody has touched the audit log, or write it to a file.",
    ),
    "backup": (
        "bot.cli.backup:backup_command",
        "Write everything in the database to a file; the bot may go on serving.",
    ),
    "restore": (
        "bot.cli.backup:restore_command",
        "Fill a fresh database from a backup: all of it, or nothing.",
    ),
}
_out = Console()
_err = Console(stderr=True)


class _LateGroup(TyperGroup):
    """Lists commands by what is said of them here, and imports the one that is run."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name, (_, said) in COMMANDS.items():
            self.add_command(TyperCommand(name, help=said))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is run, itself."""
        if args and args[0] in COMMANDS:
            return args[0], load(args[0]), args[1:]
        return super().resolve_command(ctx, args)


cli = typer.Typer(
    cls=_LateGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def load(name: str) -> Any:
    """Return a command, imported."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(found)
    return typer.main.get_command(alone)


def _tell_version(asked: bool) -> None:
    if asked:
        _out.print(f"Rollcall {metadata.version('rollcall')}", highlight=False)
        raise typer.Exit


@cli.callback()
def rollcall(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Run many AI initiatives in parallel without one more meeting."""


def main() -> None:
    """Run the command; what a person can mend is said in a sentence, without a traceback."""
    try:
        cli()
    except UserError as error:
        _refuse(error)
    except _driver_errors() as error:  # what opened whole can break meanwhile
        from bot.database import DatabaseDamagedError, is_damage

        if not is_damage(error):
            raise
        _refuse(DatabaseDamagedError(str(error.orig)))


def _driver_errors() -> Any:
    """Return what a database raises; asked for when something is raised, and not before."""
    from sqlalchemy.exc import DBAPIError

    return DBAPIError


def _refuse(error: UserError) -> NoReturn:
    _err.print(error, style="red", highlight=False, markup=False)
    sys.exit(1)
