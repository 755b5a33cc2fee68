"""`rollcall demo`: an organisation in a local workspace, and the bot in it, until Ctrl-C."""

import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from rich.console import Console

from bot.clock import utc_now
from bot.demo.colleagues import Colleagues
from bot.demo.stage import ROOT, ZONE, Stage, monday_afternoon, new_workspace, prepare
from bot.demo.told import told_of
from bot.logs import set_up_logs
from bot.services import build_services
from bot.settings import LogFormat, LogLevel
from sandbox.manifest import read_manifest
from sandbox.page.routes import page_routes
from sandbox.sandbox import Sandbox, build_sandbox
from sandbox.server import SandboxServer, listen, url_of
from sandbox.web_api import APP_TOKEN, BOT_TOKEN
from sandbox.workspace import Workspace
from storage.engine import connect
from workflows.errors import UserError

_PORT = 8765
_FIRST_USER = "U0DANAITO01"
_START_SECONDS = 300.0  # for the bot to come up; one that ends is noticed at once
_console = Console(highlight=False, soft_wrap=True)


class DemoRefusedError(UserError):
    """The demo can't start; the message says what helps."""


def run_demo(port: int) -> None:
    """Run the demo until SIGINT or SIGTERM; nothing of it is kept.

    Raises:
        DemoRefusedError: the port is taken, or the bot did not come up.
    """
    # SIGINT, too: a shell that starts this in the background has it ignored.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    set_up_logs(LogLevel.WARNING, LogFormat.CONSOLE)
    try:
        listening = listen(port)
    except OSError as error:
        raise DemoRefusedError(_why_not(port, error.errno or 0)) from None
    try:
        with tempfile.TemporaryDirectory(prefix="rollcall-demo-") as folder:
            _run(Stage(Path(folder), monday_afternoon(utc_now())), listening)
    except KeyboardInterrupt:
        _console.print("\nThe demo has ended; nothing of it is kept.")


def _why_not(port: int, number: int) -> str:
    taken = number == errno.EADDRINUSE
    why = "is taken" if taken else f"can't be listened at ({os.strerror(number)})"
    other = _PORT if port != _PORT else _PORT + 1
    # `make demo` is for people who have no `rollcall` on their path.
    command = sys.argv[0] if sys.argv[0].endswith("rollcall") else "rollcall"
    return f"Port {port} {why}. Choose another: {command} demo --port {other}"


@dataclass(frozen=True)
class Bot:
    """The bot's process."""

    process: "subprocess.Popen[bytes]"
    log_file: Path

    @property
    def last_words(self) -> str:
        """Return the end of its log."""
        lines = self.log_file.read_text(errors="replace").splitlines()
        return "\n".join(lines[-15:]) or "(nothing)"


def _run(stage: Stage, listening: socket.socket) -> None:
    engine = connect(stage.database_url)
    workspace = new_workspace(stage)
    services = build_services(engine, workspace.clock.now)
    colleagues = Colleagues(services, stage.present, _FIRST_USER)
    sandbox = build_sandbox(
        workspace,
        read_manifest(ROOT / "manifest.yml"),
        url_of(listening),
        next_due=colleagues.next_due,
    )
    pages = page_routes(sandbox, _FIRST_USER, lambda: told_of(services, colleagues.next_words()))
    with SandboxServer(sandbox, listening, pages) as server, ExitStack() as running:
        with _telling() as tell:
            prepare(stage, server, workspace, lambda what: tell(f"Setting the stage: {what}"))
            tell("Starting the bot …")
            bot = running.enter_context(_bot(stage, server, sandbox))
        _welcome(server.url, workspace)
        bot.process.wait()
        raise DemoRefusedError(f"The bot has stopped by itself. It said:\n{bot.last_words}")


@contextmanager
def _telling() -> Iterator[Callable[[str], None]]:
    """Tell what is being done: in one line on a terminal, elsewhere in a line each."""
    if not _console.is_terminal:
        yield _console.print
        return
    with _console.status("") as status:
        yield status.update


@contextmanager
def _bot(stage: Stage, server: SandboxServer, sandbox: Sandbox) -> Iterator[Bot]:
    """Run the bot as it runs anywhere, in a process of its own.

    Raises:
        DemoRefusedError: it did not come up.
    """
    log_file = stage.folder / "bot.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=ROOT,
            env=os.environ | _settings(stage, server.url),
            stderr=log,
        )
    bot = Bot(process, log_file)
    try:
        _wait_for_socket(server, sandbox, bot)
        yield bot
    finally:
        process.terminate()
        process.wait()


def _settings(stage: Stage, url: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": f"{url}/api/",
        "DATABASE_URL": stage.database_url,
        "POLICY_FILE": str(stage.policy_file),
        "CLOCK_FILE": str(stage.clock_file),
        "LOG_LEVEL": "WARNING",
    }


def _wait_for_socket(server: SandboxServer, sandbox: Sandbox, bot: Bot) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.do(lambda: len(sandbox.sockets.open)):
        if bot.process.poll() is not None or time.monotonic() > deadline:
            raise DemoRefusedError(f"The bot did not come up. It said:\n{bot.last_words}")
        time.sleep(0.02)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _welcome(url: str, workspace: Workspace) -> None:
    now = workspace.clock.now().astimezone(ZONE)
    _console.print(f"\n[bold]Rollcall is running in a local workspace: {url}[/bold]\n")
    _console.print(
        f"You are Dana Ito of Harrow & Finch Logistics. It is {now:%A} {now.day} {now:%B}, "
        f"{now:%H:%M} in New York;\nthe weekly call is on Wednesday at 15:00. Six things to try:\n"
    )
    for number, text in enumerate(_TO_TRY, 1):
        _console.print(f"  {number}. {text}")
    _console.print("\nCtrl-C ends it, and nothing is kept.")


_TO_TRY = (
    "Open Rollcall's message to you and press “Fill in”, or type /ai-status.",
    "Act as Beatriz Coutinho (at the top left), who has not filed, and press “+1 day”: her "
    "reminder comes.\n     Once more: the round has closed, and #ai-coordination has the summary.",
    "Act as Nathaniel Brooks, who leads Finance, or as Camille Rousseau, a guest.",
    "Type /ai-status missing, /ai-status show OPS-02 or /ai-status away until friday.",
    "Type /ai-project list, /ai-project find docment reading or /ai-project timeline.",
    "Type /ai-escalate, escalate a blocker, and press “+1 day”: it is with the CoE (Emeka Obi)."
    "\n     /ai opens what waits for whoever you are.",
)
