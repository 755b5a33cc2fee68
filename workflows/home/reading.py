"""What somebody finds in the App Home: their updates, the round they look after, the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import drafts, initiatives, promises
from storage.models import Person
from storage.reading import Reader
from workflows import policies
from workflows.kinds import duties
from workflows.membership import programme_manager
from workflows.policies import Policy
from workflows.rounds.kinds import RoundDuty
from workflows.services import Actor, Services
from workflows.updates.reading import RoundReport, my_week, report_round

_A_WEEK = timedelta(days=7)
_MOST_COMING = 5


@dataclass(frozen=True)
class Coming:
    """Something that the bot will do, perhaps for several at the same moment."""

    described: str
    due_at: datetime
    count: int = 1


@dataclass(frozen=True)
class Home:
    """One person's App Home, as things stand."""

    person: Person | None
    own: RoundReport | None  # of what they answer for; None before the first round
    policy: Policy
    whole: RoundReport | None = None  # of all initiatives; None for whom their own is enough
    departments: Sequence[str] = ()  # that they lead
    drafted: frozenset[str] = frozenset()  # the initiatives whose update they have begun
    is_manager: bool = False
    next_opens_at: datetime | None = None  # when the next round opens
    coming: Sequence[Coming] = ()  # what the bot does next; for the programme manager

    @property
    def watched(self) -> RoundReport | None:
        """Return the round as far as they look after it: all of it, or their departments."""
        if self.whole is None or self.is_manager:
            return self.whole
        return self.whole.of_departments(self.departments) if self.departments else None


def read_home(services: Services, actor: Actor) -> Home:
    """Return what somebody's App Home shows."""
    week = my_week(services, actor)
    with services.reading() as reader:
        policy = policies.in_force(reader, actor.workspace_id)
        is_manager = actor.user_id == programme_manager(reader, actor.workspace_id)
        leads = initiatives.department_leads(reader, actor.workspace_id)
        openings = promises.pending_of_kind(reader, actor.workspace_id, RoundDuty.OPEN)
        call_on = week.report.round.call_on if week.report else None
        begun = drafts.keys_of(reader, actor.workspace_id, actor.user_id, call_on)
        coming = _coming(reader, actor.workspace_id, services.now()) if is_manager else []
    departments = [name for name, user_ids in leads.items() if actor.user_id in user_ids]
    looks_after_more = is_manager or departments or not (week.report and week.report.standings)
    whole = (
        report_round(services, actor.workspace_id, call_on)
        if call_on and looks_after_more
        else None
    )
    return Home(
        person=week.person,
        own=week.report,
        policy=policy,
        whole=whole,
        departments=sorted(departments),
        drafted=frozenset(begun),
        is_manager=is_manager,
        next_opens_at=min((opening.due_at for opening in openings), default=None),
        coming=coming,
    )


def _coming(reader: Reader, workspace_id: str, now: datetime) -> list[Coming]:
    """Return the next few things that the bot will do within a week."""
    found = promises.coming(reader, workspace_id, now + _A_WEEK, _MOST_COMING)
    known = duties()
    return [
        Coming(known[kind].described, due_at, count)
        for kind, due_at, count in found
        if kind in known
    ]
