"""The outbox's pace: until when each lane is used up."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from storage.insert import insert_or_change, insert_or_change_rows
from storage.models import Pace
from storage.reading import Read, Reader, given

TURN = "turn"  # the lane whose row is held by whoever claims in the workspace just now
_USED_UP = Read(
    select(Pace.lane, Pace.used_until_at).where(
        Pace.workspace_id == given("workspace_id"), col(Pace.used_until_at) > given("now")
    )
)


def take_turn(session: Session, workspace_id: str, now: datetime) -> None:
    """Make others who claim in the workspace wait until this transaction ends.

    Two that claim at once would both use what one of them may.
    """
    held = session.exec(
        select(Pace).where(Pace.workspace_id == workspace_id, Pace.lane == TURN).with_for_update()
    ).one_or_none()
    if held is None:
        turn = Pace(workspace_id=workspace_id, lane=TURN, used_until_at=now)
        insert_or_change(session, turn, ["used_until_at"])


def marks(reader: Reader, workspace_id: str, now: datetime) -> dict[str, datetime]:
    """Return until when each lane that is still used up at `now` stays so."""
    return dict(_USED_UP.all(reader, workspace_id=workspace_id, now=now))


def mark(session: Session, workspace_id: str, marks: Mapping[str, datetime]) -> None:
    """Keep until when lanes are used up."""
    rows = [
        {"workspace_id": workspace_id, "lane": lane, "used_until_at": used_until}
        for lane, used_until in sorted(marks.items())
    ]
    insert_or_change_rows(session, Pace, rows, ["used_until_at"])
