"""Claiming: which messages go now, and which go with them. Others who claim wait meanwhile."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from storage import outbox, pace
from storage.models import Notification
from workflows import policies
from workflows.kinds import outgoing
from workflows.outbox.policy import Limits, can_be_gathered, full_lanes, within_pace

# Longer than the slowest request that can still be under way: before that, nobody may ask
# whether an unanswered message was posted, because it still might be.
ABANDONED_AFTER = timedelta(seconds=60)
_CANDIDATES = 2  # looked at for each that may be claimed: some have to keep a pace


@dataclass(frozen=True)
class Claim:
    """A message that this process sends, and the others to the same person that go with it."""

    carrier: Notification
    others: Sequence[Notification] = ()

    @property
    def parts(self) -> list[Notification]:
        """Return all whose words go, in the order of their words."""
        return [self.carrier, *self.others]


def claim(
    session: Session, workspace_id: str, now: datetime, most: int, limits: Limits
) -> list[Claim]:
    """Claim up to `most` messages: what others left first, then what is due and at its pace."""
    claims = _take_over(session, workspace_id, now, most)
    marks = pace.marks(session, workspace_id, now)
    full = full_lanes(marks, now, limits)
    kinds = [kind for kind in outgoing() if limits.of_method(kind).name not in full]
    free = most - len(claims)
    due = outbox.due(session, workspace_id, now, full, kinds, free * _CANDIDATES)
    going, changed = within_pace(due, marks, now, free, limits)
    pace.mark(session, workspace_id, changed)
    gathered = _gather(session, workspace_id, going, now) if going else []
    carriers = {one.carrier.key: "" for one in [*claims, *gathered]}
    others = {other.key: one.carrier.key for one in gathered for other in one.others}
    outbox.claim(session, workspace_id, now, carriers | others)
    return [*claims, *gathered]


def _take_over(session: Session, workspace_id: str, now: datetime, most: int) -> list[Claim]:
    """Return what whoever was sending it has left, with the others that were to go with it."""
    abandoned = outbox.abandoned(session, workspace_id, now - ABANDONED_AFTER, most)
    keys = [row.key for row in abandoned]
    carried = _by(outbox.carried_by(session, workspace_id, keys), "carrier_key") if keys else {}
    return [Claim(outbox.as_claimed(row, now), carried.get(row.key, ())) for row in abandoned]


def _gather(
    session: Session, workspace_id: str, going: Sequence[Notification], now: datetime
) -> list[Claim]:
    """Return claims: each person's first message with all others to them that are due soon."""
    minutes = policies.in_force(session, workspace_id).document.attention.gather_minutes
    until = now + timedelta(minutes=minutes)
    to_people = {one.recipient_id for one in going if can_be_gathered(one)}
    gatherable = [kind.name for kind in outgoing().values() if not kind.is_alone]
    waiting = (
        _by(outbox.gatherable(session, workspace_id, to_people, until, gatherable), "recipient_id")
        if to_people
        else {}
    )
    claims: list[Claim] = []
    taken: set[str] = set()
    for carrier in going:
        if carrier.key in taken:
            continue  # an earlier one carries it
        taken.add(carrier.key)
        rest = waiting.get(carrier.recipient_id, ()) if can_be_gathered(carrier) else ()
        others = [one for one in rest if one.key not in taken]
        taken |= {one.key for one in others}
        carried = [outbox.as_claimed(one, now, carrier.key) for one in others]
        claims.append(Claim(outbox.as_claimed(carrier, now), carried))
    return claims


def _by(rows: Iterable[Notification], fact: str) -> dict[str, list[Notification]]:
    of_each: dict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        of_each[getattr(row, fact)].append(row)
    return of_each
