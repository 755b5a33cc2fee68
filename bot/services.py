"""Builds what the workflows work with."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from storage.engine import reading, transactions
from storage.schema import newest_revision, revision_of
from workflows.errors import SchemaMovedError
from workflows.services import Services


def build_services(engine: Engine, now: Callable[[], datetime]) -> Services:
    """Return the outside world as the workflows see it."""
    writing = gated(transactions(engine), newest_revision())
    return Services(transaction=writing, reading=reading(engine), now=now)


def gated(
    begin: Callable[[], AbstractContextManager[Session]], revision: str
) -> Callable[[], AbstractContextManager[Session]]:
    """Return what begins a transaction, but only in a database of this code's revision.

    A replica of an older version takes no more work once the schema has moved on: it would
    write rows that the newer one can't read.
    """

    @contextmanager
    def transaction() -> Iterator[Session]:
        with begin() as session:
            if revision_of(session) != revision:
                raise SchemaMovedError
            yield session

    return transaction
