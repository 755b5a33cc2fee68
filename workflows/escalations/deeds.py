"""What each act does to an escalation that it may be done to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from storage import decisions, escalations, locks
from storage.models import Act, Agreement, Decision, EscalationState, Level
from workflows.calendar import at_wall_time
from workflows.escalations.clocking import begin_clocks, cancel_clocks
from workflows.escalations.errors import EscalationInvalidError, MovedOnError
from workflows.escalations.policy import can_reopen, clock_clause, next_level
from workflows.escalations.telling import announce, tell_in_turn, tell_outcome
from workflows.escalations.turn import Turn, calendar_of_one
from workflows.escalations.turning import note, reach


@dataclass(frozen=True)
class Deed:
    """What somebody wants to do to an escalation, as they saw it."""

    act: Act
    number: int
    seen_step: int  # the last one that had turned it when it was shown to them
    person_id: str = ""  # to whom it is handed over
    until_on: date | None = None  # the first day on which reminders come again
    words: str = ""


def _acknowledge(turn: Turn, deed: Deed) -> None:
    one = turn.escalation
    one.state, one.acknowledged_at = EscalationState.ACKNOWLEDGED, turn.now
    one.owner_id = turn.actor_id
    note(turn, deed.act, person_id=turn.actor_id)
    begin_clocks(turn)


def _hand_over(turn: Turn, deed: Deed) -> None:
    one = turn.escalation
    one.owner_id, one.state = deed.person_id, EscalationState.OPEN
    note(turn, deed.act, person_id=deed.person_id, words=deed.words.strip())
    begin_clocks(turn)
    tell_in_turn(turn, [deed.person_id])


def _escalate(turn: Turn, deed: Deed) -> None:
    one = turn.escalation
    level = next_level(one.kind, one.level)
    assert level is not None  # refused where there is none
    reach(turn, level)
    note(turn, deed.act, words=deed.words.strip())
    begin_clocks(turn)
    announce(turn, clock_clause(one.kind))


def _resolve(turn: Turn, deed: Deed) -> None:
    settle(turn, EscalationState.RESOLVED)
    decide(turn, deed.words.strip())
    note(turn, Act.RESOLVE, words=deed.words.strip())
    tell_outcome(turn)


def _withdraw(turn: Turn, deed: Deed) -> None:
    settle(turn, EscalationState.WITHDRAWN)
    note(turn, deed.act, words=deed.words.strip())
    tell_outcome(turn)


def _snooze(turn: Turn, deed: Deed) -> None:
    one = turn.escalation
    assert deed.until_on is not None  # checked
    zone = calendar_of_one(turn, turn.actor_id).zone
    until = at_wall_time(deed.until_on, turn.policy.document.working_hours.start, zone)
    one.snoozed_until_at, one.snoozes = until, one.snoozes + 1
    note(turn, deed.act, until_at=until, words=deed.words.strip(), turns=False)
    begin_clocks(turn)


def _confirm(turn: Turn, deed: Deed) -> None:
    one = turn.escalation
    if one.asked_at is None or one.active_at > one.asked_at:
        raise MovedOnError(f"Thanks, I know already: somebody answered for E-{one.number}.")
    note(turn, deed.act, turns=False)
    begin_clocks(turn)


def _reopen(turn: Turn, deed: Deed) -> None:
    one = turn.escalation
    if not can_reopen(one, turn.policy.document.escalations, turn.now):
        days = turn.policy.document.escalations.reopen_days
        said = f"It was settled more than {days} days ago. Please open a new one."
        raise EscalationInvalidError({"words": said})
    one.settled_at, one.terms = None, ""  # what was agreed didn't hold: it takes another yes
    reach(turn, one.level)
    if one.owner_id == turn.actor_id:
        one.state, one.acknowledged_at = EscalationState.ACKNOWLEDGED, turn.now
    note(turn, deed.act, words=deed.words.strip())
    begin_clocks(turn)
    announce(turn, clock_clause(one.kind))


def _agree(turn: Turn, deed: Deed) -> None:
    """Say yes for one's departments to the terms, or put others in their place."""
    one, text = turn.escalation, deed.words.strip()
    if not text and not one.terms:
        raise EscalationInvalidError({"words": "Please write down what you agree to."})
    is_new = bool(text) and text != one.terms
    if not is_new and turn.actor_id not in _leads(_still_to_agree(turn)):
        raise MovedOnError("You have agreed to this already.")
    if is_new:
        one.terms, one.terms_number = text, one.terms_number + 1
    if one.state is EscalationState.OPEN and one.level is Level.OPERATIONAL:
        one.state, one.acknowledged_at = EscalationState.ACKNOWLEDGED, turn.now
        one.owner_id = turn.actor_id
    _say_yes(turn)
    missing = _still_to_agree(turn)
    if not missing:
        settle(turn, EscalationState.RESOLVED)
        decide(turn, one.terms)
        note(turn, Act.AGREE, words=one.terms)
        tell_outcome(turn)
        return
    note(turn, Act.AGREE, words=text if is_new else "", turns=is_new)
    begin_clocks(turn)
    if is_new:
        tell_in_turn(turn, _leads(missing))


def _say_yes(turn: Turn) -> None:
    one = turn.escalation
    for department, leads in turn.standing.parties.items():
        if turn.actor_id in leads:
            said = Agreement(
                workspace_id=one.workspace_id,
                number=one.number,
                terms_number=one.terms_number,
                department=department,
                user_id=turn.actor_id,
                at=turn.now,
            )
            escalations.agree(turn.session, said)


def _still_to_agree(turn: Turn) -> dict[str, tuple[str, ...]]:
    """Return the departments that haven't said yes to the present terms, each with its leads.

    One that nobody leads agrees to nothing.
    """
    one = turn.escalation
    said = escalations.agreed(turn.session, one.workspace_id, one.number, one.terms_number)
    agreed = {each.department for each in said}
    return {name: leads for name, leads in turn.standing.parties.items() if name not in agreed}


def _leads(parties: Mapping[str, Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(lead for leads in parties.values() for lead in leads))


def settle(turn: Turn, state: EscalationState) -> None:
    """End an escalation: nothing more is owed about it."""
    one = turn.escalation
    cancel_clocks(turn, "it is settled")
    one.state, one.settled_at, one.moves_at = state, turn.now, None
    one.snoozed_until_at = None


def decide(turn: Turn, what: str) -> None:
    """Enter what was decided into the decision log."""
    one = turn.escalation
    locks.hold_numbers(turn.session, one.workspace_id)
    decisions.add(
        turn.session,
        Decision(
            workspace_id=one.workspace_id,
            number=decisions.next_number(turn.session, one.workspace_id),
            what=what,
            level=one.level,
            decided_by=turn.actor_id,
            decided_at=turn.now,
            initiative_key=one.initiative_key,
            escalation=one.number,
            waited_seconds=int((turn.now - one.opened_at).total_seconds()),
        ),
    )


DEEDS: Mapping[Act, Callable[[Turn, Deed], None]] = {
    Act.ACKNOWLEDGE: _acknowledge,
    Act.TAKE_OVER: _acknowledge,
    Act.HAND_OVER: _hand_over,
    Act.ESCALATE: _escalate,
    Act.RESOLVE: _resolve,
    Act.WITHDRAW: _withdraw,
    Act.SNOOZE: _snooze,
    Act.CONFIRM: _confirm,
    Act.REOPEN: _reopen,
    Act.AGREE: _agree,
}
