"""What is owed to the programme manager, and what is sent to them."""

from workflows.alerts.kinds import AUDIT, AUDIT_DUTY, STANDSTILL, UNDELIVERED
from workflows.owing import Duty, Owed, no_faults
from workflows.promises.run import audit

OWED = Owed(
    "alerts",
    duties=(
        Duty(
            AUDIT_DUTY,
            "the daily check",
            settle=audit,
            faults=no_faults,
            missing=("next audit", "nothing will begin it"),
        ),
    ),
    outgoing=(AUDIT, UNDELIVERED, STANDSTILL),
)
