"""What is open, for places that are about something else: an entry, a summary, a digest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import escalations, initiatives
from storage.models import Escalation
from workflows.escalations.opening import is_on
from workflows.escalations.reading import Listed, Which, with_names
from workflows.services import Services

_A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class InShort:
    """What is open, as one line tells it."""

    count: int
    oldest: Escalation
    moving: Sequence[tuple[datetime, Escalation]]  # when which goes on this week, next first
    now: datetime


def open_of_initiative(services: Services, workspace_id: str, key: str) -> Listed | None:
    """Return what is open of an initiative; None where escalations are not switched on."""
    with services.reading() as reader:
        if not is_on(reader, workspace_id):
            return None
        found = escalations.unsettled_of_initiative(reader, workspace_id, key)
        return with_names(reader, workspace_id, Listed(Which.INITIATIVE, found, wanted=key))


def in_short(
    services: Services, workspace_id: str, departments: Collection[str] | None = None
) -> InShort | None:
    """Return what is open of all departments, or of these; None where that is nothing."""
    with services.reading() as reader:
        if not is_on(reader, workspace_id):
            return None
        found = escalations.unsettled(reader, workspace_id)
        if departments is not None:
            keys = {one.initiative_key for one in found}
            known = initiatives.among(reader, workspace_id, keys)
            theirs = {one.key for one in known if one.department in departments}
            found = [one for one in found if one.initiative_key in theirs]
    return told_of(found, services.now())


def told_of(several: Sequence[Escalation], now: datetime) -> InShort | None:
    """Return what there is to tell of open escalations, oldest first; None of none."""
    if not several:
        return None
    moving = [(one.moves_at, one) for one in several if one.moves_at is not None]
    soon = [pair for pair in moving if pair[0] < now + _A_WEEK]
    return InShort(len(several), several[0], sorted(soon, key=lambda pair: pair[0]), now)
