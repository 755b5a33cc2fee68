"""Faults on request: what a real network and a real Slack do on a bad day."""

from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong."""

    RATE_LIMITED = "rate_limited"  # 429 with Retry-After; not carried out
    SERVER_ERROR = "server_error"  # 500; not carried out
    CLOSE_BEFORE_ACCEPT = "close_before_accept"  # the connection closes; not carried out
    CLOSE_AFTER_ACCEPT = "close_after_accept"  # carried out, then the connection closes
    SLOW = "slow"  # carried out, answered after some seconds
    LATE = "late"  # carried out after some seconds


@dataclass
class Fault:
    """One fault, for the next calls of a method."""

    method: str  # or "*" for any
    kind: FaultKind
    times: int = 1
    seconds: float = 1  # Retry-After, or how slow or late


@dataclass
class Faults:
    """The faults that are still to come, first asked for first."""

    pending: list[Fault] = field(default_factory=list)

    def next_for(self, method: str) -> Fault | None:
        """Return the fault that this call meets, and count it."""
        for fault in self.pending:
            if fault.method in ("*", method):
                fault.times -= 1
                if fault.times <= 0:
                    self.pending.remove(fault)
                return fault
        return None
