"""The registry's entries: what is known of an initiative beyond who answers for it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, Text
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime


class Entry(SQLModel, table=True):
    """What the registry says of an initiative at present; an initiative may have none yet.

    The texts are kept as they were typed; they are escaped when they are shown.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "initiative_key"], ["initiative.workspace_id", "initiative.key"]
        ),
        Index("entry_by_change", "workspace_id", "changed_at"),
    )

    workspace_id: str = Field(primary_key=True, max_length=40)
    initiative_key: str = Field(primary_key=True, max_length=20)
    version: int  # 1 for the first
    changed_at: datetime = Field(sa_type=UtcDateTime)
    objective: str = Field(default="", sa_type=Text)
    outcome: str = Field(default="", sa_type=Text)  # of the business, that it serves
    topic: str = Field(default="", max_length=200)
    stakeholders: str = Field(default="", sa_type=Text)
    data: str = Field(default="", sa_type=Text)  # that it reads or changes
    skills: str = Field(default="", sa_type=Text)  # people it needs, by skill
    compute: str = Field(default="", sa_type=Text)
    starts_on: date | None = None
    target_on: date | None = None
    currency: str = Field(default="", max_length=20)  # as people write it: EUR, kUSD
    budget_approved: int | None = None  # in whole units of the currency
    budget_spent: int | None = None
    budget_forecast: int | None = None
    change_percent: int | None = None  # of the budget, for change management
    value_score: int | None = None  # prioritization, from 1 to 5
    feasibility_score: int | None = None
    urgency_score: int | None = None


class EntryVersion(SQLModel, table=True):
    """An entry as it was once: with its initiative's own facts, and who made it so."""

    __tablename__ = "entry_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "initiative_key"], ["initiative.workspace_id", "initiative.key"]
        ),
    )

    workspace_id: str = Field(primary_key=True, max_length=40)
    initiative_key: str = Field(primary_key=True, max_length=20)
    version: int = Field(primary_key=True)
    author_id: str = Field(max_length=40)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    facts: dict[str, Any] = Field(sa_type=JSON)  # all of them, by name; dates in ISO 8601
