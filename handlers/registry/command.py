"""How /ai-project is used."""

from handlers.subcommands import Command, Subcommand

OPEN_REGISTRY = "open_registry"  # buttons; their value is what is typed after /ai-project

PROJECT = Command(
    "/ai-project",
    (
        Subcommand("find TEXT", "searches names, purposes, people and data", hint="find TEXT"),
        Subcommand(
            "show KEY",
            "shows its entry, and who depends on it",
            beside="or a name",
            hint="show KEY",
        ),
        Subcommand(
            "list",
            "lists all of them; or `list pilot`, `list Finance`, `list mine`",
            hint="list [stage, department, mine]",
        ),
        Subcommand("new", "adds an initiative", hint="new"),
        Subcommand("edit KEY", "changes its entry, if it's yours", hint="edit KEY"),
        Subcommand("milestone KEY", "adds, moves or removes a milestone; dates as in “end of Q1”"),
        Subcommand("link KEY", "says what it depends on"),
        Subcommand("overlaps KEY", "shows similar ones in other departments"),
        Subcommand("picture KEY", "draws what it needs and what needs it"),
        Subcommand("timeline", "draws the quarter's milestones; or `timeline Finance`, `mine`"),
        Subcommand("history KEY", "shows who changed what"),
        Subcommand("stale", "lists entries nobody has changed for a week"),
    ),
)
