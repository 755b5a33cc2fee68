"""What came in from Slack, kept until it is dealt with."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from storage.models.words import InboxKind, InboxState
from storage.types import UtcDateTime, words_of


class InboxItem(SQLModel, table=True):
    """An event, command, click or submission, stored before it is acknowledged.

    The body holds what people wrote: it is blanked as soon as the item is settled. The key stays
    for a while, so that a late redelivery is known for what it is; so does the answer to what was
    done, for whoever sends the same again.
    """

    __tablename__ = "inbox_item"
    __table_args__ = (Index("inbox_item_by_state", "state", "received_at"),)

    workspace_id: str = Field(primary_key=True, max_length=40)
    key: str = Field(primary_key=True, max_length=250)  # Slack's own name for it
    kind: InboxKind = Field(sa_type=words_of(InboxKind))
    user_id: str = Field(default="", max_length=40)
    body: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    received_at: datetime = Field(sa_type=UtcDateTime)
    claimed_at: datetime = Field(sa_type=UtcDateTime)  # when somebody last began to work on it
    state: InboxState = Field(default=InboxState.RECEIVED, sa_type=words_of(InboxState))
    attempts: int = 1
    acted: bool = False  # what was asked for is done: set in the very transaction that does it
    answer: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
