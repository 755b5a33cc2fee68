"""Why a text is no date, in a sentence, and what was perhaps meant. Pure."""

import calendar
from datetime import date

from rapidfuzz import fuzz, process

from workflows.dates.reader import read_date
from workflows.dates.reading import DateRules, Reading
from workflows.dates.words import fold

_LIKE_ENOUGH = 75  # of 100, by rapidfuzz
_LONGEST = 100  # characters
_SHORTEST = 4  # letters; a shorter word resembles too many
_NAMES = [*calendar.day_name, *calendar.month_name[1:]]
_OTHERS = """today tomorrow yesterday next this last week month quarter year days weeks months
fortnight working from until start middle end first second third fourth"""
_KNOWN = {name.casefold(): name for name in _NAMES} | {word: word for word in _OTHERS.split()}


def fault_in(text: str, reading: Reading, today: date, rules: DateRules, examples: str) -> str:
    """Return what is wrong with a text that no day was read in."""
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    if reading.is_time:
        return f"“{shown}” is a time. Which day is it? {examples}"
    if day := reading.contradicts:
        return f"{day.day} {day:%B %Y} is a {day:%A}. Which day do you mean?"
    meant = _respelled(text, today, rules)
    hint = f"Did you mean “{meant}”?" if meant else examples
    return f"I can't read “{shown}” as a date. {hint}"


def _respelled(text: str, today: date, rules: DateRules) -> str:
    """Return the text with its words spelled right, if a day can be read in it then."""
    meant = " ".join(_like(word) for word in text.split()) if len(text) <= _LONGEST else ""
    return meant if read_date(meant, today, rules).days else ""


def _like(word: str) -> str:
    folded = fold(word)
    if len(folded) < _SHORTEST or not folded.isalpha():
        return word
    close = process.extractOne(folded, list(_KNOWN), scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH)
    return _KNOWN[close[0]] if close else word
