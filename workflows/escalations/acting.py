"""What people do to an escalation: looked at, refused or done, in one transaction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from storage import escalations
from storage.models import Act, Escalation
from workflows import audit, policies
from workflows.errors import UserError
from workflows.escalations.deeds import DEEDS, Deed
from workflows.escalations.errors import (
    EscalationInvalidError,
    NotAllowedError,
    NotAloneError,
    UnknownEscalationError,
)
from workflows.escalations.meanwhile import refuse_moved_on
from workflows.escalations.naming import names_in_order
from workflows.escalations.opening import require_on
from workflows.escalations.rights import may, who_may
from workflows.escalations.standing import slipped_onto, standing_of
from workflows.escalations.turn import Turn, calendar_of_one
from workflows.membership import refusal_of
from workflows.once import acting
from workflows.services import Actor, Services

NEEDS_WORDS = {  # by the act: what stands beside the field that was left empty
    Act.RESOLVE: "Please say what was decided: it goes into the decision log.",
    Act.SNOOZE: "Please say why.",
}


def act_on(services: Services, actor: Actor, deed: Deed) -> Escalation:
    """Do something to an escalation, once; what comes of it is told in its thread.

    Raises:
        UnknownEscalationError: there is none of this number.
        MovedOnError: something has happened since it was shown; says what.
        NotAllowedError, GuestError: somebody else may; kept in the audit log.
        EscalationInvalidError: what is said with it can't be so.
    """
    return _attempt(services, actor, deed, _do)


def require_may(services: Services, actor: Actor, deed: Deed) -> None:
    """Refuse what somebody may not do, or can't any more, before a form asks how.

    Raises:
        UnknownEscalationError, MovedOnError, NotAllowedError, GuestError: as `act_on`.
    """
    # Nothing is done yet: what opens a form is no submission.
    asking = replace(actor, submission_id="")
    _attempt(services, asking, deed, lambda _turn, _deed: None)


def _attempt(
    services: Services, actor: Actor, deed: Deed, do: Callable[[Turn, Deed], None]
) -> Escalation:
    with acting(services, actor) as session:
        policy = require_on(session, actor.workspace_id)
        one = escalations.hold(session, actor.workspace_id, deed.number)
        if one is None:
            raise UnknownEscalationError(f"E-{deed.number}")
        now = services.now()
        began = policies.of_version(session, actor.workspace_id, one.policy_version)
        turn = Turn(session, now, began, one, standing_of(session, policy, one, now), actor)
        refusal = refusal_of(session, actor) or _refusal(turn, deed)
        if refusal is None:
            refuse_moved_on(turn, deed.act, deed.seen_step)
            do(turn, deed)
            return one
        action, subject = f"escalation_{deed.act}", f"E-{one.number} {one.level}"
        audit.record(session, now, actor, action, subject, type(refusal).__name__)
    raise refusal


def _do(turn: Turn, deed: Deed) -> None:
    _check(turn, deed)
    DEEDS[deed.act](turn, deed)


def _refusal(turn: Turn, deed: Deed) -> UserError | None:
    """Return why somebody may not do something, or None if they may."""
    one, standing, actor_id = turn.escalation, turn.standing, turn.actor_id
    if may(one, deed.act, standing, actor_id):
        return None
    if deed.act is Act.ESCALATE:  # looked for only where it matters: it takes the whole registry
        dependents = slipped_onto(turn.session, turn.workspace_id, one.initiative_key)
        standing = replace(standing, dependents=tuple(dependents))
        if may(one, deed.act, standing, actor_id):
            return None
    what, who = f"{_WORDS[deed.act]} E-{one.number}", who_may(one, deed.act, standing)
    if deed.act is Act.RESOLVE and not who and all(standing.parties.values()):
        together = who_may(one, Act.AGREE, standing)
        return NotAloneError(what, names_in_order(turn.session, turn.workspace_id, together))
    return NotAllowedError(what, names_in_order(turn.session, turn.workspace_id, who))


def _check(turn: Turn, deed: Deed) -> None:
    """Refuse what is said with an act and can't be so.

    Raises:
        EscalationInvalidError: with every fault, each by its field.
    """
    faults: dict[str, str] = {}
    if deed.act in NEEDS_WORDS and not deed.words.strip():
        faults["words"] = NEEDS_WORDS[deed.act]
    if deed.act is Act.SNOOZE:
        faults |= _snooze_faults(turn, deed)
    if deed.act is Act.HAND_OVER:
        faults |= _heir_faults(turn, deed)
    if faults:
        raise EscalationInvalidError(faults)


def _snooze_faults(turn: Turn, deed: Deed) -> dict[str, str]:
    rules = turn.policy.document.escalations.snooze
    if turn.escalation.snoozes >= rules.most_times:
        times = "once" if rules.most_times == 1 else f"{rules.most_times} times"
        return {"words": f"This was snoozed {times} already: hand it over, or resolve it."}
    if deed.until_on is None:
        return {"until_on": "Please say until when."}
    today = turn.now.astimezone(calendar_of_one(turn, turn.actor_id).zone).date()
    if deed.until_on <= today:
        return {"until_on": "Please pick a day after today."}
    if deed.until_on > today + timedelta(days=rules.most_days):
        return {"until_on": f"At most {rules.most_days} days: the clock goes on meanwhile."}
    return {}


def _heir_faults(turn: Turn, deed: Deed) -> dict[str, str]:
    one = turn.escalation
    holders = turn.standing.holders(one.kind, one.level)
    if deed.person_id in holders and deed.person_id != one.owner_id:
        return {}
    others = [user_id for user_id in holders if user_id != one.owner_id]
    names = names_in_order(turn.session, turn.workspace_id, others)
    if not names:
        return {"person_id": "Nobody else holds this level. Escalate it instead."}
    return {"person_id": f"Please pick somebody of the same level: {', '.join(names)}."}


_WORDS = {
    Act.ACKNOWLEDGE: "acknowledge",
    Act.TAKE_OVER: "take over",
    Act.HAND_OVER: "hand over",
    Act.ESCALATE: "escalate",
    Act.RESOLVE: "resolve",
    Act.WITHDRAW: "withdraw",
    Act.SNOOZE: "snooze",
    Act.CONFIRM: "answer for",
    Act.REOPEN: "reopen",
    Act.AGREE: "settle",
}
