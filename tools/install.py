"""Install what a lock file names, and say how far it is: pip tells nothing or everything."""

import re
import subprocess
import sys
from pathlib import Path

_PIN = re.compile(r"^([\w.-]+)\S*==")
_TAKEN_UP = re.compile(r"\(from -r .+ \(line (\d+)\)\)")  # of the lock
_ALL_AT_HAND = "Installing collected packages"
_PIP = ("-m", "pip", "--disable-pip-version-check", "--no-color", "install", "--require-hashes")


class Line:
    """A line that changes on a terminal; elsewhere each state of it is a line."""

    def __init__(self) -> None:
        self._changes = sys.stdout.isatty()

    def show(self, words: str) -> None:
        """Show these words now."""
        before, after = ("\r\x1b[K", "") if self._changes else ("", "\n")
        sys.stdout.write(f"{before}{words}{after}")
        sys.stdout.flush()

    def end(self) -> None:
        """Leave the line clear for what comes next."""
        if self._changes:
            sys.stdout.write("\r\x1b[K")
            sys.stdout.flush()


def install(lock: Path) -> int:
    """Install it into the Python that runs this, and return pip's exit code."""
    lines = enumerate(lock.read_text(encoding="utf-8").splitlines(), 1)
    pins = {number: pin[1] for number, text in lines if (pin := _PIN.match(text))}
    order = {number: place for place, number in enumerate(pins, 1)}
    line = Line()
    command = [sys.executable, *_PIP, "--progress-bar", "off", "-r", str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pip:
        for said in pip.stdout or ():
            if (taken_up := _TAKEN_UP.search(said)) and (number := int(taken_up[1])) in pins:
                line.show(f"  fetching {order[number]} of {len(pins)}: {pins[number]}")
            elif said.startswith(_ALL_AT_HAND):
                line.show(f"  unpacking {said.count(',') + 1} packages …")
    line.end()
    return pip.returncode


if __name__ == "__main__":
    sys.exit(install(Path(sys.argv[1])))
