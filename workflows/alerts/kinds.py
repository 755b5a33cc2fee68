"""What the programme manager is told, by kind."""

from storage.models import Priority
from workflows.owing import Outgoing

AUDIT_DUTY = "audit"  # the daily one

AUDIT = Outgoing("audit", clause="audit.time", is_replaceable=True)
UNDELIVERED = Outgoing("undelivered", clause="channels.fallback")
STANDSTILL = Outgoing(
    "standstill", clause="people.programme_manager", priority=Priority.URGENT, is_alone=True
)
