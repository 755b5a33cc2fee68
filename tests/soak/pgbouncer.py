"""Debian's PgBouncer in front of a test's PostgreSQL, pooling by transaction."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.waiting import wait_until

_SETTINGS = """[databases]
{name} = host={host} port={port} user={user} dbname={name}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 5
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
logfile = {logfile}
pidfile =
"""


@contextmanager
def through_pgbouncer(folder: Path, database_url: str) -> Iterator[str]:
    """Run PgBouncer and yield the database's address through it; five connections for all."""
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    if not Path(program).exists():
        pytest.fail("pgbouncer is missing: apt-get install pgbouncer")
    url = make_url(database_url)
    listen_port = _free_port()
    settings, log = folder / "pgbouncer.ini", folder / "pgbouncer.log"
    log.touch(mode=0o666)
    log.chmod(0o666)
    settings.write_text(
        _SETTINGS.format(
            name=url.database,
            host=url.query.get("host") or url.host,
            port=url.port or 5432,
            user=url.username or "postgres",
            listen_port=listen_port,
            logfile=log,
        )
    )
    settings.chmod(0o644)
    for parent in (folder, *folder.parents):
        if parent.stat().st_mode & 0o001 == 0 and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)  # it does not run as root, and has to read
    # It refuses to run as root, and has to get at the server's socket in the data folder.
    owner = Path(str(url.query.get("host"))).owner()
    process = subprocess.Popen([program, "-q", "-u", owner, str(settings)])
    try:
        wait_until(lambda: process.poll() is not None or _answers(listen_port))
        assert process.poll() is None, "pgbouncer did not start"
        name, user = url.database, url.username or "postgres"
        yield f"postgresql+psycopg://{user}@127.0.0.1:{listen_port}/{name}"
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
