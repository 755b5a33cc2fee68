"""A change to an escalation, whoever makes it: recorded, told, and its clocks set anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import escalations, notifications, people, promises
from storage.models import (
    Act,
    Escalation,
    EscalationState,
    EscalationStep,
    Level,
    Promise,
    PromiseState,
    SubjectKind,
)
from workflows import audit
from workflows.calendars.calendar import Calendar
from workflows.escalations.clocks import after_working, calendar_for
from workflows.escalations.kinds import (
    CARD,
    LINE,
    OUTCOME,
    TO_PEOPLE,
    TOLD,
    TOLD_NOW,
    EscalationDuty,
)
from workflows.escalations.places import place_of
from workflows.escalations.policy import Chase, WorkingSpan, chase_after, clock_clause, moves_at
from workflows.escalations.rights import Standing, first_owner, whom_to_tell
from workflows.outbox.changes import show_again, show_home
from workflows.outbox.policy import is_person
from workflows.outbox.posting import Post, Recipient, post
from workflows.owing import Outgoing
from workflows.policies import Policy
from workflows.services import Actor
from workflows.subjects import of_escalation, of_step


@dataclass(frozen=True)
class Turn:
    """A change that is under way."""

    session: Session
    now: datetime
    policy: Policy  # that the escalation began under
    escalation: Escalation  # held, to be changed
    standing: Standing
    actor: Actor | None = None  # None: the clock

    @property
    def workspace_id(self) -> str:
        """Return where it is made."""
        return self.escalation.workspace_id

    @property
    def actor_id(self) -> str:
        """Return who makes it; "" for the clock."""
        return self.actor.user_id if self.actor else ""


def card_key(escalation: Escalation) -> str:
    """Return the key of the post that shows an escalation, on which its thread hangs."""
    return f"escalation:E-{escalation.number}:{escalation.card}"


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
        one.active_at = turn.now
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
        _post_line(turn)
        _show_again(turn)
    action, subject = f"escalation_{act}", f"E-{one.number} {one.level}"
    if turn.actor is None:
        audit.record_rule(session, turn.now, one.workspace_id, action, subject)
    else:
        audit.record(session, turn.now, turn.actor, action, subject)
        _show_home(turn, turn.actor_id)


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


def begin_clocks(turn: Turn) -> None:
    """Promise what has to happen at the present level, in place of what was promised before."""
    cancel_clocks(turn, "it has moved on")
    one = turn.escalation
    if one.moves_at is not None:
        promise(turn, EscalationDuty.RAISE, one.moves_at, clock_clause(one.kind))
    if one.state is EscalationState.OPEN:
        plan_chase(turn, 0, whom_to_tell(one, turn.standing))
    else:
        plan_check(turn)


def plan_chase(turn: Turn, last: int, told: Sequence[str], span: WorkingSpan | None = None) -> None:
    """Promise to look again whether the level has acknowledged; `last` is who was told by then.

    Where nobody was told, there is nobody to wait for.
    """
    rules = turn.policy.document.escalations.acknowledge
    span = span or chase_after(turn.escalation.level, rules)
    calendar = calendar_of_one(turn, told[0] if told else None)
    due_at = turn.now
    if told or last >= Chase.MANAGER:
        due_at = after_working(calendar, turn.now, span)
    promise(turn, EscalationDuty.CHASE, due_at, "escalations.acknowledge", f"{int(last)}")


def plan_check(turn: Turn) -> None:
    """Promise to ask the owner how it goes, should nothing be heard of it."""
    due_at = quiet_until(turn)
    clause = "escalations.acknowledge.quiet_working_days"
    promise(turn, EscalationDuty.CHECK, due_at, clause, f"{int(due_at.timestamp())}")


def quiet_until(turn: Turn) -> datetime:
    """Return until when an owner may be silent, seen from when something was last heard."""
    days = turn.policy.document.escalations.acknowledge.quiet_working_days
    one = turn.escalation
    start = max(one.active_at, one.snoozed_until_at or one.active_at)
    return after_working(calendar_of_one(turn, one.owner_id), start, WorkingSpan(days=days))


def promise(turn: Turn, duty: str, due_at: datetime, clause: str, which: str = "") -> None:
    """Promise something about an escalation, once for each step that asks for it."""
    one = turn.escalation
    parts = [duty, f"E-{one.number}", f"{one.step}", *([which] if which else [])]
    made = Promise(
        workspace_id=one.workspace_id,
        key=":".join(parts),
        kind=duty,
        subject_kind=SubjectKind.ESCALATION,
        subject_key=f"E-{one.number}",
        recipient_id=one.owner_id,
        due_at=due_at,
        owed_at=due_at,
        clause=clause,
        policy_version=turn.policy.version,
    )
    promises.make(turn.session, made)


def cancel_clocks(turn: Turn, reason: str) -> None:
    """Cancel all that is still owed about an escalation."""
    subject = of_escalation(turn.escalation.number)
    pending = promises.pending_about(turn.session, turn.workspace_id, subject.kind, subject.key)
    for one in pending:
        promises.settle(one, PromiseState.CANCELLED, turn.now, reason)
    turn.session.flush()


def announce(turn: Turn, clause: str) -> None:
    """Tell those whose turn it is, each once, but for whoever made it so.

    The committee is told by one post in its channel, where it has one.
    """
    one = turn.escalation
    kind = TOLD_NOW if one.cannot_wait else TOLD
    channel_id = turn.policy.document.levels.steering.channel
    if one.level is Level.STRATEGIC and channel_id is not None:
        tell(turn, TOLD_NOW, [channel_id], clause)
        return
    told = [user_id for user_id in whom_to_tell(one, turn.standing) if user_id != turn.actor_id]
    tell(turn, kind, told, clause)


def tell(turn: Turn, kind: Outgoing, user_ids: Iterable[str], clause: str = "") -> None:
    """Write to people about an escalation as it stands; what is moot when it is sent is not."""
    one = turn.escalation
    for user_id in user_ids:
        said = Post(
            kind,
            f"{kind.name}:E-{one.number}:{one.step}:{user_id}",
            of_escalation(one.number),
            clause=clause,
            policy_version=turn.policy.version,
        )
        post(turn.session, one.workspace_id, Recipient(user_id), said, turn.now)
        if is_person(user_id):
            _show_home(turn, user_id)


def tell_outcome(turn: Turn) -> None:
    """Tell whoever opened it, and everybody who was asked about it, what has become of it."""
    one = turn.escalation
    subject = of_escalation(one.number)
    asked = notifications.about(
        turn.session, one.workspace_id, subject.kind, subject.key, TO_PEOPLE
    )
    told = dict.fromkeys([one.opener_id, *(row.recipient_id for row in asked)])
    tell(turn, OUTCOME, [user_id for user_id in told if user_id not in ("", turn.actor_id)])


def post_card(turn: Turn, clause: str) -> None:
    """Post what shows an escalation from now on, in the place of its kind."""
    one = turn.escalation
    key = card_key(one)
    said = Post(
        CARD,
        key,
        of_escalation(one.number),
        thread_key=key,
        clause=clause,
        policy_version=turn.policy.version,
    )
    place_id = place_of(one, turn.policy.document)
    post(turn.session, one.workspace_id, Recipient(place_id), said, turn.now)


def calendar_of_one(turn: Turn, user_id: str | None) -> Calendar:
    """Return the calendar of whoever is waited for; of nobody, that of the call."""
    person = people.get(turn.session, turn.workspace_id, user_id) if user_id else None
    return calendar_for(turn.policy.document, person)


def _post_line(turn: Turn) -> None:
    one = turn.escalation
    root = card_key(one)
    said = Post(
        LINE,
        f"{root}:line:{one.step:05}",
        of_step(one.number, one.step),
        thread_key=root,
        policy_version=turn.policy.version,
    )
    place_id = place_of(one, turn.policy.document)
    post(turn.session, one.workspace_id, Recipient(place_id), said, turn.now)


def _show_home(turn: Turn, user_id: str) -> None:
    one = turn.escalation
    show_home(turn.session, turn.workspace_id, user_id, f"E-{one.number}:{one.step}", turn.now)


def _show_again(turn: Turn) -> None:
    one = turn.escalation
    subject = of_escalation(one.number)
    shown = notifications.about(
        turn.session, one.workspace_id, subject.kind, subject.key, (CARD.name, *TO_PEOPLE)
    )
    for row in shown:
        show_again(turn.session, row, f"{row.key}:{one.step}", turn.now)
