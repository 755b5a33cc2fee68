"""What the bot owes and sends: promises, the outbox, its pace, and the beat of the jobs."""

from datetime import date, datetime

from sqlalchemy import Index, Integer, Text
from sqlmodel import Field, SQLModel

from storage.models.words import NotificationState, Priority, PromiseState, SubjectKind
from storage.types import UtcDateTime, words_of


class Promise(SQLModel, table=True):
    """Something the bot owes at a time. Its key says what, so it can be made only once."""

    __table_args__ = (
        Index("promise_due", "state", "due_at"),
        Index("promise_by_period", "workspace_id", "period_on", "subject_kind", "subject_key"),
        Index("promise_by_subject", "workspace_id", "subject_kind", "subject_key"),
        Index("promise_by_notification", "workspace_id", "notification_key"),
    )

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    key: str = Field(primary_key=True, max_length=200)
    kind: str = Field(max_length=20)  # the name of a duty
    subject_kind: SubjectKind = Field(sa_type=words_of(SubjectKind))
    subject_key: str = Field(max_length=250)  # of the row that it is about
    period_on: date | None = None  # where it recurs: the call of its round, the day of a daily job
    recipient_id: str | None = Field(default=None, max_length=40)  # to whom; None: nobody alone
    due_at: datetime = Field(sa_type=UtcDateTime)  # when the sweep looks at it
    owed_at: datetime = Field(sa_type=UtcDateTime)  # what it is late against
    clause: str = Field(max_length=60)
    policy_version: int
    state: PromiseState = Field(
        default=PromiseState.PENDING,
        sa_type=words_of(PromiseState),
    )
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=200)  # why late, cancelled or failed
    late_by_seconds: int = 0
    attempts: int = 0  # how often settling it failed
    notification_key: str | None = Field(default=None, max_length=250)  # the message that keeps it


class Notification(SQLModel, table=True):
    """A message to send, stored with the decision that asks for it (the outbox)."""

    __table_args__ = (
        Index("notification_due", "state", "priority", "due_at"),
        Index("notification_by_recipient", "workspace_id", "recipient_id", "due_at"),
        Index("notification_by_carrier", "workspace_id", "carrier_key"),
        Index("notification_by_post", "workspace_id", "channel_id", "ts"),
        Index("notification_by_subject", "workspace_id", "subject_kind", "subject_key"),
    )

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    key: str = Field(primary_key=True, max_length=250)  # names the decision: it asks only once
    kind: str = Field(max_length=20)  # the name of an outgoing kind
    recipient_id: str = Field(max_length=40)  # a person or a channel
    subject_kind: SubjectKind = Field(sa_type=words_of(SubjectKind))
    subject_key: str = Field(max_length=250)  # of the row that it is about
    period_on: date | None = None  # where it recurs: the call of its round
    words: str = Field(default="", sa_type=Text)  # mrkdwn, where it can't be found when sent
    instead_of_id: str = Field(default="", max_length=40)  # whom Slack refused it for
    thread_key: str = Field(default="", max_length=100)  # those of one thread go in order
    priority: int = Field(default=Priority.USUAL, sa_type=Integer)
    due_at: datetime = Field(sa_type=UtcDateTime)
    owed_at: datetime = Field(sa_type=UtcDateTime)  # what it is late against
    clause: str = Field(default="", max_length=60)
    policy_version: int = 0
    state: NotificationState = Field(
        default=NotificationState.PENDING,
        sa_type=words_of(NotificationState),
    )
    attempts: int = 0
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    carrier_key: str = Field(default="", max_length=250)  # the message that carries its words
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel_id: str = Field(default="", max_length=40)  # where Slack put it
    ts: str = Field(default="", max_length=30)  # Slack's name for it
    error: str = Field(default="", max_length=200)  # Slack's code of the last refusal


class NotificationSubject(SQLModel, table=True):
    """One of several things that a message is about: an initiative that it asks for."""

    __tablename__ = "notification_subject"
    __table_args__ = (
        Index("notification_subject_by_subject", "workspace_id", "subject_kind", "subject_key"),
    )

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    notification_key: str = Field(primary_key=True, max_length=250)
    subject_kind: SubjectKind = Field(primary_key=True, sa_type=words_of(SubjectKind))
    subject_key: str = Field(primary_key=True, max_length=250)
    position: int  # in the message


class Pace(SQLModel, table=True):
    """How far a lane is used up: a channel, a method, or all messages of the workspace."""

    workspace_id: str = Field(primary_key=True, max_length=40)
    lane: str = Field(primary_key=True, max_length=80)
    used_until_at: datetime = Field(sa_type=UtcDateTime)


class Heartbeat(SQLModel, table=True):
    """When a job last went through, for all workspaces, and its last standstill."""

    job: str = Field(primary_key=True, max_length=40)
    beat_at: datetime = Field(sa_type=UtcDateTime)
    down_from_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    down_until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
