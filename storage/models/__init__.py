"""The tables.

Every table carries workspace_id (Slack's team id), and every primary and unique key begins
with it. Every datetime is an aware UTC instant. Keys are natural where the trade has one, so
that a row that exists twice is a row that can't be stored.
"""

from storage.models.audit import AuditEntry, AuditLink, AuditSalt, AuditUnsealed, Fact
from storage.models.entries import (
    Dependency,
    Entry,
    EntryDraft,
    EntryVersion,
    Milestone,
    OverlapVerdict,
    SearchText,
)
from storage.models.escalations import (
    Agreement,
    Decision,
    Escalation,
    EscalationStep,
    UserGroup,
)
from storage.models.imports import Import, InventoryFile
from storage.models.inbox import InboxItem
from storage.models.owed import Heartbeat, Notification, NotificationSubject, Pace, Promise
from storage.models.registry import (
    DepartmentLead,
    Deputy,
    Initiative,
    Person,
    PolicyVersion,
    Workspace,
)
from storage.models.rounds import Draft, Round, Update
from storage.models.words import (
    Access,
    Act,
    Confidence,
    DependencyKind,
    EscalationKind,
    EscalationState,
    FileState,
    InboxKind,
    InboxState,
    Level,
    NotificationState,
    Priority,
    PromiseState,
    Stage,
    SubjectKind,
    Verdict,
)

__all__ = [
    "Access",
    "Act",
    "Agreement",
    "AuditEntry",
    "AuditLink",
    "AuditSalt",
    "AuditUnsealed",
    "Confidence",
    "Decision",
    "DepartmentLead",
    "Dependency",
    "DependencyKind",
    "Deputy",
    "Draft",
    "Entry",
    "EntryDraft",
    "EntryVersion",
    "Escalation",
    "EscalationKind",
    "EscalationState",
    "EscalationStep",
    "Fact",
    "FileState",
    "Heartbeat",
    "Import",
    "InboxItem",
    "InboxKind",
    "InboxState",
    "Initiative",
    "InventoryFile",
    "Level",
    "Milestone",
    "Notification",
    "NotificationState",
    "NotificationSubject",
    "OverlapVerdict",
    "Pace",
    "Person",
    "PolicyVersion",
    "Priority",
    "Promise",
    "PromiseState",
    "Round",
    "SearchText",
    "Stage",
    "SubjectKind",
    "Update",
    "UserGroup",
    "Verdict",
    "Workspace",
]
