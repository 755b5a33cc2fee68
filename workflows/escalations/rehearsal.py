"""What another policy would have made of escalations that there were. Pure: nothing is sent.

What people did is taken as it happened, at its instant; what the clock does is decided anew, by the
functions that decide it when it counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from storage.models import Act, Escalation, EscalationKind, EscalationState, EscalationStep, Level
from workflows.escalations.kinds import EscalationDuty
from workflows.escalations.policy import first_level, is_settled, next_level, overrun_percent
from workflows.escalations.replay import Clock, Replay, Telling, World, fire, take
from workflows.escalations.rights import Part, parts_of
from workflows.escalations.rules import EscalationRules
from workflows.policy_document import Switch

BY_CLOCK = (Act.RAISE, Act.CHASE, Act.CHECK)
_DUTIES = list(EscalationDuty)  # in the order in which they are settled
_BEFORE, _PEOPLE, _AFTER = 0, 1, 2  # of what happens at one instant
Place = tuple[datetime, int, int]


@dataclass(frozen=True)
class Settled:
    """When something that was owed was seen to, and whether it was done then."""

    at: datetime | None  # None: it still isn't
    is_kept: bool = True


@dataclass(frozen=True)
class Recorded:
    """An escalation, all that happened to it, and what was owed about it, by when that was due.

    The bot may have been down as it fell due: what a rehearsal owes at the very same instant, it
    sees to when that was seen to.
    """

    escalation: Escalation
    steps: Sequence[EscalationStep]
    rules: EscalationRules  # that it began under
    owed: Mapping[tuple[str, datetime], Settled] = field(default_factory=dict)
    approved: Decimal | None = None  # of the initiative's budget, now


def rehearse(recorded: Recorded, world: World) -> list[Telling]:
    """Return whom an escalation would have told, and when, under the policy of a world."""
    replay = _opened(recorded, world)
    if replay is None:
        return []
    happened = [step for step in recorded.steps[1:] if not is_by_clock(step, recorded)]
    while True:
        due = [
            (place, clock) for clock in replay.clocks.values() if (place := _place(recorded, clock))
        ]
        place, clock = min(due, key=lambda one: one[0], default=(None, None))
        if happened and (place is None or (happened[0].at, _PEOPLE, 0) < place):
            step = happened.pop(0)
            _hear(recorded, replay, step.at)
            take(replay, step, is_last=_has_ended(recorded, step, happened))
        elif clock is None or place is None or place[0] > world.until:
            return replay.tellings
        else:
            now = max(place[0], replay.now)
            _hear(recorded, replay, now)
            fire(replay, clock, now)


def is_by_clock(step: EscalationStep, recorded: Recorded) -> bool:
    """Return whether a rule of the policy did it, and not somebody who acted, left or moved on."""
    if step.act is not Act.RAISE:
        return step.act in BY_CLOCK
    return any(
        duty == EscalationDuty.RAISE and settled.is_kept and settled.at == step.at
        for (duty, _), settled in recorded.owed.items()
    )


def _opened(recorded: Recorded, world: World) -> Replay | None:
    """Return an escalation as it would have begun; None if it would not have been opened."""
    one, now = recorded.escalation, recorded.escalation.opened_at
    level = _first_level(recorded, world.document.escalations)
    if level is None or Switch.ESCALATIONS not in world.document.features:
        return None
    replay = Replay(world, _as_opened(one, level), now)
    if level is Level.OPERATIONAL and not replay.standing.holders(one.kind, level):
        level = next_level(one.kind, level) or level
    replay.reach(level)
    begun = replay.one
    if Part.PARTY in parts_of(begun, replay.standing, one.opener_id):
        begun.owner_id = one.opener_id  # who opens it sees to it
    if level is Level.OPERATIONAL and begun.owner_id == one.opener_id:
        begun.state, begun.acknowledged_at = EscalationState.ACKNOWLEDGED, now
    replay.begin_clocks()
    replay.announce(Act.OPEN, one.opener_id)
    return replay


def _first_level(recorded: Recorded, rules: EscalationRules) -> Level | None:
    one, began = recorded.escalation, recorded.steps[0].level
    if one.kind is EscalationKind.TIMELINE_RISK:
        return first_level(one.kind, rules, one.impact_days)
    if one.kind is not EscalationKind.BUDGET_OVERRUN:
        return first_level(one.kind, rules)
    if rules.overrun == recorded.rules.overrun or None in (recorded.approved, one.forecast):
        return began  # the budget that it was compared with may be another now
    assert recorded.approved is not None
    assert one.forecast is not None
    return first_level(one.kind, rules, overrun=overrun_percent(recorded.approved, one.forecast))


def _as_opened(one: Escalation, level: Level) -> Escalation:
    return Escalation(
        workspace_id=one.workspace_id,
        number=one.number,
        kind=one.kind,
        state=EscalationState.OPEN,
        level=level,
        initiative_key=one.initiative_key,
        opener_id=one.opener_id,
        what="",
        other_key=one.other_key,
        other_department=one.other_department,
        opened_at=one.opened_at,
        level_since_at=one.opened_at,
        active_at=one.opened_at,
        policy_version=one.policy_version,
    )


def _place(recorded: Recorded, clock: Clock) -> Place | None:
    """Return when a clock comes to be looked at, among all that happens; None: not yet."""
    order = _DUTIES.index(clock.duty)
    settled = recorded.owed.get((clock.duty, clock.due_at))
    if settled is None:
        return clock.due_at, _BEFORE, order
    if settled.at is None:
        return None
    return settled.at, _BEFORE if settled.is_kept else _AFTER, order


def _has_ended(recorded: Recorded, step: EscalationStep, later: Sequence[EscalationStep]) -> bool:
    """Return whether a step settled the escalation: of those who agree, the last does."""
    if step.act is not Act.AGREE:
        return step.act in (Act.RESOLVE, Act.WITHDRAW)
    if later:
        return later[0].act is Act.REOPEN
    return is_settled(recorded.escalation)


def _hear(recorded: Recorded, replay: Replay, now: datetime) -> None:
    """Note what was last said in the thread, which is kept without its words."""
    heard_at = recorded.escalation.active_at
    if replay.one.active_at < heard_at <= now:
        replay.one.active_at = heard_at
