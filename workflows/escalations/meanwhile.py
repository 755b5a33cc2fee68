"""What has happened since somebody was shown an escalation: said, before anything is done."""

from zoneinfo import ZoneInfo

from storage import escalations, people
from storage.models import Act, Escalation, EscalationState, EscalationStep
from workflows.escalations.errors import MovedOnError
from workflows.escalations.policy import is_settled, next_level
from workflows.escalations.turn import Turn

_HAPPENED = {  # after “E-12 ”; what the clock did has no name to it
    Act.OPEN: "was opened by {who}",
    Act.ACKNOWLEDGE: "was acknowledged by {who}",
    Act.TAKE_OVER: "was taken over by {who}",
    Act.HAND_OVER: "was handed over by {who}",
    Act.ESCALATE: "was escalated by {who}",
    Act.GROW: "has grown",
    Act.RECEDE: "went under its threshold",
    Act.RAISE: "went one level up",
    Act.RESOLVE: "was resolved by {who}",
    Act.AGREE: "was given other terms by {who}",
    Act.WITHDRAW: "was withdrawn by {who}",
    Act.REOPEN: "was reopened by {who}",
}


def refuse_moved_on(turn: Turn, act: Act, seen_step: int) -> None:
    """Refuse what was pressed on something old, or can't be done any more.

    Raises:
        MovedOnError: says what has happened, who did it and when.
    """
    one = turn.escalation
    if seen_step < one.turned_on_step or not _is_possible(one, act):
        raise MovedOnError(f"Nothing was done: {_happened(turn)}.")
    if act is Act.TAKE_OVER and one.owner_id == turn.actor_id:
        raise MovedOnError(f"E-{one.number} is yours already.")
    if act is Act.ESCALATE and next_level(one.kind, one.level) is None:
        raise MovedOnError(f"E-{one.number} is at its last level already: it can't go higher.")


def _is_possible(one: Escalation, act: Act) -> bool:
    if act is Act.REOPEN:
        return is_settled(one)
    if is_settled(one):
        return False
    is_seen = one.state is EscalationState.ACKNOWLEDGED
    return not is_seen if act is Act.ACKNOWLEDGE else True


def _happened(turn: Turn) -> str:
    one = turn.escalation
    step = escalations.step(turn.session, one.workspace_id, one.number, one.turned_on_step)
    assert step is not None  # each turn is a step
    if step.act is Act.AGREE and is_settled(one):
        return f"E-{one.number} was settled by agreement {_when(turn, step)}"
    who = _who(turn, step)
    if step.act is Act.OPEN:  # by somebody whose own it is: that counts as acknowledging
        return f"E-{one.number} is with {who} already"
    return f"E-{one.number} {_HAPPENED[step.act].format(who=who)} {_when(turn, step)}"


def _who(turn: Turn, step: EscalationStep) -> str:
    if step.actor_id == turn.actor_id:
        return "you"
    person = people.get(turn.session, turn.workspace_id, step.actor_id)
    return person.name if person else "somebody"


def _when(turn: Turn, step: EscalationStep) -> str:
    reader = people.get(turn.session, turn.workspace_id, turn.actor_id)
    zone = ZoneInfo(reader.timezone) if reader else turn.policy.document.call.zone
    at, now = step.at.astimezone(zone), turn.now.astimezone(zone)
    if at.date() == now.date():
        return f"at {at:%H:%M}"
    return f"on {at:%A} {at.day} {at:%B} at {at:%H:%M}"
