"""How /ai is used."""

from handlers.subcommands import Command, Subcommand

AI = Command(
    "/ai",
    (Subcommand("", "shows what waits for you, each with its one press", is_reading=True),),
)
