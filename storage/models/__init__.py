"""The tables.

Every table carries workspace_id (Slack's team id), and every primary and unique key begins
with it. Every datetime is an aware UTC instant. Keys are natural where the trade has one, so
that a row that exists twice is a row that can't be stored.
"""

from storage.models.entries import Entry, EntryVersion
from storage.models.inbox import InboxItem
from storage.models.owed import Heartbeat, Notification, Pace, Promise
from storage.models.registry import (
    AuditEntry,
    DepartmentLead,
    Deputy,
    Initiative,
    Person,
    PolicyVersion,
    Workspace,
)
from storage.models.rounds import Draft, Round, Update
from storage.models.words import (
    Confidence,
    InboxKind,
    InboxState,
    NotificationKind,
    NotificationState,
    Priority,
    PromiseKind,
    PromiseState,
    Stage,
)

__all__ = [
    "AuditEntry",
    "Confidence",
    "DepartmentLead",
    "Deputy",
    "Draft",
    "Entry",
    "EntryVersion",
    "Heartbeat",
    "InboxItem",
    "InboxKind",
    "InboxState",
    "Initiative",
    "Notification",
    "NotificationKind",
    "NotificationState",
    "Pace",
    "Person",
    "PolicyVersion",
    "Priority",
    "Promise",
    "PromiseKind",
    "PromiseState",
    "Round",
    "Stage",
    "Update",
    "Workspace",
]
