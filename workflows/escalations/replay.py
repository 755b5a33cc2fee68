"""One escalation on its way through other rules than it began under. Pure.

Its turns are those of `turning`, `deeds` and `due`, without rows and messages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage.models import Act, Escalation, EscalationState, EscalationStep, Level
from workflows.calendars.calendar import Calendar
from workflows.escalations.clocks import chase_at, quiet_at
from workflows.escalations.kinds import EscalationDuty
from workflows.escalations.policy import (
    AGAIN,
    Chase,
    WorkingSpan,
    chase_after,
    is_seen,
    is_snoozed,
    moves_at,
    next_level,
)
from workflows.escalations.rights import Standing, first_owner, whom_to_tell
from workflows.escalations.rules import EscalationRules
from workflows.escalations.told import announced_to, chased
from workflows.policy_document import PolicyDocument


@dataclass(frozen=True)
class World:
    """The policy that is rehearsed, who is what under it, and until when."""

    document: PolicyDocument
    standing: Callable[[Escalation, datetime], Standing]
    calendar: Callable[[str | None], Calendar]  # of somebody; None: of the call
    until: datetime


@dataclass(frozen=True)
class Telling:
    """One turn of an escalation, and who is told of it."""

    number: int
    at: datetime
    act: Act
    level: Level
    told: tuple[str, ...]


@dataclass(frozen=True)
class Clock:
    """Something that is owed."""

    duty: EscalationDuty
    due_at: datetime
    last: int = 0  # of a chase: who was told by then


@dataclass
class Replay:
    """An escalation as it stands at an instant, what is owed about it, and who was told."""

    world: World
    one: Escalation
    now: datetime
    clocks: dict[EscalationDuty, Clock] = field(default_factory=dict)
    tellings: list[Telling] = field(default_factory=list)

    @property
    def rules(self) -> EscalationRules:
        """Return the rules that are rehearsed."""
        return self.world.document.escalations

    @property
    def standing(self) -> Standing:
        """Return who is what to it at this instant."""
        return self.world.standing(self.one, self.now)

    def reach(self, level: Level) -> None:
        """Bring it to a level, where nobody has seen it yet."""
        one = self.one
        one.level, one.level_since_at = level, self.now
        one.state, one.acknowledged_at, one.snoozed_until_at = EscalationState.OPEN, None, None
        one.owner_id = first_owner(one.kind, level, self.standing)
        waited_for = next(iter(whom_to_tell(one, self.standing)), None)
        calendar = self.world.calendar(waited_for)
        one.moves_at = moves_at(one.kind, level, self.now, self.rules, calendar)

    def begin_clocks(self) -> None:
        """Owe what has to happen at the present level, and nothing of before."""
        self.clocks.clear()
        if self.one.moves_at is not None:
            self._owe(Clock(EscalationDuty.RAISE, self.one.moves_at))
        if self.one.state is EscalationState.OPEN:
            self.plan_chase(0, whom_to_tell(self.one, self.standing))
        else:
            self.plan_check()

    def plan_chase(self, last: int, told: Sequence[str], span: WorkingSpan | None = None) -> None:
        """Look again whether the level has acknowledged; `last` is who was told by then."""
        span = span or chase_after(self.one.level, self.rules.acknowledge)
        calendar = self.world.calendar(told[0] if told else None)
        due_at = chase_at(calendar, self.now, span, last, told)
        self._owe(Clock(EscalationDuty.CHASE, due_at, int(last)))

    def plan_check(self) -> None:
        """Ask the owner, should nothing be heard of it."""
        self._owe(Clock(EscalationDuty.CHECK, self.quiet_until()))

    def quiet_until(self) -> datetime:
        """Return until when its owner may be silent."""
        calendar = self.world.calendar(self.one.owner_id)
        return quiet_at(self.one, self.rules.acknowledge, calendar)

    def end(self) -> None:
        """Settle it: nothing is owed any more."""
        self.clocks.clear()
        self.one.state, self.one.moves_at = EscalationState.RESOLVED, None
        self.one.snoozed_until_at, self.one.settled_at = None, self.now

    def tell(self, act: Act, told: Sequence[str]) -> None:
        """Note a turn and whom it tells."""
        one = self.one
        self.tellings.append(Telling(one.number, self.now, act, one.level, tuple(told)))

    def announce(self, act: Act, actor_id: str = "") -> None:
        """Note a turn that tells those whose turn it is."""
        channel_id = self.world.document.levels.steering.channel
        self.tell(act, announced_to(self.one, self.standing, channel_id, actor_id))

    def _owe(self, clock: Clock) -> None:
        self.clocks[clock.duty] = clock


def fire(replay: Replay, clock: Clock, now: datetime) -> None:
    """Let the clock do what is due."""
    replay.now = now
    del replay.clocks[clock.duty]
    _RULES[clock.duty](replay, clock)


def _raise(replay: Replay, _clock: Clock) -> None:
    one = replay.one
    level = next_level(one.kind, one.level)
    if level is None:
        return
    replay.reach(level)
    replay.begin_clocks()
    replay.announce(Act.RAISE)


def _chase(replay: Replay, clock: Clock) -> None:
    one = replay.one
    if is_seen(one):
        replay.plan_check()
        return
    if is_snoozed(one, replay.now):
        assert one.snoozed_until_at is not None
        again = Clock(clock.duty, one.snoozed_until_at, clock.last)
        replay.clocks[clock.duty] = again
        return
    step, told = chased(one, replay.standing, clock.last)
    replay.tell(Act.CHASE, told)
    replay.plan_chase(step, told, AGAIN if step is Chase.MANAGER else None)


def _check(replay: Replay, clock: Clock) -> None:
    one = replay.one
    if one.state is not EscalationState.ACKNOWLEDGED or one.owner_id is None:
        return
    if (expected := replay.quiet_until()) > replay.now:
        replay.clocks[clock.duty] = Clock(clock.duty, expected)
        return
    one.asked_at = replay.now
    replay.tell(Act.CHECK, [one.owner_id])
    quiet = replay.rules.acknowledge.quiet_working_days
    replay.plan_chase(Chase.LEVEL, [one.owner_id], WorkingSpan(days=quiet))


_RULES: Mapping[EscalationDuty, Callable[[Replay, Clock], None]] = {
    EscalationDuty.RAISE: _raise,
    EscalationDuty.CHASE: _chase,
    EscalationDuty.CHECK: _check,
}


def take(replay: Replay, step: EscalationStep, *, is_last: bool) -> None:
    """Let somebody do what they did, at its instant; `is_last`: it settled the escalation."""
    replay.now = step.at
    if step.actor_id:
        replay.one.active_at = step.at
    if is_last:
        replay.end()
        return
    if taken := _TAKEN.get(step.act):
        taken(replay, step)
        replay.begin_clocks()
        if step.act is Act.HAND_OVER and step.actor_id:
            replay.tell(step.act, [step.person_id])
        elif step.act in _ANNOUNCED:
            replay.announce(step.act, step.actor_id)


def _acknowledged(replay: Replay, step: EscalationStep) -> None:
    one = replay.one
    one.state, one.acknowledged_at = EscalationState.ACKNOWLEDGED, replay.now
    one.owner_id = step.actor_id


def _agreed(replay: Replay, step: EscalationStep) -> None:
    one = replay.one
    if one.state is EscalationState.OPEN and one.level is Level.OPERATIONAL:
        _acknowledged(replay, step)


def _handed_over(replay: Replay, step: EscalationStep) -> None:
    one = replay.one
    one.owner_id, one.state, one.acknowledged_at = (
        step.person_id or None,
        EscalationState.OPEN,
        None,
    )


def _escalated(replay: Replay, step: EscalationStep) -> None:
    replay.reach(step.level)


def _grown(replay: Replay, step: EscalationStep) -> None:
    if step.level is not replay.one.level:
        replay.reach(step.level)


def _snoozed(replay: Replay, step: EscalationStep) -> None:
    replay.one.snoozed_until_at = step.until_at


def _reopened(replay: Replay, step: EscalationStep) -> None:
    one = replay.one
    one.settled_at = None
    replay.reach(one.level)
    if step.actor_id and one.owner_id == step.actor_id:
        one.state, one.acknowledged_at = EscalationState.ACKNOWLEDGED, replay.now


def _still_on_it(_replay: Replay, _step: EscalationStep) -> None:
    """Only the owner's having said something counts, and the clocks that begin anew."""


_TAKEN: Mapping[Act, Callable[[Replay, EscalationStep], None]] = {
    Act.ACKNOWLEDGE: _acknowledged,
    Act.TAKE_OVER: _acknowledged,
    Act.AGREE: _agreed,
    Act.HAND_OVER: _handed_over,
    Act.ESCALATE: _escalated,
    Act.RAISE: _escalated,  # because whoever owned it has left
    Act.GROW: _grown,
    Act.SNOOZE: _snoozed,
    Act.CONFIRM: _still_on_it,
    Act.REOPEN: _reopened,
}
_ANNOUNCED = (Act.HAND_OVER, Act.RAISE, Act.ESCALATE, Act.REOPEN)
