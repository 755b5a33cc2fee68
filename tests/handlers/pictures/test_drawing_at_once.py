"""Two that draw at once, before anybody has drawn: in a process of their own."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
DRAWING_AT_ONCE = """
import threading
from datetime import UTC, datetime
from types import SimpleNamespace

from handlers.pictures import picturing
from tests.factories import a_notification
from workflows.errors import NoInitiativeError


def refuse(*_given):
    raise NoInitiativeError


picturing.surroundings = picturing.quarter_of = refuse  # what is drawn does not matter
picturing.known_person = lambda *_given: None
services = SimpleNamespace(now=lambda: datetime(2026, 11, 23, tzinfo=UTC))
barrier, failed = threading.Barrier(2), []


def draw(subject):
    barrier.wait()
    try:
        picturing.draw(services, a_notification(kind="picture", subject_key=subject))
    except BaseException as error:
        failed.append(type(error).__name__)


threads = [threading.Thread(target=draw, args=(one,)) for one in ("dependencies X", "quarter ")]
for one in threads:
    one.start()
for one in threads:
    one.join()
print(failed)
"""


def test_two_that_draw_at_once_when_nobody_has_drawn_yet_both_draw() -> None:
    """Matplotlib is not whole for whoever imports it while another thread does."""
    for _ in range(3):  # one run in two went wrong
        child = subprocess.run(
            [sys.executable, "-c", DRAWING_AT_ONCE],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert child.stdout == "[]\n"
