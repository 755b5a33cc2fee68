"""What a workflow is given to work with."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from storage.reading import Known, Reader, recalling


@dataclass(frozen=True)
class Actor:
    """Who does something, and where."""

    workspace_id: str
    user_id: str
    submission_id: str = ""  # what came in and asks for it: its key in the inbox


@dataclass(frozen=True)
class Services:
    """The outside world, built once in bot/ and by a fixture in tests/."""

    transaction: Callable[[], AbstractContextManager[Session]]  # commits on a clean exit
    reading: Callable[[], AbstractContextManager[Reader]]  # for those who only read
    now: Callable[[], datetime]  # aware, UTC


def of_one_request(services: Services) -> Services:
    """Return services that read nothing twice while somebody waits, unless something is written."""
    known: Known = {}

    @contextmanager
    def transaction() -> Iterator[Session]:
        known.clear()
        try:
            with services.transaction() as session:
                yield session
        finally:
            known.clear()

    return replace(services, transaction=transaction, reading=recalling(services.reading, known))
