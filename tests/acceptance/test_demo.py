"""How `rollcall demo` starts and ends."""

import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.demo import stage as demo_stage
from tests.acceptance.rig import ROOT
from tests.waiting import PATIENCE_SECONDS, free_port


def demo(port: int, checkout: Path = ROOT) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", str(port)],
        cwd=checkout,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_taken_port_is_said_with_the_flag_that_changes_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = demo(port)
        said, _ = refused.communicate(timeout=PATIENCE_SECONDS)

    assert refused.returncode == 1
    assert said == f"Port {port} is taken. Choose another: rollcall demo --port 8765\n"


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well_when_it_is_told_to_and_frees_its_port(told: signal.Signals) -> None:
    port = free_port()
    running = demo(port)
    assert running.stdout is not None
    while "Ctrl-C" not in running.stdout.readline():
        assert running.poll() is None

    running.send_signal(told)
    said, _ = running.communicate(timeout=PATIENCE_SECONDS)

    assert running.returncode == 0
    assert said.endswith("The demo has ended; nothing of it is kept.\n")
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_the_first_start_tells_what_it_does(tmp_path: Path) -> None:
    for part in demo_stage.MADE_OF:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, tmp_path / part)
    running = demo(free_port(), tmp_path)
    assert running.stdout is not None

    told = [line.strip() for line in iter(running.stdout.readline, "\n")]

    running.terminate()
    running.communicate()
    assert told == [
        "Setting the stage: entering people and initiatives …",
        *(f"Setting the stage: playing week {number} of 4 …" for number in range(1, 5)),
        "Setting the stage: playing this week …",
        "Starting the bot …",
    ]
