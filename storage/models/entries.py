"""The registry's entries: what is known of an initiative beyond who answers for it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, Text
from sqlmodel import Field, SQLModel

from storage.models.words import Access, DependencyKind, Verdict
from storage.types import Hundredths, UtcDateTime, words_of


def _of_initiative() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace_id", "initiative_key"], ["initiative.workspace_id", "initiative.key"]
    )


class Entry(SQLModel, table=True):
    """What the registry says of an initiative at present; an initiative may have none yet.

    The texts are kept as they were typed; they are escaped when they are shown.
    """

    __table_args__ = (_of_initiative(), Index("entry_by_change", "workspace_id", "changed_at"))

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
    budget_approved: Decimal | None = Field(default=None, sa_type=Hundredths)  # of the currency
    budget_spent: Decimal | None = Field(default=None, sa_type=Hundredths)
    budget_forecast: Decimal | None = Field(default=None, sa_type=Hundredths)
    change_percent: Decimal | None = Field(default=None, sa_type=Hundredths)  # of the budget
    impact_score: int | None = None  # prioritization, from 1 to 5
    alignment_score: int | None = None
    readiness_score: int | None = None
    links: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # to conversations
    wholes: dict[str, str] = Field(  # texts that were too long, all of them, by the fact's name
        default_factory=dict, sa_type=JSON, sa_column_kwargs={"server_default": "{}"}
    )


class Milestone(SQLModel, table=True):
    """A date that an initiative has committed to, at present; its past is in the versions."""

    __table_args__ = (
        _of_initiative(),
        Index("milestone_by_date", "workspace_id", "forecast_on"),
    )

    workspace_id: str = Field(primary_key=True, max_length=40)
    initiative_key: str = Field(primary_key=True, max_length=20)
    number: int = Field(primary_key=True)  # 1 for the first; never given again
    name: str = Field(max_length=200)
    committed_on: date
    forecast_on: date  # the committed date until somebody says otherwise
    reached_on: date | None = None


class Dependency(SQLModel, table=True):
    """What an initiative, or a milestone of it, needs before it can go on."""

    __table_args__ = (_of_initiative(), Index("dependency_by_thing", "workspace_id", "thing"))

    workspace_id: str = Field(primary_key=True, max_length=40)
    initiative_key: str = Field(primary_key=True, max_length=20)
    number: int = Field(primary_key=True)  # 1 for the first; never given again
    milestone: int | None = None  # the initiative's own that waits; None: all of it
    kind: DependencyKind = Field(sa_type=words_of(DependencyKind))
    thing: str = Field(max_length=200)  # FIN-01, FIN-01/M2, or what the shared thing is called
    access: Access | None = Field(default=None, sa_type=words_of(Access))  # to data
    need_by: date | None = None
    until_on: date | None = None  # how long a platform or a skill is needed


class EntryVersion(SQLModel, table=True):
    """An entry as it was once: all of its facts, and who made it so."""

    __tablename__ = "entry_version"
    __table_args__ = (
        _of_initiative(),
        Index("entry_version_by_import", "workspace_id", "import_id"),
    )

    workspace_id: str = Field(primary_key=True, max_length=40)
    initiative_key: str = Field(primary_key=True, max_length=20)
    version: int = Field(primary_key=True)
    author_id: str = Field(max_length=40)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    import_id: str | None = Field(default=None, max_length=32)  # that it came with
    facts: dict[str, Any] = Field(sa_type=JSON)  # by name; dates in ISO 8601, decimals as text


class EntryDraft(SQLModel, table=True):
    """What somebody has typed into a form of the registry, until it is saved."""

    __tablename__ = "entry_draft"

    workspace_id: str = Field(primary_key=True, max_length=40)
    user_id: str = Field(primary_key=True, max_length=40)
    initiative_key: str = Field(primary_key=True, max_length=20)  # NEW for one that has no key yet
    base_version: int  # that the form showed
    typed: dict[str, Any] = Field(sa_type=JSON)  # as Facts names it
    saved_at: datetime = Field(sa_type=UtcDateTime)


class OverlapVerdict(SQLModel, table=True):
    """What somebody said of two initiatives that look alike; nobody is asked again."""

    __tablename__ = "overlap_verdict"

    workspace_id: str = Field(primary_key=True, max_length=40)
    first_key: str = Field(primary_key=True, max_length=20)  # the lesser of the two
    second_key: str = Field(primary_key=True, max_length=20)
    verdict: Verdict = Field(sa_type=words_of(Verdict))
    author_id: str = Field(max_length=40)
    given_at: datetime = Field(sa_type=UtcDateTime)


class SearchText(SQLModel, table=True):
    """The words that an initiative is found by.

    The database keeps a full-text index of them by itself: FTS5 on SQLite, tsvector on PostgreSQL.
    """

    __tablename__ = "search_text"
    __table_args__ = (_of_initiative(),)

    workspace_id: str = Field(primary_key=True, max_length=40)
    initiative_key: str = Field(primary_key=True, max_length=20)
    name: str = Field(max_length=500)
    people: str = Field(sa_type=Text)
    purpose: str = Field(sa_type=Text)  # objective, outcome, topic
    needs: str = Field(sa_type=Text)  # data, skills, compute, and what it depends on
    department: str = Field(sa_type=Text)  # its name and initials, and the initiative's key
    variants: str = Field(sa_type=Text)  # words of all texts in the spellings they're looked for in
