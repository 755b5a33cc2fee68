"""`rollcall` as a process of its own, without importing everything again for each."""

import multiprocessing
import os
import sys
import tempfile
from pathlib import Path
from subprocess import CompletedProcess

from tests.factories import a_policy

_PROCESSES = multiprocessing.get_context("forkserver")
# What is slow to import; each process imports the rest, with its own environment.
_SLOW = [
    "bot.serve",
    "bot.doctor",
    "bot.services",
    "storage.backup",
    "openpyxl",
    "rapidfuzz",
    "charset_normalizer",
]
_PROCESSES.set_forkserver_preload(_SLOW)


class Cli:
    """Runs `rollcall` in a folder, with settings that can be changed."""

    def __init__(self, folder: Path, api_url: str) -> None:
        self.folder = folder
        self.settings = {
            "SLACK_BOT_TOKEN": "xoxb-secret",
            "SLACK_APP_TOKEN": "xapp-secret",
            "SLACK_API_URL": api_url,
            "DATABASE_URL": f"sqlite:///{folder / 'rollcall.db'}",
            "POLICY_FILE": str(folder / "policy.yml"),
        }
        (folder / "policy.yml").write_text(a_policy(), encoding="utf-8")

    def run(self, *arguments: str) -> CompletedProcess[str]:
        """Run a command to its end."""
        kept = {name: held for name, held in os.environ.items() if not name.startswith("SLACK_")}
        environment = kept | self.settings | {"COLUMNS": "200"}
        with tempfile.TemporaryDirectory() as said:
            given = (arguments, self.folder, environment, Path(said))
            process = _PROCESSES.Process(target=_rollcall, args=given)
            process.start()
            process.join()
            assert process.exitcode is not None
            out, err = [(Path(said) / name).read_text(encoding="utf-8") for name in _STREAMS]
        return CompletedProcess(arguments, process.exitcode, out, err)

    def refused(self, *arguments: str) -> str:
        """Return what it says as it refuses, which never holds a token."""
        ended = self.run(*arguments)
        assert ended.returncode == 1, ended
        assert "secret" not in ended.stderr + ended.stdout
        assert "Traceback" not in ended.stderr
        return ended.stderr


_STREAMS = ("stdout", "stderr")


def _rollcall(
    arguments: tuple[str, ...], folder: Path, environment: dict[str, str], said: Path
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, name in enumerate(_STREAMS, start=1):
        os.dup2(os.open(said / name, os.O_WRONLY | os.O_CREAT), number)

    from bot.cli import main  # its consoles look at the environment as they are made

    sys.argv = ["rollcall", *arguments]
    main()
