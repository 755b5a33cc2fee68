"""`rollcall demo` in a workspace that waits for the bot for as long as it takes.

Slack gives up after three seconds, which a busy machine may need: that is tested elsewhere.
"""

import sys
from typing import Any

from bot.demo import running
from sandbox.sandbox import Sandbox, build_sandbox
from tests.waiting import be_patient


def _build_patient_sandbox(*arguments: Any, **named: Any) -> Sandbox:
    sandbox = build_sandbox(*arguments, **named)
    be_patient(sandbox)
    return sandbox


if __name__ == "__main__":
    setattr(running, "build_sandbox", _build_patient_sandbox)  # noqa: B010 (mypy: not exported)
    running.run_demo(int(sys.argv[1]))
