"""The tables.

Every table carries workspace_id (Slack's team id), and every primary and unique key begins
with it. Every datetime is an aware UTC instant. Keys are natural where the trade has one, so
that a row that exists twice is a row that can't be stored.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKeyConstraint, Index, Text
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, words_of


class Stage(StrEnum):
    """Where an initiative stands in its life."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PILOT = "pilot"
    PRODUCTION = "production"
    PAUSED = "paused"
    RETIRED = "retired"


class Confidence(StrEnum):
    """How a lead sees the road ahead."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


class PromiseKind(StrEnum):
    """What the bot can owe somebody."""

    OPEN_ROUND = "open_round"
    PROMPT = "prompt"
    REMINDER = "reminder"
    CLOSE_ROUND = "close_round"


class PromiseState(StrEnum):
    """What became of a promise."""

    PENDING = "pending"
    KEPT = "kept"
    CANCELLED = "cancelled"


class NotificationKind(StrEnum):
    """What a message is about; its words are found when it is sent."""

    PROMPT = "prompt"
    REMINDER = "reminder"
    SUMMARY = "summary"
    DIGEST = "digest"


class NotificationState(StrEnum):
    """Where a message stands on its way."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Workspace(SQLModel, table=True):
    """One Slack workspace."""

    workspace_id: str = Field(primary_key=True, max_length=40)
    name: str = Field(max_length=200)
    policy_version: int = 0  # the version in force; 0 before the first


class PolicyVersion(SQLModel, table=True):
    """The policy as it was once in force, kept word for word."""

    __tablename__ = "policy_version"

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    version: int = Field(primary_key=True)
    document: str = Field(sa_type=Text)  # YAML
    since_at: datetime = Field(sa_type=UtcDateTime)


class Person(SQLModel, table=True):
    """Somebody in the workspace, as Slack last described them."""

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    user_id: str = Field(primary_key=True, max_length=40)
    name: str = Field(max_length=200)
    timezone: str = Field(max_length=60)  # IANA
    deactivated: bool = False
    guest: bool = False  # of this workspace, or of another organisation
    away_until_on: date | None = None  # the first day back, in their own timezone
    read_at: datetime = Field(sa_type=UtcDateTime)  # when Slack was last asked


class Initiative(SQLModel, table=True):
    """One AI project of one department."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "lead_id"], ["person.workspace_id", "person.user_id"]
        ),
        Index("initiative_by_lead", "workspace_id", "lead_id"),
    )

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    key: str = Field(primary_key=True, max_length=20)
    name: str = Field(max_length=200)
    department: str = Field(max_length=100)
    stage: Stage = Field(sa_type=words_of(Stage))
    lead_id: str = Field(max_length=40)


class Deputy(SQLModel, table=True):
    """Who stands in for the lead of an initiative, in order."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "initiative_key"], ["initiative.workspace_id", "initiative.key"]
        ),
        ForeignKeyConstraint(
            ["workspace_id", "user_id"], ["person.workspace_id", "person.user_id"]
        ),
        Index("deputy_by_person", "workspace_id", "user_id"),
    )

    workspace_id: str = Field(primary_key=True, max_length=40)
    initiative_key: str = Field(primary_key=True, max_length=20)
    user_id: str = Field(primary_key=True, max_length=40)
    position: int  # 1 is asked first


class DepartmentLead(SQLModel, table=True):
    """Who answers for a department."""

    __tablename__ = "department_lead"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "user_id"], ["person.workspace_id", "person.user_id"]
        ),
    )

    workspace_id: str = Field(primary_key=True, max_length=40)
    department: str = Field(primary_key=True, max_length=100)
    user_id: str = Field(primary_key=True, max_length=40)


class Round(SQLModel, table=True):
    """One week's collection of updates, named by the day of its call."""

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    call_on: date = Field(primary_key=True)  # in the call's timezone
    call_at: datetime = Field(sa_type=UtcDateTime)
    closes_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    policy_version: int


class Update(SQLModel, table=True):
    """What a lead reported for one initiative in one round: every version of it.

    The texts are kept as they were typed; they are escaped when they are shown.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "initiative_key"], ["initiative.workspace_id", "initiative.key"]
        ),
        ForeignKeyConstraint(["workspace_id", "call_on"], ["round.workspace_id", "round.call_on"]),
        Index("update_by_round", "workspace_id", "call_on"),
    )

    workspace_id: str = Field(primary_key=True, max_length=40)
    initiative_key: str = Field(primary_key=True, max_length=20)
    call_on: date = Field(primary_key=True)
    version: int = Field(primary_key=True)  # 1 for the first
    author_id: str = Field(max_length=40)
    filed_at: datetime = Field(sa_type=UtcDateTime)
    late: bool
    confidence: Confidence = Field(sa_type=words_of(Confidence))
    progress: str = Field(sa_type=Text)
    milestones: str = Field(default="", sa_type=Text)
    blockers: str = Field(default="", sa_type=Text)
    needs: str = Field(default="", sa_type=Text)


class Draft(SQLModel, table=True):
    """What somebody has typed and not yet submitted."""

    workspace_id: str = Field(primary_key=True, max_length=40)
    user_id: str = Field(primary_key=True, max_length=40)
    initiative_key: str = Field(primary_key=True, max_length=20)
    call_on: date
    answers: dict[str, str] = Field(sa_type=JSON)
    saved_at: datetime = Field(sa_type=UtcDateTime)


class Promise(SQLModel, table=True):
    """Something the bot owes at a time. Its key says what, so it can be made only once."""

    __table_args__ = (Index("promise_due", "state", "due_at"),)

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    key: str = Field(primary_key=True, max_length=200)
    kind: PromiseKind = Field(sa_type=words_of(PromiseKind))
    call_on: date
    initiative_key: str | None = Field(default=None, max_length=20)
    due_at: datetime = Field(sa_type=UtcDateTime)
    clause: str = Field(max_length=60)
    policy_version: int
    state: PromiseState = Field(
        default=PromiseState.PENDING,
        sa_type=words_of(PromiseState),
    )
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=200)  # why it was cancelled


class Notification(SQLModel, table=True):
    """A message to send, stored with the decision that asks for it (the outbox)."""

    __table_args__ = (Index("notification_due", "state", "due_at"),)

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    key: str = Field(primary_key=True, max_length=250)  # names the decision: it asks only once
    kind: NotificationKind = Field(sa_type=words_of(NotificationKind))
    recipient_id: str = Field(max_length=40)  # a person or a channel
    call_on: date | None = None
    initiative_keys: list[str] = Field(default_factory=list, sa_type=JSON)
    due_at: datetime = Field(sa_type=UtcDateTime)
    clause: str = Field(default="", max_length=60)
    policy_version: int = 0
    state: NotificationState = Field(
        default=NotificationState.PENDING,
        sa_type=words_of(NotificationState),
    )
    attempts: int = 0
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel_id: str = Field(default="", max_length=40)  # where Slack put it
    ts: str = Field(default="", max_length=30)  # Slack's name for it
    error: str = Field(default="", max_length=200)  # Slack's code of the last refusal


class AuditEntry(SQLModel, table=True):
    """Who did, or tried to do, what to what. Never holds what people wrote."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("audit_entry_by_time", "workspace_id", "at"),)

    workspace_id: str = Field(primary_key=True, max_length=40)
    id: str = Field(primary_key=True, max_length=32)  # a random UUID in hex
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str = Field(max_length=40)
    action: str = Field(max_length=60)
    subject: str = Field(max_length=100)
    outcome: str = Field(max_length=100)  # "done", or why not
