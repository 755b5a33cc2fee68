"""Who owns an escalation leaves, or answers for it no more: whoever comes after them does."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from storage import escalations
from storage.models import Act, Escalation, EscalationKind, EscalationState, Level
from workflows import policies
from workflows.errors import NoPolicyError
from workflows.escalations.clocking import begin_clocks
from workflows.escalations.policy import clock_clause, next_level
from workflows.escalations.standing import standings_of
from workflows.escalations.telling import announce
from workflows.escalations.turn import Turn
from workflows.escalations.turning import note, reach
from workflows.owing import Change, What


def replace_owners(session: Session, change: Change, now: datetime) -> None:
    """Give escalations another owner where theirs has left, or doesn't hold the level any more.

    That is the lead, a deputy, the department's lead, and then the level above, in this order.
    """
    if change.what in (What.POLICY, What.FORECASTS):
        return  # who holds what is read anew each time
    several = _owned(session, change)
    if not several:
        return
    try:
        policy = policies.in_force(session, change.workspace_id)
    except NoPolicyError:
        return
    standings = standings_of(session, policy, several, now)
    for one in several:
        if one.owner_id in standings[one.number].holders(one.kind, one.level):
            continue
        held = escalations.hold(session, one.workspace_id, one.number)
        assert held is not None  # read a line above
        began = policies.of_version(session, one.workspace_id, one.policy_version)
        _replace(Turn(session, now, began, held, standings[one.number]))


def _owned(session: Session, change: Change) -> Sequence[Escalation]:
    """Return the open escalations that a change can leave without their owner."""
    workspace_id = change.workspace_id
    found = escalations.unsettled(session, workspace_id)
    if change.what is What.REGISTRY and change.keys is not None:
        found = [one for one in found if one.initiative_key in change.keys]
    return [one for one in found if one.owner_id is not None]


def _replace(turn: Turn) -> None:
    one, standing = turn.escalation, turn.standing
    holders, level = standing.holders(one.kind, one.level), next_level(one.kind, one.level)
    heir = None if _is_of_parties(one) else next(iter(holders), None)
    if not holders and level is not None:
        reach(turn, level)
        note(turn, Act.RAISE, words="nobody is left")
    else:
        one.owner_id, one.state = heir, EscalationState.OPEN
        note(turn, Act.HAND_OVER, person_id=heir or "")
    begin_clocks(turn)
    announce(turn, clock_clause(one.kind))


def _is_of_parties(one: Escalation) -> bool:
    """Return whether those who are left are to settle it together."""
    return one.kind is EscalationKind.RESOURCE_CONFLICT and one.level is Level.OPERATIONAL
