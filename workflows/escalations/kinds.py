"""What is owed and sent about escalations, by kind."""

from enum import StrEnum

from storage.models import Priority
from workflows.owing import Outgoing


class EscalationDuty(StrEnum):
    """What is owed about an escalation."""

    RAISE = "raise_escalation"  # its clock takes it one level on
    CHASE = "chase_level"  # its level hasn't acknowledged it
    CHECK = "check_back"  # its owner has been silent


_ACKNOWLEDGE = "escalations.acknowledge"

CARD = Outgoing(
    "escalation",
    "an escalation",
    priority=Priority.URGENT,
    is_alone=True,
    is_replaceable=True,
)
LINE = Outgoing(
    "escalation_line", "a line about an escalation", priority=Priority.URGENT, is_alone=True
)
TOLD = Outgoing("escalated", "an escalation", is_replaceable=True)
TOLD_NOW = Outgoing(
    "escalated_now", "an escalation", priority=Priority.URGENT, is_alone=True, is_replaceable=True
)
CHASED = Outgoing(
    "unacknowledged",
    "an escalation that nobody has acknowledged",
    clause=_ACKNOWLEDGE,
    is_replaceable=True,
)
ASKED = Outgoing(
    "still_on_it",
    "a question about an escalation",
    clause="escalations.acknowledge.quiet_working_days",
    is_replaceable=True,
)
RECEDED = Outgoing("receded", "that something is less late, or less over", is_replaceable=True)
OUTCOME = Outgoing("escalation_over", "what became of an escalation", is_replaceable=True)

CHANGED = Outgoing(
    "policy_changed",
    "a question about a changed policy",
    clause="people.programme_manager",
    is_replaceable=True,
)

TO_PEOPLE = (TOLD.name, TOLD_NOW.name, CHASED.name, ASKED.name)  # that act on it there, too
