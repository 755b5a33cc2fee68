"""The words of messages, found at the moment they are sent."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from handlers.blocks import gathered
from handlers.blocks.message import Message, settled
from handlers.telling import reader_zone
from handlers.tellings import tellings
from storage.models import Notification
from workflows.heartbeat import last_sweep
from workflows.lateness import late_by, standstill_at
from workflows.services import Services


def render(services: Services, several: Sequence[Notification]) -> dict[str, Message]:
    """Return messages by their keys as things stand now, but for those with nothing left to say.

    A reminder of what was done a moment ago is not sent.
    """
    return {
        notification.key: _with_lateness(
            services, _with_its_marks(message, notification), notification
        )
        for notification, message in _worded(services, several, again=False)
        if message is not None
    }


def render_again(services: Services, sent: Sequence[Notification]) -> list[Message]:
    """Return messages that were sent, as things stand now: what they asked for may be done."""
    return [
        _with_its_marks(message or settled(), notification)
        for notification, message in _worded(services, sent, again=True)
    ]


def _worded(
    services: Services, several: Sequence[Notification], *, again: bool
) -> list[tuple[Notification, Message | None]]:
    of_kind: dict[str, list[Notification]] = defaultdict(list)
    for notification in several:
        of_kind[notification.kind].append(notification)
    words: dict[str, Message | None] = {}
    for kind, those in of_kind.items():
        telling = tellings()[kind]
        found: Mapping[str, Message | None] = (
            telling.again(services, those)
            if again and telling.again is not None
            else telling.words(services, those)
        )
        words |= found
    return [(notification, words[notification.key]) for notification in several]


def _with_its_marks(message: Message, notification: Notification) -> Message:
    """Return the message with what it carries of itself: whom it was for, and why."""
    if notification.instead_of_id:
        message = gathered.instead_of(message, notification.instead_of_id)
    return gathered.with_menu(message, notification.key)


def _with_lateness(services: Services, message: Message, notification: Notification) -> Message:
    late = late_by(notification.owed_at, services.now())
    if late is None:
        return message
    beat = standstill_at(last_sweep(services), notification.owed_at)
    return gathered.with_lateness(message, late, beat, reader_zone(services, notification))
