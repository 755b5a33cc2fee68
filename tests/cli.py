"""`rollcall` as a process of its own, without importing everything again for each."""

import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

import coverage

from tests.factories import a_policy

_PROCESSES = multiprocessing.get_context("forkserver")
# What is slow to import; each process imports the rest, with its own environment.
_SLOW = [
    "bot.serve",
    "bot.cli.judgement",
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
        return run_to_its_end(self.folder, environment, *arguments)

    def refused(self, *arguments: str) -> str:
        """Return what it says as it refuses, which never holds a token."""
        ended = self.run(*arguments)
        assert ended.returncode == 1, ended
        assert "secret" not in ended.stderr + ended.stdout
        assert "Traceback" not in ended.stderr
        return ended.stderr


class Running:
    """A `rollcall` that runs; what it says on stderr is added to a file."""

    def __init__(
        self,
        arguments: tuple[str, ...],
        environment: Mapping[str, str],
        stderr: Path,
        *,
        is_measured: bool,
    ) -> None:
        """Start it; `is_measured` tells whether its lines count as covered."""
        given = (arguments, Path.cwd(), dict(environment), None, stderr, is_measured)
        self._process = _PROCESSES.Process(target=_rollcall, args=given)
        self._process.start()

    def poll(self) -> int | None:
        """Return how it ended, negative by a signal; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return how it ended, once it has."""
        self._process.join(timeout)
        if (code := self._process.exitcode) is None:
            raise TimeoutExpired("rollcall", timeout or 0)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self._process.kill()


def run_to_its_end(
    folder: Path, environment: Mapping[str, str], *arguments: str
) -> CompletedProcess[str]:
    """Run a command of `rollcall` in a folder, and return how it ended and what it said."""
    with tempfile.TemporaryDirectory() as said:
        out, err = Path(said) / "out", Path(said) / "err"
        given = (arguments, folder, dict(environment), out, err, True)
        process = _PROCESSES.Process(target=_rollcall, args=given)
        process.start()
        process.join()
        assert process.exitcode is not None
        texts = [stream.read_text(encoding="utf-8") for stream in (out, err)]
    return CompletedProcess(arguments, process.exitcode, *texts)


def _rollcall(
    arguments: tuple[str, ...],
    folder: Path,
    environment: dict[str, str],
    stdout: Path | None,
    stderr: Path,
    is_measured: bool,
) -> None:
    if not is_measured and (measuring := coverage.Coverage.current()):
        measuring.stop()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, stream in ((1, stdout), (2, stderr)):
        if stream is not None:
            os.dup2(os.open(stream, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)

    from bot.cli.app import main  # its consoles look at the environment as they are made

    sys.argv = ["rollcall", *arguments]
    main()
