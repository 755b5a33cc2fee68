"""Open escalations when the policy changes: the programme manager says whether they move over."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from storage import escalations, locks, notifications, promises
from storage.models import Escalation, Notification, SubjectKind
from storage.reading import Reader
from workflows import audit, policies
from workflows.errors import NoPolicyError, UserError
from workflows.escalations.errors import MovedOnError, NotAllowedError
from workflows.escalations.kinds import CARD, CHANGED, TO_PEOPLE, EscalationDuty
from workflows.escalations.naming import names_in_order
from workflows.escalations.policy import moves_at
from workflows.escalations.rights import whom_to_tell
from workflows.escalations.standing import standings_of
from workflows.escalations.turn import Turn, calendar_of_one
from workflows.membership import refusal_of
from workflows.once import acting
from workflows.outbox.changes import show_again
from workflows.outbox.posting import Post, tell_manager
from workflows.owing import Change, What
from workflows.policies import Policy
from workflows.policy_document import PolicyDocument
from workflows.services import Actor, Services
from workflows.subjects import of_workspace

MOVED, STAY = "escalations_move_over", "escalations_stay"  # also what the question says then


def ask_to_move_over(session: Session, change: Change, now: datetime) -> None:
    """Ask once for each policy whether what is open goes by it, where that makes a difference."""
    if change.what is not What.POLICY:
        return
    try:
        policy = policies.in_force(session, change.workspace_id)
    except NoPolicyError:
        return
    if _behind(session, change.workspace_id, policy):
        said = Post(CHANGED, _key(policy.version), of_workspace(change.workspace_id))
        tell_manager(session, change.workspace_id, said, now)


def still_behind(
    services: Services, workspace_id: str, version: int
) -> tuple[bool, Sequence[Escalation]]:
    """Return whether a version is the one in force, and what is open under another's clocks."""
    with services.reading() as reader:
        policy = policies.in_force(reader, workspace_id)
        return policy.version == version, _behind(reader, workspace_id, policy)


def decide(services: Services, actor: Actor, version: int, *, is_moving: bool) -> None:
    """Move open escalations over to the policy in force, or leave them as they are.

    Raises:
        NotAllowedError: somebody else is the programme manager; kept in the audit log.
        MovedOnError: that was decided before, or the policy has changed again since.
        UnknownPersonError, LeftError, GuestError: the actor is no member.
    """
    now, workspace_id = services.now(), actor.workspace_id
    action, subject = MOVED if is_moving else STAY, f"version {version}"
    with acting(services, actor) as session:
        locks.hold_planning(session, workspace_id)  # no sweep decides meanwhile, and nobody else
        policy = policies.in_force(session, workspace_id)
        refusal = refusal_of(session, actor) or _refusal(session, policy, actor)
        if refusal is None:
            asked = _question(session, policy, workspace_id, version)
            asked.words = action
            if is_moving:
                _move_all(session, workspace_id, policy, now)
            show_again(session, asked, asked.key, now)
            audit.record(session, now, actor, action, subject)
            return
        audit.record(session, now, actor, action, subject, type(refusal).__name__)
    raise refusal


def _question(session: Session, policy: Policy, workspace_id: str, version: int) -> Notification:
    """Return the question that is answered, to be changed.

    Raises:
        MovedOnError: it is answered already, or is about an earlier policy, or none was asked.
    """
    asked = notifications.to_change(session, workspace_id, _key(version))
    if asked is None or policy.version != version:
        raise MovedOnError("The policy has changed again since I asked: please see what's newer.")
    if asked.words:
        raise MovedOnError("Thanks, that was decided already.")
    return asked


def _behind(reader: Reader, workspace_id: str, policy: Policy) -> list[Escalation]:
    """Return what is open under a version whose clocks are others than those in force."""
    several = escalations.unsettled(reader, workspace_id)
    older = {one.policy_version for one in several} - {policy.version}
    began = {each: policies.of_version(reader, workspace_id, each).document for each in older}
    others = {each for each, document in began.items() if _differ(document, policy.document)}
    return [one for one in several if one.policy_version in others]


def _differ(one: PolicyDocument, other: PolicyDocument) -> bool:
    """Return whether escalations run otherwise under one policy than under another."""
    parts = ("escalations", "working_days", "working_hours", "calendar")
    return any(getattr(one, part) != getattr(other, part) for part in parts)


def _refusal(reader: Reader, policy: Policy, actor: Actor) -> UserError | None:
    manager_id = policy.document.people.programme_manager
    if actor.user_id == manager_id:
        return None
    who = names_in_order(reader, actor.workspace_id, [manager_id] if manager_id else [])
    return NotAllowedError("say which policy open escalations go by", who)


def _move_all(session: Session, workspace_id: str, policy: Policy, now: datetime) -> None:
    several = _behind(session, workspace_id, policy)
    standings = standings_of(session, policy, several, now)
    for one in several:
        held = escalations.hold(session, workspace_id, one.number)
        assert held is not None  # read a line above
        _move(Turn(session, now, policy, held, standings[one.number]))
    session.flush()


def _move(turn: Turn) -> None:
    """Count an escalation's clock by the new policy, from when it came to its level.

    A reminder that is owed already comes when it was to come; those after it go by the new policy.
    """
    one, version = turn.escalation, turn.policy.version
    one.policy_version = version
    if one.moves_at is not None:
        waited_for = next(iter(whom_to_tell(one, turn.standing)), None)
        calendar = calendar_of_one(turn, waited_for)
        rules = turn.policy.document.escalations
        one.moves_at = moves_at(one.kind, one.level, one.level_since_at, rules, calendar)
    about, key = SubjectKind.ESCALATION, f"E-{one.number}"
    for owed in promises.pending_about(turn.session, one.workspace_id, about, key):
        owed.policy_version = version
        if owed.kind == EscalationDuty.RAISE and one.moves_at is not None:
            # What has run out by now does so now, and isn't late.
            owed.due_at = owed.owed_at = max(turn.now, one.moves_at)
    kinds = (CARD.name, *TO_PEOPLE)
    for row in notifications.about(turn.session, one.workspace_id, about, key, kinds):
        show_again(turn.session, row, f"{row.key}:{one.step}:v{version}", turn.now)


def _key(version: int) -> str:
    return f"{CHANGED.name}:{version}"
