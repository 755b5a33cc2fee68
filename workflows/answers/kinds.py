"""Answers that come by message, by kind."""

from storage.models import Priority
from workflows.owing import Method, Outgoing

REFRESH = Outgoing(  # an earlier message, changed to how things stand now
    "refresh",
    "a change to an earlier message",
    priority=Priority.BULK,
    method=Method.UPDATE,
    is_alone=True,
)
RESUMED = Outgoing("resumed", priority=Priority.URGENT)  # an answer that couldn't be given in time
