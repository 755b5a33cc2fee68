"""Subcommands are declared once: what else tells of them says the same."""

import re
from pathlib import Path

import pytest
import yaml

from handlers.features import FEATURES
from handlers.subcommands import Command, Subcommand

ROOT = Path(__file__).parents[2]
COMMANDS = [command for feature in FEATURES for command in feature.commands]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def in_readme(command: Command) -> set[str]:
    """Return what README's table names as typed after a command."""
    rows = [line.split("|")[1] for line in README.splitlines() if line.startswith("| `/ai")]
    typed = [
        part.removeprefix(command.name).strip()
        for cell in rows
        if re.search(f"`{command.name}[` ]", cell)
        for part in re.findall(r"`([^`]*)`", cell)
    ]
    return set(typed)


def test_the_manifest_knows_every_command_and_its_usage() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    hints = {one["command"]: one["usage_hint"] for one in manifest["features"]["slash_commands"]}

    assert hints == {command.name: command.usage_hint for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_readme_s_table_names_every_subcommand_and_no_other(command: Command) -> None:
    named = in_readme(command)

    assert {one.typed for one in command.subcommands} <= named
    words = {name.partition(" ")[0] for name in named} - {"", "KEY"}
    assert words <= {*command.words, "away"}


def test_a_line_of_help_says_what_to_type_and_what_it_does() -> None:
    show = Subcommand("show KEY", "shows it", beside="or a name", hint="show KEY", is_reading=True)
    new = Subcommand("new", "adds one")
    command = Command("/ai-things", (Subcommand("", "opens all"), show, new))

    assert command.help().splitlines() == [
        "`/ai-things`  opens all",
        "`/ai-things show KEY` or a name  shows it",
        "`/ai-things new`  adds one",
    ]
    assert command.help(reading_only=True) == "`/ai-things show KEY` or a name  shows it"
    assert command.usage_hint == "show KEY | help"
    assert command.words == ["show", "new", "help"]
