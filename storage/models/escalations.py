"""Escalations, every step of each, and the decisions that they lead to."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, ForeignKeyConstraint, Index, Text
from sqlmodel import Field, SQLModel

from storage.models.words import Act, EscalationKind, EscalationState, Level
from storage.types import Hundredths, UtcDateTime, words_of


class Escalation(SQLModel, table=True):
    """Something that is stuck, as it stands; people call it E-12.

    The texts are kept as they were typed; they are escaped when they are shown.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "initiative_key"], ["initiative.workspace_id", "initiative.key"]
        ),
        Index("escalation_by_state", "workspace_id", "state", "opened_at"),
        Index("escalation_by_initiative", "workspace_id", "initiative_key", "state"),
        Index("escalation_by_owner", "workspace_id", "owner_id", "state"),
        Index("escalation_by_opener", "workspace_id", "opener_id", "state"),
    )

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    number: int = Field(primary_key=True)  # 1 for the first; never given again
    kind: EscalationKind = Field(sa_type=words_of(EscalationKind))
    state: EscalationState = Field(sa_type=words_of(EscalationState))
    level: Level = Field(sa_type=words_of(Level))
    initiative_key: str = Field(max_length=20)
    opener_id: str = Field(max_length=40)  # "": the bot
    owner_id: str | None = Field(default=None, max_length=40)  # None: the level as a whole
    what: str = Field(sa_type=Text)  # is stuck
    tried: str = Field(default="", sa_type=Text)
    needed: str = Field(default="", sa_type=Text)  # and from whom
    since: str = Field(default="", max_length=100)  # as it was typed
    topic: str = Field(default="", max_length=40)  # a name of the policy's
    pool: str = Field(default="", max_length=200)
    other_key: str = Field(default="", max_length=20)  # the other initiative of a conflict
    other_department: str = Field(
        default="", max_length=100
    )  # its, as of the opening: the other party
    milestone: int | None = None  # None: the initiative's target
    forecast_on: date | None = None
    impact_days: int | None = None  # as of the opening
    forecast: Decimal | None = Field(default=None, sa_type=Hundredths)
    link: str = Field(default="", sa_type=Text)  # to the message that it began with
    cannot_wait: bool = False
    opened_at: datetime = Field(sa_type=UtcDateTime)
    level_since_at: datetime = Field(sa_type=UtcDateTime)
    moves_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # to the next level
    # When somebody of its level did so last; who owns it may have changed since.
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    active_at: datetime = Field(sa_type=UtcDateTime)  # when somebody last did or said something
    active_id: str = Field(default="", max_length=40)  # who that was
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # how its owner gets on
    snoozed_until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    snoozes: int = 0
    terms: str = Field(default="", sa_type=Text)  # what the parties of a conflict agree to
    terms_number: int = 0  # 1 for the first text
    alerts: int = 0  # that a risk or an overrun is worth; 0: it is under its threshold
    card: int = 1  # the number of the post that shows it: another is made where it has to move
    step: int = 1  # the last one
    turned_on_step: int = 1  # the last one that changed its state, level, owner or terms
    policy_version: int  # that it began under


class EscalationStep(SQLModel, table=True):
    """One thing that happened to an escalation, and one line in its thread."""

    __tablename__ = "escalation_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "number"], ["escalation.workspace_id", "escalation.number"]
        ),
    )

    workspace_id: str = Field(primary_key=True, max_length=40)
    number: int = Field(primary_key=True)  # of the escalation
    step: int = Field(primary_key=True)  # 1 for the opening
    at: datetime = Field(sa_type=UtcDateTime)
    act: Act = Field(sa_type=words_of(Act))
    actor_id: str = Field(default="", max_length=40)  # "": the bot
    person_id: str = Field(default="", max_length=40)  # whom it concerns: the new owner, who's told
    level: Level = Field(sa_type=words_of(Level))  # afterwards
    until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    words: str = Field(default="", sa_type=Text)  # a reason, or what was decided


class Agreement(SQLModel, table=True):
    """A party's yes to the terms that would settle a resource conflict."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "number"], ["escalation.workspace_id", "escalation.number"]
        ),
    )

    workspace_id: str = Field(primary_key=True, max_length=40)
    number: int = Field(primary_key=True)  # of the escalation
    terms_number: int = Field(primary_key=True)  # an edit of the text clears what was said to it
    department: str = Field(primary_key=True, max_length=100)
    user_id: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


class UserGroup(SQLModel, table=True):
    """A user group of Slack's that holds a level, as it was read last."""

    __tablename__ = "user_group"

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    group_id: str = Field(primary_key=True, max_length=40)
    user_ids: list[str] = Field(default_factory=list, sa_type=JSON)
    asked_at: datetime = Field(sa_type=UtcDateTime)  # when Slack was last asked
    unreadable_since_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_changed: bool = False  # Slack has told that it is otherwise now


class Decision(SQLModel, table=True):
    """What was decided, by whom and at which level; people call it D-7. Never changed."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "initiative_key"], ["initiative.workspace_id", "initiative.key"]
        ),
        Index("decision_by_time", "workspace_id", "decided_at"),
        Index("decision_by_initiative", "workspace_id", "initiative_key"),
    )

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    number: int = Field(primary_key=True)  # 1 for the first; never given again
    what: str = Field(sa_type=Text)
    rationale: str = Field(default="", sa_type=Text)
    level: Level = Field(sa_type=words_of(Level))
    decided_by: str = Field(max_length=40)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    initiative_key: str = Field(max_length=20)
    escalation: int | None = None  # the number of the one that it settled
    waited_seconds: int = 0  # from the opening to the decision
