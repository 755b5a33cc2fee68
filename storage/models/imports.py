"""What came into the registry from files."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Text
from sqlmodel import Field, SQLModel

from storage.models.words import FileState
from storage.types import UtcDateTime, words_of


class Import(SQLModel, table=True):
    """One file that was taken into the registry."""

    workspace_id: str = Field(primary_key=True, max_length=40)
    id: str = Field(primary_key=True, max_length=32)  # a random UUID in hex
    author_id: str = Field(max_length=40)
    imported_at: datetime = Field(sa_type=UtcDateTime)
    file_name: str = Field(max_length=255)
    new: int
    changed: int
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class InventoryFile(SQLModel, table=True):
    """An inventory that somebody sent in a direct message, and how far it has come.

    The file itself stays in Slack; it is fetched when it is checked, and again when it is stored.
    """

    __tablename__ = "inventory_file"
    __table_args__ = (Index("inventory_file_by_work", "workspace_id", "state", "due_at"),)

    workspace_id: str = Field(primary_key=True, max_length=40, foreign_key="workspace.workspace_id")
    file_id: str = Field(primary_key=True, max_length=40)  # Slack's
    user_id: str = Field(max_length=40)  # who sent it
    name: str = Field(max_length=255)
    state: FileState = Field(sa_type=words_of(FileState))
    due_at: datetime = Field(sa_type=UtcDateTime)  # when whoever is free takes it up
    attempts: int = 0  # how often that was
    changes: int = 0  # how often its state changed: each change is shown once
    columns: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))  # said
    digest: str = Field(default="", max_length=64)  # SHA-256 of the bytes that were checked, in hex
    findings: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    import_id: str | None = Field(default=None, max_length=32)
    reason: str = Field(default="", sa_type=Text)  # why it can't be taken, in words for people
    arrived_at: datetime = Field(sa_type=UtcDateTime)
