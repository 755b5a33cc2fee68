"""What waits to be done, and since when: figures for those who operate the bot."""

from dataclasses import asdict, dataclass
from datetime import datetime

from storage import backlog, heartbeats
from workflows.heartbeat import SWEEP
from workflows.lateness import LATE_AFTER
from workflows.services import Services


@dataclass(frozen=True)
class Backlog:
    """Counts, and ages in seconds; an age is 0 where nothing waits."""

    promises_due: int
    promises_overdue: int
    oldest_promise_seconds: float
    outbox_messages: int
    oldest_message_seconds: float
    inbox_items: int
    sweep_age_seconds: float | None  # None: no sweep ever went through

    def figures(self) -> dict[str, float | None]:
        """Return the figures by their names."""
        return asdict(self)


def measure_backlog(services: Services) -> Backlog:
    """Return what waits in all workspaces at this moment."""
    now = services.now()
    with services.reading() as reader:
        due, oldest_promise_at = backlog.due_promises(reader, now)
        overdue, _ = backlog.due_promises(reader, now - LATE_AFTER)
        messages, oldest_message_at = backlog.due_messages(reader, now)
        beat = heartbeats.get(reader, SWEEP)
        return Backlog(
            promises_due=due,
            promises_overdue=overdue,
            oldest_promise_seconds=_age(now, oldest_promise_at),
            outbox_messages=messages,
            oldest_message_seconds=_age(now, oldest_message_at),
            inbox_items=backlog.open_items(reader),
            sweep_age_seconds=_age(now, beat.beat_at) if beat else None,
        )


def _age(now: datetime, since: datetime | None) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
