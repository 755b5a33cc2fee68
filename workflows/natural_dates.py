"""Dates as people write them, read on their own calendar. Pure: text and today in, days out.

One day is certain; several are asked about; none is not a date. A day without a year is the next
such day, today included.
"""

import re
from calendar import day_abbr, day_name, month_abbr, month_name
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

FRIDAY = 4
_LONGEST = 100  # characters
YEARS = range(1980, 2101)  # others are slips of a pen or of a spreadsheet
_LEAP_CYCLE = 9  # years within which every day of the year exists
_DAYS_ASIDE = re.compile(r"^(?:by|on|until|till|the|before|due|around)\s+")
_NUMBER_WORDS = "one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {word: number for number, word in enumerate(_NUMBER_WORDS.split(), start=1)}
_NUMBERS |= {"a": 1, "an": 1}


@dataclass(frozen=True)
class Reading:
    """What a text can mean."""

    days: tuple[date, ...] = ()  # in order

    @property
    def certain(self) -> date | None:
        """Return the day, if there is no doubt about it."""
        return self.days[0] if len(self.days) == 1 else None


def read_date(text: str, today: date) -> Reading:
    """Return the days that a text can mean on somebody's calendar."""
    if len(text) > _LONGEST:
        return Reading()
    folded = re.sub(r"[\s,]+", " ", text.casefold()).strip().removesuffix(".")
    while stripped := _DAYS_ASIDE.match(folded):
        folded = folded[stripped.end() :]
    for form, read in _FORMS:
        if found := form.fullmatch(folded):
            days = {day for day in read(found, today) if day.year in YEARS}
            return Reading(tuple(sorted(days)))
    return Reading()


Read = Callable[[re.Match[str], date], Sequence[date]]


def _names(full: Sequence[str], short: Sequence[str]) -> dict[str, int]:
    words = {name.casefold(): number for number, name in enumerate(full) if name}
    return words | {name.casefold(): number for number, name in enumerate(short) if name}


_MONTHS = _names(list(month_name), list(month_abbr)) | {"sept": 9}
_WEEKDAYS = _names(list(day_name), list(day_abbr)) | {"tues": 1, "thur": 3, "thurs": 3}
_MONTH = f"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\\.?"
_WEEKDAY = f"(?P<weekday>{'|'.join(sorted(_WEEKDAYS, key=len, reverse=True))})\\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?P<year>\d{4})"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)})"
_UNIT = r"(?P<unit>day|week|month|quarter|year)s?"
_EDGE = r"(?P<edge>start|beginning|middle|mid|end)(?:[ -](?:of ?)?)?(?:the )?"


def _exact(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _next_of(month: int, day: int, today: date) -> list[date]:
    years = range(today.year, today.year + _LEAP_CYCLE)
    days = (found for year in years for found in _exact(year, month, day) if found >= today)
    return list(days)[:1]


def _iso(found: re.Match[str], today: date) -> Sequence[date]:
    return _exact(int(found["year"]), int(found["month"]), int(found["day"]))


def _named(found: re.Match[str], today: date) -> Sequence[date]:
    """Read a day and the name of its month; a weekday that contradicts them is no date."""
    month, day, parts = _MONTHS[found["month"]], int(found["day"]), found.groupdict()
    year = parts.get("year")
    days = _exact(int(year), month, day) if year else _next_of(month, day, today)
    weekday = parts.get("weekday")
    return [one for one in days if not weekday or one.weekday() == _WEEKDAYS[weekday]]


def _dotted(found: re.Match[str], today: date) -> Sequence[date]:
    """Read a day first and then the month, as where dates are written with dots."""
    day, month = int(found["day"]), int(found["month"])
    return (
        _exact(_full_year(found["year"]), month, day)
        if found["year"]
        else _next_of(month, day, today)
    )


def _slashed(found: re.Match[str], today: date) -> Sequence[date]:
    """Read both ways: half of the world puts the month first."""
    first, second, year = int(found["first"]), int(found["second"]), _full_year(found["year"])
    return [*_exact(year, first, second), *_exact(year, second, first)]


def _full_year(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def _later(found: re.Match[str], today: date) -> Sequence[date]:
    """Read «in three weeks» and «three weeks from Monday»."""
    parts = found.groupdict()
    count = _NUMBERS.get(found["count"]) or int(found["count"])
    unit, start = found["unit"], today
    if weekday := parts.get("weekday"):
        start = _coming(_WEEKDAYS[weekday], today)
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    if months:
        return [start + relativedelta(months=months * count)]
    return [start + timedelta(days=count * (7 if unit == "week" else 1))]


def _coming(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _plain_weekday(found: re.Match[str], today: date) -> Sequence[date]:
    """Read the next such day; said on such a day, it can be today."""
    weekday = _WEEKDAYS[found["weekday"]]
    coming = _coming(weekday, today)
    return [today, coming] if weekday == today.weekday() else [coming]


def _this_weekday(found: re.Match[str], today: date) -> Sequence[date]:
    weekday = _WEEKDAYS[found["weekday"]]
    day = today + timedelta(days=weekday - today.weekday())
    return [day if day >= today else day + timedelta(days=7)]


def _next_weekday(found: re.Match[str], today: date) -> Sequence[date]:
    """Read the coming one; while that is in this week, many mean the one after it."""
    coming = _coming(_WEEKDAYS[found["weekday"]], today)
    same_week = coming.isocalendar()[:2] == today.isocalendar()[:2]
    return [coming, coming + timedelta(days=7)] if same_week else [coming]


def _today(found: re.Match[str], today: date) -> Sequence[date]:
    return [today + timedelta(days=_NEAR[found["near"]])]


_NEAR = {"today": 0, "tomorrow": 1, "day after tomorrow": 2}


def _edge_of(first: date, last: date, edge: str | None) -> Sequence[date]:
    """Return one day of a span; without an edge both of its ends."""
    if edge == "end":
        return [last]
    if edge in ("start", "beginning"):
        return [first]
    if edge in ("mid", "middle"):
        whole_month = first.replace(day=15)
        return [whole_month if (last - first).days < 31 else first + (last - first) / 2]
    return [first, last]


def _month_span(year: int, month: int, months: int = 1) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, first + relativedelta(months=months, days=-1)


def _quarter(found: re.Match[str], today: date) -> Sequence[date]:
    """Read a quarter of the calendar; without its year the next that is not over."""
    month = 3 * int(found["quarter"]) - 2
    year = int(found["year"]) if found["year"] else today.year
    if not found["year"] and _month_span(year, month, 3)[1] < today:
        year += 1
    return _edge_of(*_month_span(year, month, 3), found["edge"])


def _month(found: re.Match[str], today: date) -> Sequence[date]:
    month = _MONTHS[found["month"]]
    year = int(found["year"]) if found["year"] else today.year
    if not found["year"] and _month_span(year, month)[1] < today:
        year += 1
    return _edge_of(*_month_span(year, month), found["edge"])


def _span(found: re.Match[str], today: date) -> Sequence[date]:
    """Read the edge of this or the next week, month, quarter or year."""
    ahead, unit = int(found["which"] == "next "), found["unit"]
    edge = found["edge"]
    if unit == "week":
        monday = today + timedelta(days=7 * ahead - today.weekday())
        return _edge_of(monday, monday + timedelta(days=FRIDAY), edge)
    if unit == "year":
        return _edge_of(*_month_span(today.year + ahead, 1, 12), edge)
    months = 3 if unit == "quarter" else 1
    first_month = today.replace(month=(today.month - 1) // months * months + 1, day=1)
    start = first_month + relativedelta(months=months * ahead)
    return _edge_of(*_month_span(start.year, start.month, months), edge)


def _short_end(found: re.Match[str], today: date) -> Sequence[date]:
    months = {"m": 1, "q": 3, "y": 12}[found["unit"]]
    first = (today.month - 1) // months * months + 1
    return [_month_span(today.year, first, months)[1]]


_FORMS: list[tuple[re.Pattern[str], Read]] = [
    (re.compile(form), read)
    for form, read in (
        (rf"{_YEAR}-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})", _iso),
        (rf"(?:{_WEEKDAY} )?{_DAY} (?:of )?{_MONTH}(?: {_YEAR})?", _named),
        (rf"(?:{_WEEKDAY} )?{_MONTH} {_DAY}(?: {_YEAR})?", _named),
        (r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.?(?P<year>\d{4}|\d\d)?", _dotted),
        (r"(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4}|\d\d)", _slashed),
        (rf"in {_COUNT} {_UNIT}", _later),
        (rf"{_COUNT} {_UNIT} from (?:now|today|{_WEEKDAY})", _later),
        (rf"(?P<near>{'|'.join(_NEAR)})", _today),
        (_WEEKDAY, _plain_weekday),
        (rf"this {_WEEKDAY}", _this_weekday),
        (rf"next {_WEEKDAY}", _next_weekday),
        (rf"(?:{_EDGE})?q(?P<quarter>[1-4])(?: {_YEAR})?", _quarter),
        (rf"(?:{_EDGE})?{_MONTH}(?: {_YEAR})?", _month),
        (rf"(?:{_EDGE})(?P<which>this |next )?(?P<unit>week|month|quarter|year)", _span),
        (r"(?P<edge>)(?P<which>next )(?P<unit>week|month|quarter|year)", _span),
        (r"eo(?P<unit>[mqy])", _short_end),
    )
]
