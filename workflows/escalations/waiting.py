"""Which escalations wait for somebody, and for what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage import escalations
from storage.models import Act, Agreement, Escalation, EscalationKind, EscalationState
from storage.reading import Reader
from workflows import policies
from workflows.escalations.opening import is_on
from workflows.escalations.rights import Standing, may
from workflows.escalations.standing import standings_of
from workflows.services import Actor, Services


class Need(StrEnum):
    """What an escalation needs of somebody."""

    ANSWER = "answer"  # they own it, and were asked how it goes
    AGREE = "agree"  # to the terms of a conflict
    ACKNOWLEDGE = "acknowledge"  # they hold its level, and nobody has
    OWN = "own"  # they own it


@dataclass(frozen=True)
class WaitingEscalation:
    """An escalation that waits for somebody."""

    escalation: Escalation
    need: Need
    since: datetime


def escalations_waiting(services: Services, actor: Actor) -> list[WaitingEscalation]:
    """Return the escalations that wait for somebody, each once."""
    with services.reading() as reader:
        if not is_on(reader, actor.workspace_id):
            return []
        several = escalations.unsettled(reader, actor.workspace_id)
        policy = policies.in_force(reader, actor.workspace_id)
        standings = standings_of(reader, policy, several, services.now())
        found = []
        for one in several:
            agreed = _agreed(reader, one)
            need = needed_of(one, standings[one.number], agreed, actor.user_id)
            if need is not None:
                found.append(WaitingEscalation(one, need, _since(one, need, agreed)))
    return found


def needed_of(
    one: Escalation, standing: Standing, agreed: Collection[Agreement], user_id: str
) -> Need | None:
    """Return what an escalation that isn't settled needs of somebody, what costs least first."""
    is_owner, is_seen = one.owner_id == user_id, one.state is EscalationState.ACKNOWLEDGED
    is_asked = one.asked_at is not None and one.active_at <= one.asked_at
    if is_owner and is_seen and is_asked:
        return Need.ANSWER
    said_yes = {each.department for each in agreed}
    if one.terms and any(
        user_id in leads and name not in said_yes for name, leads in standing.parties.items()
    ):
        return Need.AGREE
    if not is_seen and may(one, Act.ACKNOWLEDGE, standing, user_id):
        return Need.ACKNOWLEDGE
    return Need.OWN if is_owner else None


def _agreed(reader: Reader, one: Escalation) -> Collection[Agreement]:
    if one.kind is not EscalationKind.RESOURCE_CONFLICT or not one.terms:
        return ()
    return escalations.agreed(reader, one.workspace_id, one.number, one.terms_number)


def _since(one: Escalation, need: Need, agreed: Collection[Agreement]) -> datetime:
    if need is Need.ANSWER and one.asked_at is not None:
        return one.asked_at
    if need is Need.AGREE:
        # Whoever proposes terms agrees to them.
        return min((each.at for each in agreed), default=one.level_since_at)
    if need is Need.OWN and one.acknowledged_at is not None:
        return one.acknowledged_at
    return one.level_since_at
