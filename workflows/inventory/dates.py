"""Dates in the cells of a column: in which order they stand is told by all of them. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from workflows.natural_dates import YEARS, read_date

_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?$")
_NUMBERS = re.compile(r"(\d{1,2})[/\-. ](\d{1,2})[/\-. ](\d{4}|\d{2})")
_FIXED = date(2000, 1, 1)  # cells say their year; nothing is read relative to it


class DateOrder(StrEnum):
    """Whether 3/4/2027 is in March or in April."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNKNOWN = "unknown"  # the cells allow both
    MIXED = "mixed"  # they contradict each other


def find_order(cells: Sequence[str]) -> DateOrder:
    """Return the order in which the dates of a column are written."""
    written = [found for cell in cells if (found := _numbers(cell)) is not None]
    pairs = [(int(found[1]), int(found[2])) for found in written]
    day_first = any(first > 12 >= second for first, second in pairs)
    month_first = any(second > 12 >= first for first, second in pairs)
    if day_first and month_first:
        return DateOrder.MIXED
    if day_first or month_first:
        return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST
    # With dots the day is first; and where day and month are the same, nothing is in doubt.
    dotted = all("." in found[0] for found in written)
    in_doubt = any(first != second for first, second in pairs)
    return DateOrder.UNKNOWN if in_doubt and not dotted else DateOrder.DAY_FIRST


def read_cell(cell: str, order: DateOrder) -> date | None:
    """Return the day that a cell means; None if it is none, or can be two."""
    text = _TIME.sub("", cell.strip())
    found = _numbers(text)
    if found is None:
        has_year = re.search(r"\d{4}", text) is not None
        return read_date(text, _FIXED).certain if has_year else None
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    year += 2000 if len(found[3]) == 2 else 0
    orders = {DateOrder.DAY_FIRST: [(second, first)], DateOrder.MONTH_FIRST: [(first, second)]}
    days = {
        day
        for month, number in orders.get(order, [(first, second), (second, first)])
        if (day := _day(year, month, number))
    }
    return days.pop() if len(days) == 1 else None


def is_date(cell: str, order: DateOrder) -> bool:
    """Tell whether a cell looks like a date, whichever way round."""
    found = _numbers(_TIME.sub("", cell.strip()))
    if found is None:
        return read_cell(cell, order) is not None
    year = int(found[3])
    first, second = int(found[1]), int(found[2])
    return bool(_day(year, first, second) or _day(year, second, first))


def _numbers(cell: str) -> re.Match[str] | None:
    return _NUMBERS.fullmatch(_TIME.sub("", cell.strip()))


def _day(year: int, month: int, number: int) -> date | None:
    if year not in YEARS:  # 7/7/1905 is the year 2014, which a spreadsheet took for days
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None
