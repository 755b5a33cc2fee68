"""`rollcall` beside a Slack that answers what commands ask it."""

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import connect
from storage.schema import migrate
from tests.cli import Cli


class _Slack(http.server.BaseHTTPRequestHandler):
    """Knows U1 by id, and refuses every token but one."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        known = self.headers["Authorization"] == "Bearer xoxb-secret"
        answer = {"ok": True, "team_id": "T1", "team": "Tests", "user_id": "U0", "bot_id": "B0"}
        if "lookupByEmail" in self.path:
            self.close_connection = True  # without a word
            return
        if "users.info" in self.path:
            answer["user"] = {"id": "U1", "name": "lead", "tz": "Europe/Berlin"}
        body = json.dumps(answer if known else {"ok": False, "error": "invalid_auth"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815  (the library's name)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def api_url() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Slack) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/api/"
        server.shutdown()
        thread.join()


@pytest.fixture
def cli(tmp_path: Path, api_url: str) -> Cli:
    return Cli(tmp_path, api_url)


@pytest.fixture
def migrated(cli: Cli) -> Cli:
    engine = connect(cli.settings["DATABASE_URL"])
    migrate(engine)
    engine.dispose()
    return cli
