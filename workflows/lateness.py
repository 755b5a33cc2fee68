"""What counts as late, and why it was. Pure: rows and `now` in."""

from datetime import datetime, timedelta

from storage.models import Heartbeat

LATE_AFTER = timedelta(minutes=5)  # far longer than a sweep and a delivery take


def late_by(owed_at: datetime, now: datetime) -> timedelta | None:
    """Return by how much something is late, or None while it is in time."""
    late = now - owed_at
    return late if late > LATE_AFTER else None


def waited(heartbeat: Heartbeat | None, due_at: datetime, now: datetime) -> timedelta:
    """Return how long something has been due while the bot ran: its last standstill is left out."""
    whole = now - due_at
    if heartbeat is None or heartbeat.down_from_at is None or heartbeat.down_until_at is None:
        return whole
    down = min(heartbeat.down_until_at, now) - max(heartbeat.down_from_at, due_at)
    return whole - max(down, timedelta())


def standstill_at(heartbeat: Heartbeat | None, owed_at: datetime) -> Heartbeat | None:
    """Return the heartbeat if its last standstill covers an instant, so that it explains it."""
    if heartbeat is None or heartbeat.down_from_at is None or heartbeat.down_until_at is None:
        return None
    is_covered = heartbeat.down_from_at <= owed_at <= heartbeat.down_until_at
    return heartbeat if is_covered else None


def why_late(heartbeat: Heartbeat | None, owed_at: datetime) -> str:
    """Return why something owed at an instant came late, for those who operate the bot."""
    if (down := standstill_at(heartbeat, owed_at)) is not None:
        return f"nothing ran from {_utc(down.down_from_at)} to {_utc(down.down_until_at)}"
    return "there was more to do than could be done at once"


def _utc(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
