"""The beat of the jobs: when each last went through, on whichever replica."""

from datetime import datetime

from sqlmodel import Session, select

from storage.insert import insert_or_change
from storage.models import Heartbeat
from storage.reading import Read, Reader, given

_OF_JOB = Read(select(Heartbeat).where(Heartbeat.job == given("job")))


def get(reader: Reader, job: str) -> Heartbeat | None:
    """Return a job's heartbeat, if it ever beat."""
    return _OF_JOB.first(reader, job=job)


def to_change(session: Session, job: str) -> Heartbeat | None:
    """Return a job's heartbeat to be changed, if it ever beat."""
    return session.get(Heartbeat, job)


def beat(session: Session, job: str, now: datetime) -> None:
    """Note that a job went through."""
    insert_or_change(session, Heartbeat(job=job, beat_at=now), ["beat_at"])


def note_standstill(session: Session, heartbeat: Heartbeat, until: datetime) -> None:
    """Note that nothing has run since the last beat, and that it runs again."""
    heartbeat.down_from_at, heartbeat.down_until_at = heartbeat.beat_at, until
    heartbeat.beat_at = until
    session.add(heartbeat)
