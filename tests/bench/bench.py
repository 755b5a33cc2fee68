"""What every measurement works with: databases, a Slack, and processes that end with the run."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from slack_sdk import WebClient

from bot.kept_client import KeptClient
from bot.settings import Settings
from tests.bench.databases import Databases
from tests.bench.transports import SECRET, HttpTransport, SocketPeer, Transport
from tests.factories import a_policy

ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 30.0
_LONG_SECONDS = 20.0

Process = subprocess.Popen[bytes]
Amount = TypeVar("Amount", int, float)
Taken = TypeVar("Taken")


@dataclass
class Bench:
    """One run."""

    folder: Path
    databases: Databases
    peer: SocketPeer
    api_url: str  # of the stub
    quick: bool

    @property
    def repetitions(self) -> int:
        return self.pick(5, 3)

    def repeat(self, measure: Callable[[], Taken]) -> list[Taken]:
        """Measure as often as is due: of what takes long three times are enough."""
        begun, taken = time.monotonic(), [measure()]
        while len(taken) < self.repetitions:
            if len(taken) >= 3 and time.monotonic() - begun > _LONG_SECONDS:
                break
            taken.append(measure())
        return taken

    def pick(self, full: Amount, quick: Amount) -> Amount:
        """Return how much of something this run does."""
        return quick if self.quick else full

    def client(self) -> WebClient:
        """Return a client as the product has it: no call is sent twice."""
        return KeptClient(token="xoxb-bench", base_url=self.api_url, timeout=20, retry_handlers=[])

    def settings(self, database_url: str) -> Settings:
        given = self.environment(database_url)
        return Settings(**{name.lower(): value for name, value in given.items()})  # type: ignore[arg-type]

    def environment(self, database_url: str) -> dict[str, str]:
        policy = self.folder / "policy.yml"
        policy.write_text(a_policy(), encoding="utf-8")
        return {
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_APP_TOKEN": "xapp-bench",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": self.api_url,
            "DATABASE_URL": database_url,
            "POLICY_FILE": str(policy),
        }

    def start(self, stack: ExitStack, database_url: str, *module: str) -> Process:
        """Start a Python module as a process that ends with the stack; its log goes to a file."""
        log = stack.enter_context((self.folder / "processes.log").open("ab"))
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=ROOT,
            env=os.environ | self.environment(database_url),
            stdout=log,
            stderr=log,
        )
        stack.callback(end, process)
        return process

    def start_host(
        self, stack: ExitStack, database_url: str, which: str, transport: str
    ) -> Transport:
        """Start an app by itself and return the transport to it."""
        if transport == "socket":
            self.start(stack, database_url, "tests.bench.host", which, "socket")
            return self.peer.next_transport()
        address = f"127.0.0.1:{free_port()}"
        self.start(stack, database_url, "tests.bench.host", which, address)
        wait_for_port(address)
        return HttpTransport(address)


def start_stub(stack: ExitStack, socket_url: str, *certificate: str) -> str:
    """Start the stub of Slack and return its API's address."""
    stub = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.stub", socket_url, *certificate],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    stack.callback(end, stub)
    assert stub.stdout is not None
    return f"http://127.0.0.1:{int(stub.stdout.readline())}/api/"


def end(process: Process) -> None:
    """End a process at once: none of them has anything to keep."""
    process.kill()
    process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def wait_for_port(address: str) -> None:
    host, _, port = address.rpartition(":")
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(address)
