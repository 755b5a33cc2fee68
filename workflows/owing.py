"""What a feature declares: what it owes (its duties) and what it sends (its outgoing kinds)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from storage.due_promises import Due
from storage.models import Priority, Promise
from storage.reading import Reader


class Attention(StrEnum):
    """When a message may claim its reader's attention."""

    AT_ONCE = "at once"
    RIDES = "rides"  # with its reader's next prompt or digest, unless it is due earlier
    DIGEST_ONLY = "digest only"  # a line of the digest, and never a message


class Method(StrEnum):
    """The Web API method that sends a message."""

    POST = "chat.postMessage"
    UPDATE = "chat.update"
    PUBLISH = "views.publish"
    UPLOAD = "files.upload"


@dataclass(frozen=True)
class Outgoing:
    """A kind of message; its name stands in each row of the outbox."""

    name: str
    described: str = "a message"  # in a few words: “a prompt”
    clause: str = ""  # of the policy, if one clause asks for every message of the kind
    attention: Attention = Attention.AT_ONCE
    priority: Priority = Priority.USUAL
    method: Method = Method.POST
    is_alone: bool = False  # never part of another message
    carries_riders: bool = False
    is_replaceable: bool = False  # somebody else can do something about it

    @property
    def waits_for_working_hours(self) -> bool:
        """Return whether it can wait until its reader works; an answer can't."""
        return self.method is Method.POST and self.priority is not Priority.URGENT


class What(StrEnum):
    """What can change so that something is owed otherwise."""

    REGISTRY = "registry"  # an initiative, its stage, its people, its dates
    FORECASTS = "forecasts"  # dates or money of an initiative that somebody changes by hand
    PEOPLE = "people"  # somebody's clock, or whether they are there
    POLICY = "policy"


@dataclass(frozen=True)
class Change:
    """What has changed in a workspace; `keys` are of the initiatives, None: any of them."""

    workspace_id: str
    what: What
    keys: frozenset[str] | None = None


@dataclass(frozen=True)
class Duty:
    """A kind of promise; its name stands in each row.

    `settle` is given promises of this kind alone. `faults` are what is wrong with pending ones, by
    their keys. `plan_anew` brings what is owed in line with a change.
    """

    name: str
    described: str  # in a few words: “a prompt”
    settle: Callable[[Session, Sequence[Due], datetime], None]
    faults: Callable[[Reader, str, Sequence[Promise]], dict[str, str]]
    plan_anew: Callable[[Session, Change, datetime], None] | None = None
    missing: tuple[str, str] | None = None  # the finding where none is pending


@dataclass(frozen=True)
class Owed:
    """All that one feature owes and sends; a batch of what is due is settled in this order."""

    feature: str
    duties: tuple[Duty, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()


def no_faults(_reader: Reader, _workspace_id: str, _pending: Sequence[Promise]) -> dict[str, str]:
    """Return no faults: nothing can be wrong but waiting too long."""
    return {}
