"""Being away: somebody else is asked until the day they are back."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil import parser
from dateutil.relativedelta import relativedelta, weekday
from dateutil.rrule import MONTHLY, rrule

from storage import initiatives, people
from storage.models import Initiative, Person
from workflows import audit
from workflows.errors import DateUnreadableError, NoInitiativeError
from workflows.policy_document import Weekday
from workflows.rounds.answerable import answerable_people
from workflows.rounds.planning import replan_asks
from workflows.rounds.policy import asked_person
from workflows.services import Actor, Services

FURTHEST = timedelta(days=366)

_TRY = "Try “Monday”, “27 November” or “2026-11-27”."
_SAID_BESIDE = frozenset(("at", "next", "on", "the", "this", "until"))
_TIME = re.compile(r"(?<![\w:+-])\d{1,2}((:\d\d){1,2}(\s*[ap]\.?m\b)?|\s*([ap]\.?m|h)\b)")
_YEARS_TO_A_LEAP_DAY = 8  # at most: 1900 had none
_SHORTEST_WEEKDAY = 3  # Mon
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(st|nd|rd|th)?")


@dataclass(frozen=True)
class Away:
    """Somebody's time away, and who is asked meanwhile."""

    back_on: date | None  # None: they are here
    stand_ins: list[tuple[Initiative, Person | None]]


def read_day(text: str, today: date) -> date:
    """Read the day that is meant, and is still to come; a time of day beside it is ignored.

    A weekday, a day of the month and a date without its year are the next of that name after
    today. Where day and month can be taken for each other, the month is first, as
    python-dateutil has it.

    Raises:
        DateUnreadableError: it is no date or only a time, it contradicts itself, has passed,
            or is more than a year away.
    """
    timeless, times = _TIME.subn(" ", text.casefold())
    words = [word.strip(".") for word in timeless.replace(",", " ").split()]
    words = [word for word in words if word and word not in _SAID_BESIDE]
    if times and not words:
        raise DateUnreadableError(f"“{text[:100]}” is a time. Which day are you back? {_TRY}")
    weekdays = {number for word in words if (number := _weekday(word)) is not None}
    others = " ".join(word for word in words if _weekday(word) is None)
    day = _next_day(others, weekdays, today)
    if day is None:
        raise DateUnreadableError(f"I can't read “{text[:100]}” as a date. {_TRY}")
    if weekdays - {day.weekday()}:
        raise DateUnreadableError(f"{day.day} {day:%B %Y} is a {day:%A}. Which day do you mean?")
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


def _weekday(word: str) -> int | None:
    """Return the number of the weekday that a word is the name of, or the beginning of it."""
    names = enumerate(Weekday) if len(word) >= _SHORTEST_WEEKDAY else ()
    return next((number for number, name in names if name.startswith(word)), None)


def _next_day(text: str, weekdays: Collection[int], today: date) -> date | None:
    """Return the next day of a name; None if there is none of it, or two weekdays are named."""
    if len(weekdays) > 1:
        return None
    if not text:
        names = list(weekdays)
        return today + relativedelta(days=1, weekday=weekday(names[0])) if names else None
    if text == "tomorrow":
        return today + timedelta(days=1)
    if found := _DAY_OF_MONTH.fullmatch(text):
        return _next_day_of_month(int(found[1]), today)
    return _next_date(text, today)


def _next_day_of_month(number: int, today: date) -> date | None:
    """Return the next day of that number, in a month that is long enough to have it."""
    if not 1 <= number <= 31:
        return None
    tomorrow = datetime.combine(today + timedelta(days=1), time.min)
    return rrule(MONTHLY, dtstart=tomorrow, bymonthday=number, count=1)[0].date()


def _next_date(text: str, today: date) -> date | None:
    """Return the next date of that month and day, or the one of its year if it has one."""
    if _parsed(text, date(2028, 1, 1)) != _parsed(text, date(2028, 12, 1)):
        return None  # there is no month in it: what was taken for a day can be anything
    years = range(today.year, today.year + _YEARS_TO_A_LEAP_DAY + 1)
    days = [day for year in years if (day := _parsed(text, date(year, 1, 1)))]
    return next((day for day in days if day > today), days[0] if days else None)


def _parsed(text: str, default: date) -> date | None:
    """Return a date, its missing parts as in the default; None if it is not one."""
    start = datetime.combine(default, time.min)
    try:
        return parser.parse(text, default=start, ignoretz=True).date()
    except (ValueError, OverflowError):
        return None
