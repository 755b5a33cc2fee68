"""The forms in which people write a day. Pure."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from workflows.dates.reading import DateOrder, Question, Reading, exact, full_year
from workflows.dates.words import MONTHS, WEEKDAYS

Read = Callable[[re.Match[str], Question], Reading | None]
WEEK, FORTNIGHT = timedelta(days=7), timedelta(days=14)
_NEAR = {"today": 0, "tomorrow": 1, "overmorrow": 2, "yesterday": -1}


def read_day(text: str, question: Question) -> Reading | None:
    """Read a day in one of the forms; None: it is written in none of them."""
    for form, read in _FORMS:
        if (found := form.fullmatch(text)) and (reading := read(found, question)) is not None:
            return reading
    return None


def coming(weekday: int, after: date) -> date:
    """Return the first day of that name after another day."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def shifted(found: re.Match[str], start: date, step: int, question: Question) -> date:
    """Return the day that lies so many days, weeks, … before or after another."""
    counted = found["count"]
    count = 1 if counted in ("a", "an") else int(counted)
    unit = found["unit"]
    if unit == "workday":
        return question.working_day(start, step, count)
    if months := {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(unit):
        return start + relativedelta(months=step * months * count)
    return start + step * count * {"week": WEEK, "fortnight": FORTNIGHT}.get(unit, WEEK / 7)


def _checked(days: Iterable[date], weekday: str | None, *, says_year: bool) -> Reading:
    """Keep the days that the weekday beside them is that of; if it is none's, say so."""
    found = sorted(set(days))
    kept = [day for day in found if not weekday or WEEKDAYS[day.weekday()] == weekday]
    contradicts = found[0] if found and not kept else None
    return Reading(tuple(kept), says_year=says_year, contradicts=contradicts)


def _weekday_of(found: re.Match[str]) -> str | None:
    parts = found.groupdict()
    return parts.get("weekday") or parts.get("weekday_after")


def _iso(found: re.Match[str], question: Question) -> Reading:
    days = exact(int(found["year"]), int(found["month"]), int(found["day"]))
    return _checked(days, _weekday_of(found), says_year=True)


def _iso_week_day(found: re.Match[str], question: Question) -> Reading | None:
    try:
        parts = (int(found[part]) for part in ("year", "week", "number"))
        return Reading((date.fromisocalendar(*parts),), says_year=True)
    except ValueError:
        return None


def _named(found: re.Match[str], question: Question) -> Reading:
    """Read a day and the name of its month."""
    month, day = MONTHS.index(found["month"]) + 1, int(found["day"])
    year = found.groupdict().get("year")
    days = exact(full_year(year), month, day) if year else question.named(month, day)
    return _checked(days, _weekday_of(found), says_year=bool(year))


def _month_and_two_digits(found: re.Match[str], question: Question) -> Reading:
    """Read Jan-27 as a day, and as a month of a year that spreadsheets write so."""
    month, number = MONTHS.index(found["month"]) + 1, found["number"]
    first = date(full_year(number), month, 1)
    span = (first, first + relativedelta(months=1, days=-1))
    return Reading((*question.named(month, int(number)), *span))


def _numbers(found: re.Match[str], question: Question) -> Reading:
    """Read a date in digits in each order that it can be written in."""
    first, second, year = int(found["first"]), int(found["second"]), full_year(found["year"])
    by_day, by_month = exact(year, second, first), exact(year, first, second)
    order = question.rules.order
    if order is DateOrder.UNKNOWN and found["sign"] == ".":
        days = by_day or by_month  # nobody puts the month before a dot
    elif order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST):
        days = by_day if order is DateOrder.DAY_FIRST else by_month
    else:
        days = by_day + by_month
    if found["sign"] == "-" and len(found["year"]) == 2 and (days or order is DateOrder.UNKNOWN):
        year_first = exact(2000 + first, second, int(found["year"]))  # 27-01-12
        days += tuple(day for day in year_first if all(one < day for one in days))
    return _checked(days, _weekday_of(found), says_year=True)


def _two_numbers(found: re.Match[str], question: Question) -> Reading:
    """Read a day and a month in digits, the year left out."""
    first, second = int(found["first"]), int(found["second"])
    by_day, by_month = question.named(second, first), question.named(first, second)
    if question.rules.order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST):
        days = by_day if question.rules.order is DateOrder.DAY_FIRST else by_month
    elif found["sign"] == "." and not by_day:
        days = ()  # 9.30 is rather a time
    else:
        days = by_day + by_month
    return _checked(days, _weekday_of(found), says_year=False)


def _day_of_month(found: re.Match[str], question: Question) -> Reading:
    """Read the nearest day of that number; said on such a day, it can be today."""
    step = -1 if question.rules.is_back else 1
    first = question.today.replace(day=1)
    months = (first + relativedelta(months=step * further) for further in range(4))
    number = int(found["day"])
    days = [
        day for one in months for day in exact(one.year, one.month, number) if question.fits(day)
    ]
    wanted = 2 if days[:1] == [question.today] and not question.rules.is_back else 1
    return _checked(days[:wanted], _weekday_of(found), says_year=False)


def _day_of_a_month(found: re.Match[str], question: Question) -> Reading:
    """Read the 15th of this or of the next month."""
    ahead = 1 if found["which"] == "next" else 0
    month = question.today.replace(day=1) + relativedelta(months=ahead)
    return Reading(exact(month.year, month.month, int(found["day"])))


def _near(found: re.Match[str], question: Question) -> Reading:
    ahead = timedelta(days=_NEAR[found["near"]])
    weekday = found["weekday_after"]
    return _checked((question.today + ahead,), weekday, says_year=False)


def _plain_weekday(found: re.Match[str], question: Question) -> Reading:
    """Read the nearest such day; said on such a day, it can be today."""
    weekday, today = _number(found), question.today
    if question.rules.is_back:
        return Reading((coming(weekday, today - WEEK),))
    next_one = coming(weekday, today)
    return Reading((today, next_one) if weekday == today.weekday() else (next_one,))


def _number(found: re.Match[str]) -> int:
    return WEEKDAYS.index(found["weekday"])


def _this_weekday(found: re.Match[str], question: Question) -> Reading:
    day = question.today + timedelta(days=_number(found) - question.today.weekday())
    return Reading((day if question.fits(day) or question.rules.is_back else day + WEEK,))


def _next_weekday(found: re.Match[str], question: Question) -> Reading:
    """Read the coming one; while that is in this week, many mean the one after it."""
    day = coming(_number(found), question.today)
    same_week = day.isocalendar()[:2] == question.today.isocalendar()[:2]
    return Reading((day, day + WEEK) if same_week else (day,))


def _last_weekday(found: re.Match[str], question: Question) -> Reading:
    return Reading((coming(_number(found), question.today - WEEK - timedelta(days=1)),))


def _weekday_of_week(found: re.Match[str], question: Question) -> Reading:
    """Read Monday of next week, which is never in doubt."""
    monday = question.today - timedelta(days=question.today.weekday())
    ahead = WEEK if found["which"] == "next" else timedelta()
    return Reading((monday + ahead + timedelta(days=_number(found)),))


def _weekday_and_weeks(found: re.Match[str], question: Question) -> Reading:
    """Read Monday week, a fortnight on Monday, three weeks on Monday."""
    counted = found.groupdict().get("count") or "1"
    weeks = (1 if counted in ("a", "an") else int(counted)) * (
        2 if found["unit"] == "fortnight" else 1
    )
    near = found["near"]
    start = (
        question.today + timedelta(days=_NEAR[near])
        if near
        else coming(_number(found), question.today)
    )
    return Reading((start + weeks * WEEK,))


def _weekday_after_next(found: re.Match[str], question: Question) -> Reading:
    day = coming(_number(found), question.today) + WEEK
    same_week = (day - WEEK).isocalendar()[:2] == question.today.isocalendar()[:2]
    return Reading((day, day + WEEK) if same_week else (day,))


def _later(found: re.Match[str], question: Question) -> Reading:
    return Reading((shifted(found, question.today, 1, question),))


def _ago(found: re.Match[str], question: Question) -> Reading:
    return Reading((shifted(found, question.today, -1, question),))


COUNT = r"(?P<count>\d{1,3}|an?)"
UNIT = r"(?P<unit>workday|day|week|fortnight|month|quarter|half|year)"
_W = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
_WEEKDAY = rf"(?:{_W} )?"
_WEEKDAY_AFTER = rf"(?: (?P<weekday_after>{'|'.join(WEEKDAYS)}))?"
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_NTH = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|o|e|de|ste)?"
_YEAR = r"(?P<year>\d{4})"
_ANY_YEAR = r"(?P<year>\d{4}|\d\d)"
_NEARBY = rf"(?P<near>{'|'.join(_NEAR)})"
_FORMS: list[tuple[re.Pattern[str], Read]] = [
    (re.compile(form), read)
    for form, read in (
        (
            rf"{_WEEKDAY}{_YEAR}(?P<sign>[/\-. ])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})"
            rf"{_WEEKDAY_AFTER}",
            _iso,
        ),
        (rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)", _iso),
        (r"(?P<year>\d{4}) ?w(?P<week>\d\d)[- ](?P<number>[1-7])", _iso_week_day),
        (rf"{_MONTH} ~(?P<number>\d\d)", _month_and_two_digits),
        (rf"{_WEEKDAY}{_NTH} (?:of )?{_MONTH}(?: (?:of )?{_ANY_YEAR})?{_WEEKDAY_AFTER}", _named),
        (rf"{_WEEKDAY}{_MONTH} {_NTH}(?: (?:of )?{_ANY_YEAR})?{_WEEKDAY_AFTER}", _named),
        (rf"{_YEAR} {_MONTH} {_NTH}", _named),
        (
            rf"{_WEEKDAY}(?P<first>\d{{1,2}})(?P<sign>[/\-. ])(?P<second>\d{{1,2}})(?P=sign)"
            rf"{_ANY_YEAR}{_WEEKDAY_AFTER}",
            _numbers,
        ),
        (
            rf"{_WEEKDAY}(?P<first>\d{{1,2}})(?P<sign>[/\-.])(?P<second>\d{{1,2}}){_WEEKDAY_AFTER}",
            _two_numbers,
        ),
        (rf"{_WEEKDAY}{_NTH}{_WEEKDAY_AFTER}", _day_of_month),
        (rf"{_NTH} (?:of )?(?P<which>this|next) month", _day_of_a_month),
        (rf"{_NEARBY}{_WEEKDAY_AFTER}", _near),
        (_W, _plain_weekday),
        (rf"this {_W}", _this_weekday),
        (rf"next {_W}", _next_weekday),
        (rf"{_W} next", _next_weekday),
        (rf"last {_W}", _last_weekday),
        (rf"{_W} (?:of |in )?(?P<which>this|next) week", _weekday_of_week),
        (rf"(?P<which>this|next) week (?:on )?{_W}", _weekday_of_week),
        (rf"(?:{_NEARBY}|{_W}) (?P<unit>week|fortnight)", _weekday_and_weeks),
        (rf"(?:in )?{COUNT} (?P<unit>week|fortnight) on (?:{_NEARBY}|{_W})", _weekday_and_weeks),
        (rf"{_W} in {COUNT} (?P<unit>week|fortnight)", _weekday_and_weeks),
        (rf"{_W} after next", _weekday_after_next),
        (rf"(?:in |\+ ?)?{COUNT} {UNIT}(?: (?:from|later)(?: today)?)?", _later),
        (rf"{COUNT} {UNIT} ago", _ago),
    )
]
