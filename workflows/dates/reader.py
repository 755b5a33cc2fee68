"""One reader of dates for all: what people type and what stands in files. Pure.

A day without its year is the next such day, today included (looking back: the last). Where a text
can mean several days, all of them are returned, and the person is asked; a day that has passed
is certain only where the text says so itself, by its year or as yesterday does.
"""

import re
from datetime import date

from workflows.dates.days import COUNT, UNIT, read_day, shifted
from workflows.dates.periods import read_period
from workflows.dates.reading import YEARS, DateRules, Question, Reading
from workflows.dates.words import canonical, fold, without_time

_LONGEST = 100  # characters
_BESIDE = re.compile(rf"{COUNT} {UNIT} (?P<way>from|after|before) (?P<rest>.+)")
_WEEK_OF = re.compile(r"week of (?P<rest>.+)")
_RULES = DateRules()


def read_date(text: str, today: date, rules: DateRules = _RULES) -> Reading:
    """Return the days that a text can mean on somebody's calendar."""
    if len(text) > _LONGEST:
        return Reading()
    timeless, is_clock = without_time(fold(text))
    bare = canonical(timeless)
    if not bare:
        words = fold(text)
        is_today = bool(words) and not is_clock and words != timeless
        return Reading((today,)) if is_today else Reading(is_time=is_clock)
    try:
        return _tidied(_read_any(bare, Question(today, rules)))
    except (OverflowError, ValueError):  # past the last year that there is
        return Reading()


def _read_any(text: str, question: Question) -> Reading:
    """Read one date, or several with “or” between them."""
    readings = [_read(one, question) for one in text.split(" or ")]
    if len(readings) == 1:
        return readings[0]
    days = tuple(day for one in readings for day in one.days)
    return Reading(days) if all(one.days for one in readings) else Reading()


def _read(text: str, question: Question) -> Reading:
    reading = read_day(text, question)
    if reading is None:
        reading = read_period(text, question)
    if reading is None and (found := _BESIDE.fullmatch(text)):
        step = -1 if found["way"] == "before" else 1
        start = _read(found["rest"], question)
        days = tuple(shifted(found, day, step, question) for day in start.days)
        reading = Reading(days, says_year=start.says_year)
    if reading is None and (found := _WEEK_OF.fullmatch(text)):
        reading = _weeks_of(_read(found["rest"], question), question)
    return reading or Reading()


def _weeks_of(reading: Reading, question: Question) -> Reading:
    """Return the first and the last working day of the weeks of some days."""
    weeks = (read_period("this week", Question(day, question.rules)) for day in reading.days)
    days = tuple(day for week in weeks if week for day in week.days)
    return Reading(days, says_year=reading.says_year)


def _tidied(reading: Reading) -> Reading:
    days = tuple(sorted({day for day in reading.days if day.year in YEARS}))
    return Reading(days, reading.span, reading.says_year, reading.contradicts)
