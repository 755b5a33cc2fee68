"""Install what a lock file names, and say how far it is: pip tells nothing or everything."""

import re
import subprocess
import sys
from pathlib import Path

_BEGUN = re.compile(r"^\s*(?:Collecting|Requirement already satisfied:) ([\w.-]+)")
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
    total = len(re.findall(r"^\S+==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    line, seen = Line(), set[str]()
    command = [sys.executable, *_PIP, "--progress-bar", "off", "-r", str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pip:
        for said in pip.stdout or ():
            if begun := _BEGUN.match(said):
                seen.add(begun[1].lower())
                line.show(f"  fetching {len(seen)} of {total}: {begun[1]}")
            elif said.startswith(_ALL_AT_HAND):
                line.show(f"  unpacking {said.count(',') + 1} packages …")
    line.end()
    return pip.returncode


if __name__ == "__main__":
    sys.exit(install(Path(sys.argv[1])))
