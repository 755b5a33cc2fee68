"""Being away: somebody else is asked until the day they are back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from storage import initiatives, people
from storage.models import Initiative, Person
from workflows import audit
from workflows.changes import changed
from workflows.dates.faults import fault_in
from workflows.dates.reader import read_date
from workflows.dates.reading import DateRules, Reading
from workflows.errors import DateUnreadableError, NoInitiativeError
from workflows.once import acting
from workflows.owing import What
from workflows.people import FALLBACK_ZONE
from workflows.policies import rules_in_force
from workflows.rounds.answerable import answerable_people
from workflows.rounds.policy import asked_person
from workflows.services import Actor, Services

FURTHEST = timedelta(days=366)

TRY = "Try “Monday”, “27 November” or “in two weeks”."
_UNTIL = re.compile(r"\s*(?:until|till?|bis)\b", re.IGNORECASE)
_SATURDAY = 5
_NO_RULES = DateRules()


@dataclass(frozen=True)
class Away:
    """Somebody's time away, and who is asked meanwhile."""

    back_on: date | None  # None: they are here
    stand_ins: list[tuple[Initiative, Person | None]]
    was_away: bool = False


def read_day(text: str, today: date, rules: DateRules = _NO_RULES) -> date:
    """Read the day that somebody is back, which is still to come.

    “Until next week” is until it begins; who is away “next week” may mean its end as well.

    Raises:
        DateUnreadableError: it is no date, can be several, contradicts itself, has passed, or is
            more than a year away; with the days that can be offered instead.
    """
    reading = read_date(text, today, rules)
    if not reading.days:
        only = (reading.contradicts,) if reading.contradicts else ()
        raise DateUnreadableError(
            fault_in(text, reading, today, rules, TRY), _ahead(only, today) or usual_days(today)
        )
    days = _ahead(_back_on(text, reading), today)
    if len(days) > 1:
        typed = _UNTIL.sub("", text).strip()
        raise DateUnreadableError(
            f"“{typed}” could be several days. Which one are you back on?", days
        )
    if not days:
        raise DateUnreadableError(_out_of_reach(reading.days[-1], today), usual_days(today))
    return days[0]


def usual_days(today: date) -> tuple[date, ...]:
    """Return days that people are often back on: tomorrow, and the next two Mondays."""
    tomorrow, monday = today + timedelta(days=1), today + timedelta(days=7 - today.weekday())
    days = {monday, monday + timedelta(days=7)}
    return tuple(sorted(days | ({tomorrow} if tomorrow.weekday() < _SATURDAY else set())))


def days_to_offer(services: Services, actor: Actor) -> tuple[date, ...]:
    """Return days that somebody may be back on, on their own calendar."""
    with services.reading() as reader:
        person = people.get(reader, actor.workspace_id, actor.user_id)
    zone = ZoneInfo(person.timezone if person else FALLBACK_ZONE)
    return usual_days(services.now().astimezone(zone).date())


def set_away(services: Services, actor: Actor, until: str | None) -> Away:
    """Keep that somebody is away until a day (None: is back), and ask others meanwhile.

    Raises:
        DateUnreadableError: the day can't be read or is not ahead.
        NoInitiativeError: nothing is asked of them anyway.
    """
    now = services.now()
    with acting(services, actor) as session:
        person = people.to_change(session, actor.workspace_id, actor.user_id)
        mine = initiatives.of_person(session, actor.workspace_id, actor.user_id)
        if person is None or not mine:
            raise NoInitiativeError
        today = now.astimezone(ZoneInfo(person.timezone)).date()
        rules = rules_in_force(session, actor.workspace_id)
        back_on = None if until is None else read_day(until, today, rules)
        was_away = person.away_until_on is not None and person.away_until_on > today
        if back_on != person.away_until_on:
            person.away_until_on = back_on
            audit.record(
                session,
                now,
                actor,
                "set_away",
                audit.naming(actor.user_id),
                facts={"back_on": back_on.isoformat() if back_on else None},
            )
        session.flush()
        keys = [initiative.key for initiative in mine]
        changed(session, actor.workspace_id, What.PEOPLE, now, keys)
        answerable = answerable_people(session, actor.workspace_id, keys)
        stand_ins = [
            (initiative, asked_person(answerable[initiative.key], now))
            for initiative in mine
            if initiative.lead_id == actor.user_id and initiative.key in answerable
        ]
        return Away(person.away_until_on, stand_ins, was_away)


def _back_on(text: str, reading: Reading) -> tuple[date, ...]:
    """Return the days that are meant; of a whole week or month its first, or the one after it."""
    if reading.span is None:
        return reading.days
    first, last = reading.span
    return (first,) if _UNTIL.match(text) else (first, last + timedelta(days=1))


def _ahead(days: Sequence[date], today: date) -> tuple[date, ...]:
    return tuple(day for day in days if timedelta() < day - today <= FURTHEST)


def _out_of_reach(day: date, today: date) -> str:
    if day > today:
        return f"{day.day} {day:%B %Y} is more than a year away. Which day are you back?"
    told = "is today" if day == today else "has passed"
    return f"{day:%A} {day.day} {day:%B %Y} {told}. Which day are you back?"
