"""The list of commands is printed without importing any of them, and says what they say."""

import subprocess
import sys

import pytest

from bot.cli.app import COMMANDS, load

HEAVY = ("sqlalchemy", "pydantic", "slack_sdk", "alembic", "apscheduler", "matplotlib")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_the_command_says_of_itself(name: str) -> None:
    assert load(name).help.split("\n\n")[0].replace("\n", " ") == COMMANDS[name][1]


def test_printing_the_list_imports_nothing_that_takes_long() -> None:
    listed = (
        "import sys; sys.argv = ['rollcall', '--help']; from bot.cli.app import cli\n"
        "try: cli()\n"
        "except SystemExit: pass\n"
        f"print('imported', [name for name in {HEAVY} if name in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True)

    assert said.returncode == 0, said.stderr
    assert "imported []" in said.stdout
    assert [name for name in COMMANDS if name not in said.stdout] == []
