"""The digest that each department lead gets when a round has closed."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from storage import initiatives, people, promises
from storage.due_promises import Due
from storage.models import Promise, PromiseState, Round, SubjectKind
from workflows.calendar import next_working_moment
from workflows.membership import is_member
from workflows.outbox.posting import Post, Recipient, post
from workflows.policies import Policy
from workflows.rounds.answerable import owing_updates
from workflows.rounds.kinds import DIGEST, Reason, RoundDuty
from workflows.subjects import of_round, round_of


def promise_digests(session: Session, round_: Round, policy: Policy, now: datetime) -> None:
    """Promise one digest to each lead of a department that owes updates, in working hours."""
    owing = {one.department for one in owing_updates(session, round_.workspace_id)}
    leads = initiatives.department_leads(session, round_.workspace_id)
    lead_ids = {user_id for department in owing for user_id in leads.get(department, [])}
    known = people.among(session, round_.workspace_id, lead_ids).values()
    for person in filter(is_member, known):
        due_at = next_working_moment(policy.document, now, ZoneInfo(person.timezone))
        promises.make(
            session,
            Promise(
                workspace_id=round_.workspace_id,
                key=f"digest:{round_.call_on}:{person.user_id}",
                kind=RoundDuty.DIGEST,
                subject_kind=SubjectKind.ROUND,
                subject_key=f"{round_.call_on}",
                period_on=round_.call_on,
                recipient_id=person.user_id,
                due_at=due_at,
                owed_at=due_at,
                clause="round.closes_minutes_before",
                policy_version=policy.version,
            ),
        )


def send_digests(session: Session, due: Sequence[Due], now: datetime) -> None:
    """Settle digests that are due: those who have left meanwhile get none."""
    for promise in due:
        assert promise.recipient_id is not None  # every digest is somebody's
        person = people.get(session, promise.workspace_id, promise.recipient_id)
        if not is_member(person):
            promises.settle(promise, PromiseState.CANCELLED, now, Reason.LEFT)
            continue
        promise.notification_key = promise.key
        said = Post(
            DIGEST,
            promise.key,
            of_round(round_of(promise)),
            owed_at=promise.owed_at,
            clause=promise.clause,
            policy_version=promise.policy_version,
        )
        post(session, promise.workspace_id, Recipient(promise.recipient_id), said, now)
        promises.settle(promise, PromiseState.KEPT, now)
