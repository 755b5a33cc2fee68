"""What a first start tells while it installs, on a terminal and into a pipe."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.rig import ROOT

INSTALL = [sys.executable, str(ROOT / "tools" / "install.py")]


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Return a lock of two packages that are there already."""
    dev = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^(?:pluggy|iniconfig)==(?:.*\\\n)*.*$", dev, re.MULTILINE)
    assert len(pinned) == 2
    file = tmp_path / "two.lock"
    file.write_text("\n".join(pinned), encoding="utf-8")
    return file


def test_in_a_pipe_each_package_is_a_line(lock: Path) -> None:
    ended = subprocess.run([*INSTALL, str(lock)], capture_output=True, text=True, check=False)

    assert ended.returncode == 0
    assert ended.stdout == "  fetching 1 of 2: iniconfig\n  fetching 2 of 2: pluggy\n"


def test_on_a_terminal_one_line_changes_and_is_cleared(lock: Path) -> None:
    ours, theirs = pty.openpty()

    ended = subprocess.run([*INSTALL, str(lock)], stdout=theirs, check=False)

    os.close(theirs)
    said = os.read(ours, 10_000).decode()
    os.close(ours)
    assert ended.returncode == 0
    assert said.split("\r\x1b[K") == [
        "",
        "  fetching 1 of 2: iniconfig",
        "  fetching 2 of 2: pluggy",
        "",
    ]


def test_what_pip_refuses_fails_with_pip_s_own_words(lock: Path) -> None:
    lock.write_text("-r nowhere.lock\n", encoding="utf-8")

    ended = subprocess.run([*INSTALL, str(lock)], capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert "ERROR: Could not open requirements file" in ended.stderr
