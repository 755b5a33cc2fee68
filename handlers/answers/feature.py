"""Answers that come by message, since they could not be given in time."""

from handlers.blocks.message import Message
from handlers.blocks.text import section, stored
from handlers.telling import Feature, Telling, because, one_by_one
from storage.models import Notification
from workflows.answers.kinds import RESUMED
from workflows.services import Services


def resumed(words: str) -> Message:
    """Return what tells somebody what became of a click that a restart interrupted."""
    return Message(text=stored(words), blocks=[section(stored(words))])


def _resumed(_services: Services, notification: Notification) -> Message:
    return resumed(notification.words)


FEATURE = Feature(
    "answers",
    tellings=(
        Telling(
            RESUMED,
            one_by_one(_resumed),
            because(
                "You pressed or typed something, and I couldn't answer right away. "
                "This is the answer."
            ),
        ),
    ),
)
