"""The audit log: entries, the chain of seals over them, and the salts that hide who is named."""

from datetime import datetime

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime

Fact = str | int | bool | None


class AuditEntry(SQLModel, table=True):
    """What was done, tried, decided by the clock or set. Never holds what people wrote.

    What names a person in `subject` or `facts` begins with “@”.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("audit_entry_by_time", "workspace_id", "at"),)

    workspace_id: str = Field(primary_key=True, max_length=40)
    id: str = Field(primary_key=True, max_length=32)  # 16 random bytes in hex
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str = Field(max_length=80)  # "": the bot itself; "hashed:…": erased
    action: str = Field(max_length=60)
    subject: str = Field(max_length=250)
    outcome: str = Field(max_length=100)  # "done", or why not
    facts: dict[str, Fact] = Field(default_factory=dict, sa_type=JSON)  # the numbers that decided
    clause: str = Field(default="", max_length=60)
    policy_version: int = 0


class AuditUnsealed(SQLModel, table=True):
    """An entry that is not sealed yet: stored with it, deleted as it is sealed."""

    __tablename__ = "audit_unsealed"

    workspace_id: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    entry_id: str = Field(primary_key=True, max_length=32)


class AuditLink(SQLModel, table=True):
    """The seal of an entry: its place in the chain, and a hash of it and the one before."""

    __tablename__ = "audit_link"
    __table_args__ = (Index("audit_link_by_entry", "workspace_id", "entry_id", unique=True),)

    workspace_id: str = Field(primary_key=True, max_length=40)
    position: int = Field(primary_key=True)  # from 1
    entry_id: str = Field(max_length=32)
    hash: str = Field(max_length=64)  # SHA-256 in hex


class AuditSalt(SQLModel, table=True):
    """What somebody's user id is hashed with; deleted, nobody can tell any more who it was."""

    __tablename__ = "audit_salt"

    workspace_id: str = Field(primary_key=True, max_length=40)
    user_id: str = Field(primary_key=True, max_length=40)
    salt: str = Field(max_length=64)  # 32 random bytes in hex
