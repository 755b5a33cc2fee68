"""Being away: somebody else is asked until the day they are back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil import parser
from dateutil.relativedelta import relativedelta

from storage import initiatives, people
from storage.models import Initiative, Person
from workflows import audit
from workflows.errors import DateUnreadableError, NoInitiativeError
from workflows.rounds.answerable import answerable_people
from workflows.rounds.planning import replan_asks
from workflows.rounds.policy import asked_person
from workflows.services import Actor, Services

FURTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Away:
    """Somebody's time away, and who is asked meanwhile."""

    back_on: date | None  # None: they are here
    stand_ins: list[tuple[Initiative, Person | None]]


def read_day(text: str, today: date) -> date:
    """Read a day that is still to come, as python-dateutil does: month first where it is open.

    A weekday is the next one after today, a day without its year the next one of that name.

    Raises:
        DateUnreadableError: it is no date, has passed, or is more than a year away.
    """
    start = datetime.combine(today, datetime.min.time())
    try:
        day = parser.parse(text, default=start).date()
        in_next_year = parser.parse(text, default=start + relativedelta(years=1)).date()
    except (ValueError, OverflowError):
        raise DateUnreadableError(
            f"I can't read “{text[:100]}” as a date. Try “Monday”, “27 November” or “2026-11-27”."
        ) from None
    if parser.parserinfo().weekday(text.strip()) is not None:
        day += timedelta(days=7 if day <= today else 0)
    elif day <= today and in_next_year != day:
        day = in_next_year
    if day <= today:
        raise DateUnreadableError(
            f"{day:%A} {day.day} {day:%B %Y} is not ahead of you. Name a later day."
        )
    if day - today > FURTHEST:
        raise DateUnreadableError(f"{day.day} {day:%B %Y} is more than a year away.")
    return day


def set_away(services: Services, actor: Actor, until: str | None) -> Away:
    """Keep that somebody is away until a day (None: is back), and ask others meanwhile.

    Raises:
        DateUnreadableError: the day can't be read or is not ahead.
        NoInitiativeError: nothing is asked of them anyway.
    """
    now = services.now()
    with services.transaction() as session:
        person = people.get(session, actor.workspace_id, actor.user_id)
        mine = initiatives.of_person(session, actor.workspace_id, actor.user_id)
        if person is None or not mine:
            raise NoInitiativeError
        today = now.astimezone(ZoneInfo(person.timezone)).date()
        person.away_until_on = None if until is None else read_day(until, today)
        audit.record(session, now, actor, "set_away", actor.user_id)
        session.flush()
        replan_asks(session, actor.workspace_id, now)
        answerable = answerable_people(session, actor.workspace_id)
        stand_ins = [
            (initiative, asked_person(answerable[initiative.key], now))
            for initiative in mine
            if initiative.lead_id == actor.user_id and initiative.key in answerable
        ]
        return Away(person.away_until_on, stand_ins)
