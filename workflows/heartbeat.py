"""The sweep's heartbeat: late things are explained by it, and its absence is told."""

from datetime import datetime, timedelta

from storage import heartbeats, workspaces
from storage.models import Heartbeat
from workflows.alerts.kinds import STANDSTILL
from workflows.outbox.posting import Post, tell_manager
from workflows.services import Services
from workflows.subjects import of_workspace

SWEEP = "sweep"
_EVERY = timedelta(seconds=15)  # a beat is a write; more often tells nobody more
STANDSTILL_AFTER = timedelta(minutes=2)  # without a beat
TOLD_AFTER = timedelta(minutes=10)


def begin_sweep(services: Services) -> None:
    """Note a standstill that ends with this sweep, after a long silence or a crash."""
    now = services.now()
    with services.reading() as reader:
        last = heartbeats.get(reader, SWEEP)
    if last is None or now - last.beat_at <= STANDSTILL_AFTER:
        return
    with services.transaction() as session:
        last = heartbeats.to_change(session, SWEEP)
        if last is not None and now - last.beat_at > STANDSTILL_AFTER:
            heartbeats.note_standstill(session, last, now)


def end_sweep(services: Services) -> None:
    """Note that a sweep went through."""
    now = services.now()
    with services.reading() as reader:
        last = heartbeats.get(reader, SWEEP)
    if last is None or not timedelta(0) <= now - last.beat_at < _EVERY:
        with services.transaction() as session:
            heartbeats.beat(session, SWEEP, now)


def last_sweep(services: Services) -> Heartbeat | None:
    """Return the heartbeat of the sweep on whichever replica, if there was one."""
    with services.reading() as reader:
        return heartbeats.get(reader, SWEEP)


def is_fresh(last: Heartbeat, now: datetime) -> bool:
    """Tell whether a sweep went through lately; the clock may have been set since."""
    return abs(now - last.beat_at) <= STANDSTILL_AFTER


def name_standstill(last: Heartbeat) -> str:
    """Return the key of the message that tells of a standstill since a beat."""
    return f"standstill:{last.beat_at:%Y-%m-%dT%H:%M:%S}"


def tell_standstill(services: Services, last: Heartbeat) -> None:
    """Tell each workspace's programme manager once that no sweep has gone through since.

    This runs beside the sweep, as delivery does: what has stopped can't tell of itself.
    """
    now = services.now()
    with services.transaction() as session:
        for workspace in workspaces.every(session):
            about = of_workspace(workspace.workspace_id)
            said = Post(STANDSTILL, name_standstill(last), about)
            tell_manager(session, workspace.workspace_id, said, now)
