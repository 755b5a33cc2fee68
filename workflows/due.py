"""What the bot still owes, and when the earliest of it is due."""

from datetime import datetime

from storage import notifications, promises
from workflows.services import Services


def next_due_at(services: Services) -> datetime | None:
    """Return the instant of the earliest thing that is not settled: a promise or a message."""
    with services.reading() as reader:
        instants = (promises.next_due_at(reader), notifications.next_due_at(reader))
    return min((instant for instant in instants if instant is not None), default=None)
