"""What happens to an escalation is recorded: a step, its line, an entry in the audit log."""

from datetime import datetime

from storage import escalations
from storage.models import Act, EscalationState, EscalationStep, Fact, Level
from workflows import audit
from workflows.escalations.policy import clock_clause, moves_at
from workflows.escalations.rights import first_owner, whom_to_tell
from workflows.escalations.telling import post_line, show_home_to, show_what_is_shown
from workflows.escalations.turn import Turn, calendar_of_one


def note(
    turn: Turn,
    act: Act,
    *,
    person_id: str = "",
    until_at: datetime | None = None,
    words: str = "",
    turns: bool = True,
) -> None:
    """Record what happens: a step, its line in the thread, and what shows it, brought up to date.

    `turns` says whether it changes the state, the level, the owner or the terms: whoever acts on
    what was shown before is told of it first.
    """
    one, session = turn.escalation, turn.session
    one.step += act is not Act.OPEN
    if turns:
        one.turned_on_step = one.step
    if turn.actor is not None:
        one.active_at, one.active_id = turn.now, turn.actor_id
    session.flush()
    step = EscalationStep(
        workspace_id=one.workspace_id,
        number=one.number,
        step=one.step,
        at=turn.now,
        act=act,
        actor_id=turn.actor_id,
        person_id=person_id,
        level=one.level,
        until_at=until_at,
        words=words,
    )
    escalations.add_step(session, step)
    if act is not Act.OPEN:
        post_line(turn)
        show_what_is_shown(turn)
    _keep(turn, act, person_id)
    if turn.actor_id:
        show_home_to(turn, turn.actor_id)


def _keep(turn: Turn, act: Act, person_id: str) -> None:
    """Enter a step into the audit log, with the numbers that decided."""
    one = turn.escalation
    facts: dict[str, Fact] = {"level": one.level.value, "state": one.state.value, "step": one.step}
    facts |= {"waited_seconds": int((turn.now - one.level_since_at).total_seconds())}
    if one.impact_days is not None:
        facts["impact_days"] = one.impact_days
    if person_id:
        facts["person"] = audit.naming(person_id)
    action, subject = f"escalation_{act}", f"E-{one.number}"
    clause, version = clock_clause(one.kind), turn.policy.version
    if turn.actor is None:
        audit.record_rule(
            turn.session,
            turn.now,
            one.workspace_id,
            action,
            subject,
            facts=facts,
            clause=clause,
            policy_version=version,
        )
        return
    audit.record(
        turn.session,
        turn.now,
        turn.actor,
        action,
        subject,
        facts=facts,
        clause=clause,
        policy_version=version,
    )


def reach(turn: Turn, level: Level) -> None:
    """Bring an escalation to a level: nobody there has seen it yet, and its clocks begin."""
    one = turn.escalation
    one.level, one.level_since_at = level, turn.now
    one.state, one.acknowledged_at, one.snoozed_until_at = EscalationState.OPEN, None, None
    one.owner_id = first_owner(one.kind, level, turn.standing)
    waited_for = next(iter(whom_to_tell(one, turn.standing)), None)
    calendar = calendar_of_one(turn, waited_for)
    rules = turn.policy.document.escalations
    one.moves_at = moves_at(one.kind, level, turn.now, rules, calendar)
