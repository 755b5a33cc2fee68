"""Dates in the cells of a column: in which order they stand is told by all of them. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from workflows.dates.reader import read_date
from workflows.dates.reading import DateOrder, DateRules, Reading

__all__ = ["DateOrder", "find_order", "is_date", "order_said", "read_cell"]

_FIXED = date(2000, 1, 1)  # cells say their year; nothing is read relative to it
_FORM = re.compile(r"\b(dd?|mm|tt|jj)[/.-](?:mm|dd)[/.-](?:yy|jj|aa)", re.IGNORECASE)
_A_YEAR = re.compile(r"\d{4}")


def find_order(cells: Sequence[str]) -> DateOrder:
    """Return the order in which the dates of a column are written.

    A weekday beside a date tells it, too.
    """
    fits = [(_day(cell, DateOrder.DAY_FIRST), _day(cell, DateOrder.MONTH_FIRST)) for cell in cells]
    day_first = any(by_day and not by_month for by_day, by_month in fits)
    month_first = any(by_month and not by_day for by_day, by_month in fits)
    if day_first and month_first:
        return DateOrder.MIXED
    if day_first or month_first:
        return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST
    # With dots the day is first; and where day and month are the same, nothing is in doubt.
    in_doubt = any(
        by_day != by_month and len(_said(cell, DateOrder.UNKNOWN).days) > 1
        for cell, (by_day, by_month) in zip(cells, fits, strict=True)
    )
    return DateOrder.UNKNOWN if in_doubt else DateOrder.DAY_FIRST


def order_said(heading: str) -> DateOrder:
    """Return the order that a heading says its dates are in, as “Start (MM/DD/YYYY)” does."""
    found = _FORM.search(heading)
    if found is None:
        return DateOrder.UNKNOWN
    return DateOrder.MONTH_FIRST if found[1].casefold() == "mm" else DateOrder.DAY_FIRST


def read_cell(cell: str, order: DateOrder) -> date | None:
    """Return the day that a cell means; None if it is none, or can be several."""
    return _day(cell, order)


def is_date(cell: str, order: DateOrder) -> bool:
    """Tell whether a cell looks like a date or a part of a year, whichever way round."""
    return bool(_said(cell, order).days) and not _A_YEAR.fullmatch(cell.strip())


def _day(cell: str, order: DateOrder) -> date | None:
    reading = _said(cell, order)
    return reading.certain if reading.span is None else None


@lru_cache(maxsize=8192)  # a column is looked at for each fact that it could hold
def _said(cell: str, order: DateOrder) -> Reading:
    """Read a cell, if it says its year: nothing is guessed of a file."""
    reading = read_date(cell, _FIXED, DateRules(order=order))
    return reading if reading.says_year else Reading()
