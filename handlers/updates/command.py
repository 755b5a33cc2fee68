"""How /ai-status is used."""

from handlers.subcommands import Command, Subcommand

STATUS = Command(
    "/ai-status",
    (
        Subcommand("", "opens your weekly update"),
        Subcommand("KEY", "opens it for that initiative", beside="or a name", hint="[KEY or name]"),
        Subcommand("show KEY", "shows its latest update", hint="show KEY", is_reading=True),
        Subcommand("history KEY", "shows every version", hint="history KEY", is_reading=True),
        Subcommand("missing", "shows who hasn't filed yet", hint="missing", is_reading=True),
        Subcommand("away until DATE", "asks your deputy until you're back", hint="away until DATE"),
        Subcommand("away off", "when you're back early"),
    ),
)
