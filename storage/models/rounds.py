"""Rounds, the updates filed in them, and drafts."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index, Text
from sqlmodel import Field, SQLModel

from storage.models.words import Confidence
from storage.types import UtcDateTime, words_of


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
        Index("update_by_round", "workspace_id", "call_on", "initiative_key", "version"),
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
