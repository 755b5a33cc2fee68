"""Weeks, months, quarters, halves and years by name, and the day of one that is meant. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from dateutil.relativedelta import relativedelta

from workflows.dates.reading import YEARS, Question, Reading, full_year
from workflows.dates.words import MONTHS, WEEKDAYS

_FURTHEST = 10  # periods of a name that are looked through
_MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_LONG, _MID_MONTH = timedelta(days=31), 15
_FRIDAY = 4


@dataclass(frozen=True)
class Period:
    """Days from a first to a last."""

    first: date
    last: date
    ends: bool = False  # named alone it means its last day: H1 2027 is the end of June


@dataclass(frozen=True)
class Named:
    """Periods that a name can mean: the one of its year, or one a year (or less) after another."""

    at: Callable[[int], Period]  # 0: in the present year; the next, the one before
    is_fixed: bool = False
    says_year: bool = False


Pick = Callable[[Period], tuple[date, ...]]


def read_period(text: str, question: Question) -> Reading | None:
    """Read a period, an edge of one, or a weekday or working day in one; None: it is none."""
    for form, picked in _FORMS:
        if (found := form.fullmatch(text)) and (named := _named(found["period"], question)):
            return _resolved(named, picked(found, question), question)
    return None


def _resolved(named: Named, pick: Pick, question: Question) -> Reading:
    if named.is_fixed:
        period = named.at(0)
        days = pick(period)
        if period.ends and pick is _whole:
            days = days[-1:]
        span = (period.first, period.last) if pick is _whole else None
        return Reading(days, span, named.says_year)
    if question.rules.is_back:
        past = (named.at(-back) for back in range(_FURTHEST))
        return next((_read(pick, one) for one in past if _has_come(pick(one), question)), Reading())
    coming = list(_coming(named, question))
    days = pick(coming[0])
    if pick is not _whole and any(day < question.today for day in days):
        days += pick(coming[1])  # never a past day as certain
    return Reading(days, _read(pick, coming[0]).span)


def _read(pick: Pick, period: Period) -> Reading:
    return Reading(pick(period), (period.first, period.last) if pick is _whole else None)


def _has_come(days: tuple[date, ...], question: Question) -> bool:
    return any(day <= question.today for day in days)


def _coming(named: Named, question: Question) -> Iterator[Period]:
    """Return the periods of that name that are not over: the present or the next, and the next."""
    ahead = (named.at(number) for number in range(-1, _FURTHEST))
    return islice((one for one in ahead if one.last >= question.today), 2)


def _span(first: date, months: int, *, ends: bool = False) -> Period:
    return Period(first, first + relativedelta(months=months, days=-1), ends)


def _week(day: date, question: Question) -> Period:
    """Return the working days of a week; of a week without any, Monday to Friday."""
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=ahead) for ahead in range(7)]
    working = [one for one in days if question.works_on(one)] or days[: _FRIDAY + 1]
    return Period(working[0], working[-1])


def _named(text: str, question: Question) -> Named | None:
    for form, read in _NAMES:
        if found := form.fullmatch(text):
            return read(found, question)
    return None


def _yearly(year: str | None, question: Question, of_year: Callable[[int], Period]) -> Named | None:
    if year and full_year(year) not in YEARS:
        return None
    if year:
        return Named(lambda _: of_year(full_year(year)), is_fixed=True, says_year=True)
    return Named(lambda ahead: of_year(question.today.year + ahead))


def _year(found: re.Match[str], question: Question) -> Named | None:
    return _yearly(found["year"], question, lambda year: _span(date(year, 1, 1), 12))


def _month(found: re.Match[str], question: Question) -> Named | None:
    month = MONTHS.index(found["month"]) + 1
    return _yearly(found["year"], question, lambda year: _span(date(year, month, 1), 1))


def _month_in_digits(found: re.Match[str], question: Question) -> Named | None:
    month = int(found["month"])
    if not 1 <= month <= 12:
        return None
    return _yearly(found["year"], question, lambda year: _span(date(year, month, 1), 1))


def _part(found: re.Match[str], question: Question) -> Named | None:
    """Read a quarter or a half of a calendar year."""
    months = _MONTHS_OF["quarter" if found["kind"] == "q" else "half"]
    first_month = months * (int(found["number"]) - 1) + 1
    if first_month > 12:
        return None
    year = found["year"] or found["before"]
    return _yearly(year, question, lambda one: _span(date(one, first_month, 1), months, ends=True))


def _fiscal(found: re.Match[str], question: Question) -> Named | None:
    """Read a fiscal year, named after the calendar year it ends in, or a part of one."""
    start_month = question.rules.fiscal_year_start_month
    kind, number = (found["kind"] or found["earlier"]), int(found["number"] or found["before"] or 1)
    months = {"q": 3, "h": 6}.get(kind or "", 12)
    if start_month is None or months * number > 12:
        return None

    def of_year(year: int) -> Period:
        first = date(year - (start_month > 1), start_month, 1)
        first += relativedelta(months=months * (number - 1))
        return _span(first, months, ends=months < 12)

    return _yearly(found["until"] or found["year"], question, of_year)


def _iso_week(found: re.Match[str], question: Question) -> Named | None:
    number, year = int(found["number"]), found["year"] or found["before"]
    if not 1 <= number <= 53:
        return None

    def of_year(one: int) -> Period:
        return _week(date(one, 1, 4) + timedelta(weeks=number - 1), question)

    named = _yearly(year, question, of_year)
    is_there = (
        named is None
        or not year
        or named.at(0).first.isocalendar()[:2] == (full_year(year), number)
    )
    return named if is_there else None


def _unit(found: re.Match[str], question: Question) -> Named:
    """Read this or the next week, month, quarter or year, or the one after that."""
    unit = found["unit"]
    ahead = {"next": 1, "last": -1}.get(found["which"] or "", 0) + bool(found["later"])
    if found["later"]:
        ahead = 2

    def at(further: int) -> Period:
        number = ahead + further
        if unit == "week":
            return _week(question.today + timedelta(weeks=number), question)
        months = _MONTHS_OF[unit]
        first_month = (question.today.month - 1) // months * months + 1
        first = question.today.replace(month=first_month, day=1)
        return _span(first + relativedelta(months=months * number), months)

    return Named(at, is_fixed=ahead != 0)


_YEAR = r"(?P<year>\d{4})"
_ANY_YEAR = r"(?P<year>\d{4}|\d\d)"
_NAMES: list[tuple[re.Pattern[str], Callable[[re.Match[str], Question], Named | None]]] = [
    (re.compile(form), read)
    for form, read in (
        (_YEAR, _year),
        (rf"(?P<month>{'|'.join(MONTHS)})(?: (?:of )?{_YEAR})?", _month),
        (rf"{_YEAR} (?P<month>{'|'.join(MONTHS)})", _month),
        (rf"(?P<month>\d{{1,2}})[/.-]{_YEAR}", _month_in_digits),
        (rf"{_YEAR}[/.-](?P<month>\d{{1,2}})", _month_in_digits),
        (
            rf"(?:(?P<before>\d{{4}})[ /-]?)?(?P<kind>[qh])(?P<number>[1-4])(?:[ /-]*{_ANY_YEAR})?",
            _part,
        ),
        (
            rf"(?:(?P<earlier>[qh])(?P<before>[1-4])[ /-]*(?:of )?)?fy{_ANY_YEAR}?"
            r"(?:[/-](?P<until>\d{4}|\d\d))?(?:[ /-]*(?P<kind>[qh])(?P<number>[1-4]))?",
            _fiscal,
        ),
        (
            rf"(?:(?P<before>\d{{4}})[ -]?)?(?:in )?w(?P<number>\d{{1,2}})"
            rf"(?:[ /-]?(?:of )?{_ANY_YEAR})?",
            _iso_week,
        ),
        (
            r"(?:(?P<which>this|next|last) )?(?P<unit>week|month|quarter|half|year)"
            r"(?P<later> after next)?",
            _unit,
        ),
    )
]


def _whole(period: Period) -> tuple[date, ...]:
    return period.first, period.last


def _as_whole(found: re.Match[str], question: Question) -> Pick:
    return _whole


def _edge(found: re.Match[str], question: Question) -> Pick:
    return _EDGES[found["edge"]]


def _middle(period: Period) -> tuple[date, ...]:
    first, last = period.first, period.last
    half = first + (last - first) / 2
    return (first.replace(day=_MID_MONTH) if _is_month(period) else half,)


def _is_month(period: Period) -> bool:
    return period.first.day == 1 and timedelta(days=7) < period.last - period.first < _LONG


def _early(period: Period) -> tuple[date, ...]:
    return period.first, period.first + (period.last - period.first) / 3


def _late(period: Period) -> tuple[date, ...]:
    return period.last - (period.last - period.first) / 3, period.last


_EDGES: dict[str, Pick] = {
    "start": lambda period: (period.first,),
    "end": lambda period: (period.last,),
    "mid": _middle,
    "early": _early,
    "late": _late,
}


def _numbered(found: re.Match[str], question: Question) -> Pick:
    """Read the third Friday of a period, its last working day and the like."""
    which, thing = found["which"], found["thing"]

    def is_one(day: date) -> bool:
        return question.works_on(day) if thing == "workday" else WEEKDAYS[day.weekday()] == thing

    def pick(period: Period) -> tuple[date, ...]:
        length = (period.last - period.first).days + 1
        days = (period.first + timedelta(days=ahead) for ahead in range(length))
        ones = [day for day in days if is_one(day)]
        number = -1 if which == "last" else int(which[:-2]) - 1
        return tuple(ones[number:][:1])

    return pick


_FORMS: list[tuple[re.Pattern[str], Callable[[re.Match[str], Question], Pick]]] = [
    (
        re.compile(
            r"(?P<which>[1-9]\d?(?:st|nd|rd|th)|last) "
            rf"(?P<thing>workday|{'|'.join(WEEKDAYS)}) (?:of|in) (?P<period>.+)"
        ),
        _numbered,
    ),
    (re.compile(rf"(?P<edge>{'|'.join(_EDGES)})[ -]?(?:of |in )?(?P<period>.+)"), _edge),
    (re.compile(r"(?:in |of )?(?P<period>(?!(?:month|week|quarter|half|year)$).+)"), _as_whole),
]
