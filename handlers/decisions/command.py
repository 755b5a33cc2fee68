"""How /ai-decide is used."""

from handlers.subcommands import Command, Subcommand

DECIDE = Command(
    "/ai-decide",
    (
        Subcommand(
            "list",
            "lists what was decided, newest first; or `list FIN-01`",
            hint="list [KEY]",
            is_reading=True,
        ),
        Subcommand(
            "show D-7",
            "shows one: who decided it, when, and what came before it",
            hint="show D-7",
            is_reading=True,
        ),
    ),
)
