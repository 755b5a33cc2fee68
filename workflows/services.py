"""What a workflow is given to work with."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlmodel import Session


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
    reading: Callable[[], AbstractContextManager[Connection]]  # for those who only read
    now: Callable[[], datetime]  # aware, UTC
