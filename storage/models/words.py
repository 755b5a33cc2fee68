"""The words that columns hold."""

from enum import IntEnum, StrEnum


class Stage(StrEnum):
    """Where an initiative stands in its life."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PILOT = "pilot"
    PRODUCTION = "production"
    PAUSED = "paused"
    RETIRED = "retired"


class DependencyKind(StrEnum):
    """What an initiative can depend on."""

    INITIATIVE = "initiative"
    MILESTONE = "milestone"  # of another initiative
    DATA = "data"
    MODEL = "model"
    PLATFORM = "platform"
    SKILL = "skill"  # people who have it


class Access(StrEnum):
    """What an initiative does with the shared data that it depends on."""

    READS = "reads"
    CHANGES = "changes"


class Verdict(StrEnum):
    """What people said of two initiatives that look alike."""

    JOIN = "join"
    LINK = "link"
    DIFFERENT = "different"


class Confidence(StrEnum):
    """How a lead sees the road ahead."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


class PromiseState(StrEnum):
    """What became of a promise."""

    PENDING = "pending"
    KEPT = "kept"
    LATE = "late"  # kept, and later than promised
    CANCELLED = "cancelled"
    FAILED = "failed"


class FileState(StrEnum):
    """How far an inventory that somebody sent has come."""

    ARRIVED = "arrived"  # to be checked
    CHECKED = "checked"  # its sender decides
    ACCEPTED = "accepted"  # to be stored
    STORED = "stored"
    WITHDRAWN = "withdrawn"  # to be undone
    UNDONE = "undone"
    DECLINED = "declined"  # its sender doesn't want it stored
    REFUSED = "refused"


class SubjectKind(StrEnum):
    """What a promise or a message can be about; the key is that of the row, or says how to draw."""

    ENTRY_VERSION = "entry_version"  # FIN-01@3
    ESCALATION = "escalation"  # E-12
    ESCALATION_STEP = "escalation_step"  # E-12@3
    INITIATIVE = "initiative"
    INVENTORY_FILE = "inventory_file"
    NOTIFICATION = "notification"
    PERSON = "person"
    PICTURE = "picture"  # dependencies FIN-01
    PROMISE = "promise"
    ROUND = "round"  # 2026-11-26, the day of its call
    WORKSPACE = "workspace"


class NotificationState(StrEnum):
    """Where a message stands on its way."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Priority(IntEnum):
    """Which message goes first when not all can go at once."""

    URGENT = 0  # somebody waits for it
    USUAL = 1
    BULK = 2  # to many, or of no hurry


class InboxKind(StrEnum):
    """What people and Slack send."""

    EVENT = "event"
    COMMAND = "command"
    CLICK = "click"
    SUBMISSION = "submission"


class InboxState(StrEnum):
    """Whether what came in has been dealt with."""

    RECEIVED = "received"
    DONE = "done"
    FAILED = "failed"


class Level(StrEnum):
    """Who decides."""

    OPERATIONAL = "operational"  # the lead, the department lead
    TACTICAL = "tactical"  # the CoE
    STRATEGIC = "strategic"  # the steering committee


class EscalationKind(StrEnum):
    """What can be stuck."""

    TECHNICAL_BLOCKER = "technical_blocker"
    RESOURCE_CONFLICT = "resource_conflict"
    TIMELINE_RISK = "timeline_risk"
    BUDGET_OVERRUN = "budget_overrun"


class EscalationState(StrEnum):
    """Where an escalation stands."""

    OPEN = "open"  # its level hasn't acknowledged it yet
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What can happen to an escalation: by somebody, or by the clock."""

    OPEN = "open"
    ACKNOWLEDGE = "acknowledge"
    TAKE_OVER = "take_over"
    HAND_OVER = "hand_over"
    ESCALATE = "escalate"  # somebody doesn't wait for the clock
    RAISE = "raise"  # the clock has run out
    AGREE = "agree"
    RESOLVE = "resolve"
    WITHDRAW = "withdraw"
    SNOOZE = "snooze"
    CONFIRM = "confirm"  # its owner is still on it
    REOPEN = "reopen"
    GROW = "grow"  # it is worth another alert
    RECEDE = "recede"  # under the threshold
    CHASE = "chase"  # nobody has acknowledged it
    CHECK = "check"  # its owner has been silent
