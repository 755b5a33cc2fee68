"""What the workspace hands out for a while: trigger ids and response urls."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from sandbox.slack_error import SlackError

TRIGGER_SECONDS = 3  # of real time: a rehearsal's clock doesn't hurry anybody
RESPONSE_LIFE = timedelta(minutes=30)
RESPONSE_USES = 5


@dataclass
class Trigger:
    """Leave to open one window."""

    user_id: str
    issued: float  # monotonic seconds
    view_id: str | None = None  # the window it was pressed in
    used: bool = False


@dataclass
class ResponseUrl:
    """Leave to answer a command or a click a few times."""

    user_id: str
    channel_id: str
    issued_at: datetime
    message_ts: str | None = None  # the message that was clicked
    uses: int = 0


@dataclass
class Tickets:
    """Everything handed out, by its name."""

    monotonic: Callable[[], float] = time.monotonic
    trigger_seconds: float = TRIGGER_SECONDS
    triggers: dict[str, Trigger] = field(default_factory=dict)
    responses: dict[str, ResponseUrl] = field(default_factory=dict)
    sockets: set[str] = field(default_factory=set)
    uploads: dict[str, str] = field(default_factory=dict)  # name -> file id
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def issue_trigger(self, user_id: str, view_id: str | None = None) -> str:
        """Return a trigger id for what somebody has just done."""
        name = f"{next(self._numbers)}.{user_id}.trigger"
        self.triggers[name] = Trigger(user_id, self.monotonic(), view_id)
        return name

    def use_trigger(self, name: str) -> Trigger:
        """Return the trigger, which can't be used again.

        Raises:
            SlackError: it was never issued, was used, or is older than three seconds.
        """
        trigger = self.triggers.get(name)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.monotonic() - trigger.issued > self.trigger_seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def issue_response(
        self, user_id: str, channel_id: str, now: datetime, message_ts: str | None = None
    ) -> str:
        """Return the name of a response url."""
        name = f"{next(self._numbers)}-{user_id}"
        self.responses[name] = ResponseUrl(user_id, channel_id, now, message_ts)
        return name

    def use_response(self, name: str, now: datetime) -> ResponseUrl:
        """Return what a response url answers to, counting the use.

        Raises:
            SlackError: it was never issued, is too old or used up.
        """
        response = self.responses.get(name)
        if response is None or now - response.issued_at > RESPONSE_LIFE:
            raise SlackError("expired_url")
        if response.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        response.uses += 1
        return response

    def issue_upload(self, file_id: str) -> str:
        """Return the name of an address that takes the bytes of a file."""
        name = secrets.token_urlsafe(16)
        self.uploads[name] = file_id
        return name

    def issue_socket(self) -> str:
        """Return a ticket that opens one socket."""
        ticket = secrets.token_hex(8)
        self.sockets.add(ticket)
        return ticket

    def use_socket(self, ticket: str) -> bool:
        """Tell whether a ticket opens a socket; it does so once."""
        known = ticket in self.sockets
        self.sockets.discard(ticket)
        return known
