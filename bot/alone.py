"""SQLite is one process: a second one that would serve the same file is refused."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from bot.database import DatabaseUnusableError, advice_for
from workflows.errors import UserError


class NotAloneError(UserError):
    """Another process serves the database file."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL: another Rollcall serves this SQLite file, and SQLite is for one. "
            "End the other one, or move to PostgreSQL, which any number of them can share."
        )


@contextmanager
def alone_on(database_url: str) -> Iterator[None]:
    """Hold an SQLite file for this process; PostgreSQL needs no such thing.

    The lock lies beside the file and is the kernel's: it goes with the process, however that ends.

    Raises:
        NotAloneError: another process holds it.
        DatabaseUnusableError: there can be no file at that address.
    """
    file = sqlite_file(database_url)
    if file is None:
        yield
        return
    try:
        lock = file.with_name(f"{file.name}.lock").open("w")
    except (OSError, ValueError) as error:  # ValueError: it ends in no name, as `.`
        reason = getattr(error, "strerror", None) or "it names no file"
        raise DatabaseUnusableError(reason, advice_for("sqlite")) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotAloneError from None
        yield


def sqlite_file(database_url: str) -> Path | None:
    """Return the file of an SQLite address, or None for any other address."""
    url = make_url(database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
