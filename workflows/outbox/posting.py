"""The one way to say something: a row of the outbox, stored with the decision that asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import notifications
from storage.models import Notification
from workflows import policies
from workflows.kinds import DeclarationError, outgoing_of
from workflows.owing import Attention, Outgoing
from workflows.policy_document import has_clause
from workflows.subjects import Subject

_LONGEST_KEY = 250


@dataclass(frozen=True)
class Recipient:
    """A person or a channel; `reader_id` is whom the words are for where others read them."""

    id: str
    reader_id: str = ""


@dataclass(frozen=True)
class Post:
    """What is to be said; its key names the decision, which asks for it only once."""

    kind: Outgoing
    key: str
    subject: Subject
    initiative_keys: Sequence[str] = ()  # what it asks for, in the order of its words
    words: str = ""  # mrkdwn, where they can't be found when it is sent
    due_at: datetime | None = None  # None: now
    owed_at: datetime | None = None  # what it is late against; None: when it is due
    clause: str = ""  # "": the kind's own
    policy_version: int = 0
    thread_key: str = ""  # of the message that it answers; its own: others will answer it


def post(
    session: Session, workspace_id: str, recipient: Recipient, said: Post, now: datetime
) -> bool:
    """Store a message to send after the commit; return whether it is new.

    Raises:
        DeclarationError: its kind, or its clause, is declared nowhere.
    """
    row = written(workspace_id, recipient, said, now)
    return notifications.enqueue(session, row, said.initiative_keys)


def tell_manager(session: Session, workspace_id: str, said: Post, now: datetime) -> bool:
    """Tell the programme manager under the policy in force; return whether there is one."""
    policy = policies.in_force(session, workspace_id)
    manager_id = policy.document.people.programme_manager
    if manager_id is None:
        return False
    notification = written(workspace_id, Recipient(manager_id), said, now)
    notification.policy_version = policy.version
    notifications.enqueue(session, notification, said.initiative_keys)
    return True


def written(workspace_id: str, recipient: Recipient, said: Post, now: datetime) -> Notification:
    """Return the row that a message is stored as.

    Raises:
        DeclarationError: its kind, or its clause, is declared nowhere.
    """
    kind = said.kind
    outgoing_of(kind.name)  # refuses what nobody would find words for
    clause = said.clause or kind.clause
    if kind.attention is Attention.DIGEST_ONLY:
        raise DeclarationError(f"“{kind.name}” is told by the digest alone")
    if clause and not has_clause(clause):
        raise DeclarationError(f"no clause of the policy: {clause}")
    due_at = said.due_at or now
    return Notification(
        workspace_id=workspace_id,
        key=said.key[:_LONGEST_KEY],
        kind=kind.name,
        recipient_id=recipient.id,
        instead_of_id=recipient.reader_id,
        subject_kind=said.subject.kind,
        subject_key=said.subject.key[:_LONGEST_KEY],
        period_on=said.subject.period_on,
        words=said.words,
        thread_key=said.thread_key,
        priority=kind.priority,
        due_at=due_at,
        owed_at=said.owed_at or due_at,
        clause=clause,
        policy_version=said.policy_version,
    )
