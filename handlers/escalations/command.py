"""How /ai-escalate is used."""

from handlers.subcommands import Command, Subcommand

ESCALATE = Command(
    "/ai-escalate",
    (
        Subcommand("", "opens the form: what is stuck, and who hears of it"),
        Subcommand("KEY", "opens it for that initiative", beside="or a name", hint="[KEY or name]"),
        Subcommand(
            "list",
            "lists what is open; or `list mine`, `list FIN-01`, `list blocker`",
            hint="list [mine, KEY, kind]",
            is_reading=True,
        ),
        Subcommand(
            "show E-12", "shows one, and all that happened", hint="show E-12", is_reading=True
        ),
        Subcommand(
            "policy",
            "says who is told when, and who holds each level",
            hint="policy",
            is_reading=True,
        ),
    ),
)
