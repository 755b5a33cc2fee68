"""Workspaces and their policies, people, initiatives and who answers for them."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, Text
from sqlmodel import Field, SQLModel

from storage.models.words import Stage
from storage.types import UtcDateTime, words_of


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
    guest: bool = False  # of this workspace, or a stranger
    stranger: bool = False  # of another workspace or organisation
    away_until_on: date | None = None  # the first day back, in their own timezone
    country: str | None = Field(default=None, max_length=2)  # whose holidays they keep, where told
    region: str | None = Field(default=None, max_length=40)  # of that country
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
    name: str = Field(max_length=500)
    department: str = Field(max_length=100)
    stage: Stage = Field(sa_type=words_of(Stage))
    lead_id: str | None = Field(default=None, max_length=40)  # None: nobody leads it yet
    # None: it owes no updates, or does so since before anybody noted it
    owes_since_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Deputy(SQLModel, table=True):
    """Who stands in for the lead of an initiative, in order."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "initiative_key"], ["initiative.workspace_id", "initiative.key"]
        ),
        ForeignKeyConstraint(
            ["workspace_id", "user_id"], ["person.workspace_id", "person.user_id"]
        ),
        Index("deputy_by_person", "workspace_id", "user_id", "initiative_key"),
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
