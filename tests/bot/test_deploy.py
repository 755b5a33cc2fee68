"""What is shipped for operators agrees with the code: the image, compose, the unit."""

import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
VARIABLES = {name.upper() for name in Settings.model_fields}
NOT_OURS = {"PATH", "PYTHONUNBUFFERED", "MPLCONFIGDIR"}


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


class _Alive(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), _Alive) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def healthcheck(**environment: str) -> int:
    command = [sys.executable, str(ROOT / "deploy" / "healthcheck.py")]
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode


def test_a_container_is_healthy_as_long_as_the_bot_in_it_answers(port: int) -> None:
    assert healthcheck(HEALTH_ADDRESS=f"0.0.0.0:{port}") == 0


@pytest.mark.parametrize("address", ["0.0.0.0:1", "0.0.0.0:port", ""])
def test_a_container_in_which_nothing_answers_is_not(address: str) -> None:
    assert healthcheck(HEALTH_ADDRESS=address) == 1


def test_the_image_sets_only_what_the_bot_reads() -> None:
    (set_there,) = re.findall(r"^ENV (.*)$", dockerfile(), re.MULTILINE)

    names = set(re.findall(r"([A-Z_]+)=", set_there))
    assert names - NOT_OURS <= VARIABLES
    assert names >= NOT_OURS | {"DATABASE_URL", "POLICY_FILE", "HEALTH_ADDRESS"}


def test_the_image_runs_as_nobody_in_particular_on_what_the_lock_names() -> None:
    text = dockerfile()

    users = re.findall(r"^USER (\d+):", text, re.MULTILINE)
    assert users
    assert "0" not in users
    assert "--require-hashes -r requirements.lock" in text
    assert "/srv/rollcall/deploy/healthcheck.py" in text


def test_all_that_runs_goes_into_the_image_and_no_secret() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    taken = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert ignored[1] == "*"
    assert taken >= {*project["tool"]["setuptools"]["packages"], "requirements.lock", "LICENSE"}
    assert not taken & {".env", "policy.yml", "."}
    assert all((ROOT / name).exists() for name in taken)


def test_compose_sets_only_what_the_bot_reads() -> None:
    services = yaml.safe_load((ROOT / "compose.yml").read_text(encoding="utf-8"))["services"]

    for name in ("migrate", "rollcall"):
        assert set(services[name]["environment"]) <= VARIABLES
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]


def test_the_unit_runs_what_make_setup_makes() -> None:
    unit = (ROOT / "deploy" / "rollcall.service").read_text(encoding="utf-8")

    started = re.findall(r"^ExecStart(?:Pre)?=/srv/rollcall/(\S+) (\S+)", unit, re.MULTILINE)
    assert started == [(".venv/bin/rollcall", "migrate"), (".venv/bin/rollcall", "serve")]
    assert re.search(r"^Environment=MPLCONFIGDIR=/var/cache/rollcall$", unit, re.MULTILINE)
