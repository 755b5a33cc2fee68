"""Answers in a thread: they go where the message is that they answer, and after it."""

from dataclasses import dataclass

from storage import notifications
from storage.models import Notification, NotificationState
from workflows.outbox.policy import fallback_key
from workflows.services import Services

_UNSETTLED = (NotificationState.PENDING, NotificationState.SENDING)


@dataclass(frozen=True)
class Root:
    """The post that a thread hangs on, as Slack names it."""

    channel_id: str
    ts: str


@dataclass(frozen=True)
class NotYet:
    """What is answered is under way, and has no name yet."""


def is_answer(notification: Notification) -> bool:
    """Tell whether a message answers another."""
    return notification.thread_key not in ("", notification.key)


def root_of(services: Services, answer: Notification) -> Root | NotYet | None:
    """Return the post that a message answers; None where Slack never took it.

    What Slack refused stands in the fallback channel, and is answered there.
    """
    with services.reading() as reader:
        for key in (answer.thread_key, fallback_key(answer.thread_key)):
            root = notifications.get(reader, answer.workspace_id, key)
            if root is not None and root.state in _UNSETTLED:
                return NotYet()
            if root is not None and root.state is NotificationState.SENT:
                return Root(root.channel_id, root.ts)
    return None
