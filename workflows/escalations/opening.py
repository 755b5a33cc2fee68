"""Opening an escalation: what it would set off is said first, then it is recorded and told."""

from datetime import datetime

from sqlmodel import Session

from storage import escalations, locks
from storage.models import Act, Escalation, EscalationKind
from storage.reading import Reader
from workflows import audit, policies
from workflows.errors import NoPolicyError, UserError
from workflows.escalations.clocking import begin_clocks
from workflows.escalations.errors import (
    EscalationInvalidError,
    NotAllowedError,
    NotSwitchedOnError,
)
from workflows.escalations.moving import record_forecasts
from workflows.escalations.naming import names_in_order
from workflows.escalations.policy import clock_clause
from workflows.escalations.rights import may_open, parts_of, who_opens
from workflows.escalations.telling import announce, post_card
from workflows.escalations.turn import Turn
from workflows.escalations.turning import note
from workflows.escalations.wanted import Preview, Wanted, prepared
from workflows.membership import refusal_of, require_member
from workflows.once import acting
from workflows.policies import Policy
from workflows.policy_document import Switch
from workflows.services import Actor, Services

_SAME_KIND_ONCE = (EscalationKind.TIMELINE_RISK, EscalationKind.BUDGET_OVERRUN)


def is_on(reader: Reader, workspace_id: str) -> bool:
    """Return whether there is a policy that switches escalations on."""
    try:
        return Switch.ESCALATIONS in policies.in_force(reader, workspace_id).document.features
    except NoPolicyError:
        return False


def require_on(reader: Reader, workspace_id: str) -> Policy:
    """Return the policy in force.

    Raises:
        NotSwitchedOnError: it doesn't switch escalations on.
    """
    policy = policies.in_force(reader, workspace_id)
    if Switch.ESCALATIONS not in policy.document.features:
        raise NotSwitchedOnError("Escalations")
    return policy


def preview(services: Services, actor: Actor, wanted: Wanted) -> Preview:
    """Return what an escalation would set off, before it is opened.

    Raises:
        UnknownInitiativeError: there is no such initiative.
        EscalationInvalidError: it can't be so.
    """
    with services.reading() as reader:
        return prepared(reader, actor, wanted, services.now())


def open_escalation(services: Services, actor: Actor, wanted: Wanted) -> Escalation:
    """Open an escalation: it is recorded, shown and told, and its clock begins.

    Raises:
        EscalationInvalidError: it can't be so.
        NotAllowedError, GuestError: the actor may not; kept in the audit log.
    """
    now = services.now()
    with acting(services, actor) as session:
        refusal: UserError | None = refusal_of(session, actor)
        if refusal is None:
            try:
                return open_in(session, actor, wanted, now)
            except NotAllowedError as error:
                refusal = error
        audit.record(session, now, actor, "escalation_open", wanted.key, type(refusal).__name__)
    raise refusal


def open_in(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> Escalation:
    """Open an escalation within a transaction in which somebody acts.

    Raises:
        EscalationInvalidError, NotAllowedError: as `open_escalation`.
    """
    require_on(session, actor.workspace_id)
    if wanted.kind in _SAME_KIND_ONCE:  # they change the entry
        locks.hold_registry(session, actor.workspace_id)
    found = prepared(session, actor, wanted, now)
    _refuse_others(session, found, actor)
    _refuse_twins(session, found.escalation)
    held = store(session, found, actor, now)
    # Last: what watches the registry finds it open already.
    record_forecasts(session, actor, held, now)
    return held


def store(session: Session, found: Preview, actor: Actor | None, now: datetime) -> Escalation:
    """Record an escalation, show it and tell of it; None acts where the bot has found it."""
    one = found.escalation
    locks.hold_numbers(session, one.workspace_id)
    one.number = escalations.next_number(session, one.workspace_id)
    escalations.add(session, one)
    held = escalations.hold(session, one.workspace_id, one.number)
    assert held is not None  # stored a line above
    turn = Turn(session, now, found.policy, held, found.standing, actor)
    clause = clock_clause(held.kind)
    note(turn, Act.OPEN)
    post_card(turn, clause)
    begin_clocks(turn)
    announce(turn, clause)
    return held


def _refuse_others(reader: Reader, found: Preview, actor: Actor) -> None:
    """Refuse whoever may not open an escalation of this kind.

    Raises:
        NotAllowedError: says who can.
    """
    one, standing = found.escalation, found.standing
    if not may_open(one.kind, parts_of(one, standing, actor.user_id)):
        who = names_in_order(reader, one.workspace_id, who_opens(one, standing))
        raise NotAllowedError("open this kind of escalation here", who)


def _refuse_twins(reader: Reader, one: Escalation) -> None:
    """Refuse a second card for what has one: a risk or an overrun of one initiative."""
    if one.kind not in _SAME_KIND_ONCE:
        return
    for other in escalations.unsettled_of_initiative(reader, one.workspace_id, one.initiative_key):
        if other.kind is one.kind:
            said = (
                f"E-{other.number} is open for this already. "
                f"See `/ai-escalate show E-{other.number}`."
            )
            raise EscalationInvalidError({"initiative": said})


def require_reader(services: Services, actor: Actor) -> None:
    """Refuse whoever may change nothing at all, before a form opens.

    Raises:
        NotSwitchedOnError: the policy doesn't switch escalations on.
        UnknownPersonError, LeftError, GuestError: they are no member.
    """
    with services.reading() as reader:
        require_on(reader, actor.workspace_id)
        require_member(reader, actor)
