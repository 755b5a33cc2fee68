"""A change to an escalation that is under way."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import people
from storage.models import Escalation
from workflows.calendars.calendar import Calendar
from workflows.escalations.clocks import calendar_for
from workflows.escalations.rights import Standing
from workflows.policies import Policy
from workflows.services import Actor


@dataclass(frozen=True)
class Turn:
    """A change that is under way."""

    session: Session
    now: datetime
    policy: Policy  # that the escalation began under
    escalation: Escalation  # held, to be changed
    standing: Standing
    actor: Actor | None = None  # None: the clock

    @property
    def workspace_id(self) -> str:
        """Return where it is made."""
        return self.escalation.workspace_id

    @property
    def actor_id(self) -> str:
        """Return who makes it; "" for the clock."""
        return self.actor.user_id if self.actor else ""


def calendar_of_one(turn: Turn, user_id: str | None) -> Calendar:
    """Return the calendar of whoever is waited for; of nobody, that of the call."""
    person = people.get(turn.session, turn.workspace_id, user_id) if user_id else None
    return calendar_for(turn.policy.document, person)
