"""The demo's past: four weeks and some days, lived through by the bot on a clock of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.demo.escalations import PAST, happen
from bot.jobs.delivery import Courier, deliver_due
from bot.workspaces import Workspace
from sandbox.seed.organisation import PastUpdate, PastWeek, load_history
from storage.models import Confidence
from workflows import policies
from workflows.due import next_due_at
from workflows.rounds.planning import ensure_next_round
from workflows.rounds.policy import RoundTimes, next_call_on, round_times
from workflows.services import Actor, Services
from workflows.sweep import sweep
from workflows.updates.filing import Filing, file_update
from workflows.updates.policy import Answers

WEEK = timedelta(days=7)
_JUST_AFTER = timedelta(milliseconds=1)
_A_MOMENT = timedelta(seconds=2)  # for what could not be done at once


@dataclass(frozen=True)
class Life:
    """What it takes to live through the past."""

    services: Services
    workspace: Workspace
    move_clock_to: Callable[[datetime], None]
    user_id_of: Callable[[str], str]  # by email
    escalations: dict[int, int] = field(default_factory=dict)  # numbers, by those of the script


def go_back(life: Life, present: datetime) -> None:
    """Set the clock to when the first round opens."""
    life.move_clock_to(_times(life, load_history().weeks[0], present).opens_at)


def live_through_history(life: Life, present: datetime, tell: Callable[[str], None]) -> None:
    """File all updates up to the present at their times, with all that was due between them.

    The clock goes back to when the first round opened and ends at `present`.
    """
    weeks = load_history().weeks
    go_back(life, present)
    ensure_next_round(life.services, life.workspace.id)
    past_weeks = sum(1 for week in weeks if week.week)
    for number, week in enumerate(weeks, 1):
        tell(f"playing week {number} of {past_weeks} …" if week.week else "playing this week …")
        for past, at, filing in _filings(life, week, present):
            _escalate_until(life, at, present)
            _live_until(life, at)
            actor = Actor(life.workspace.id, life.user_id_of(past.by))
            file_update(life.services, actor, filing)
    _escalate_until(life, present, present)
    _live_until(life, present)


def _escalate_until(life: Life, instant: datetime, present: datetime) -> None:
    """Have happen what people did about escalations since the present of that life."""
    since = life.services.now()
    for past in sorted(PAST, key=lambda one: one.instant(present)):
        if since < past.instant(present) <= instant:
            _live_until(life, past.instant(present))
            user_id = life.user_id_of(f"{past.by}@harrowfinch.example")
            actor = Actor(life.workspace.id, user_id)
            happen(life.services, actor, past, present, life.escalations)


def _live_until(life: Life, instant: datetime) -> None:
    courier = Courier(life.services, life.workspace)
    while (due_at := next_due_at(life.services)) is not None and due_at <= instant:
        now = life.services.now()
        life.move_clock_to(due_at + _JUST_AFTER if due_at > now else now + _A_MOMENT)
        sweep(life.services)
        deliver_due(courier)
    life.move_clock_to(instant)


def _filings(
    life: Life, week: PastWeek, present: datetime
) -> Iterator[tuple[PastUpdate, datetime, Filing]]:
    """Yield who filed what and when, in the order in which it happened."""
    times = _times(life, week, present)
    versions: dict[str, int] = {}
    for past in sorted(week.updates, key=lambda update: -update.before_close):
        filing = Filing(past.key, times.call_on, versions.get(past.key, 0), answers_of(past))
        versions[past.key] = filing.base_version + 1
        yield past, times.closes_at - past.before_close, filing


def _times(life: Life, week: PastWeek, present: datetime) -> RoundTimes:
    document = policies.document_in_force(life.services, life.workspace.id)
    return round_times(document, next_call_on(document, present - WEEK * week.week))


def answers_of(past: PastUpdate) -> Answers:
    """Return what somebody once filed."""
    return Answers(
        confidence=Confidence(past.confidence),
        progress=past.progress,
        milestones=past.milestones,
        blockers=past.blockers,
        needs=past.needs,
    )
