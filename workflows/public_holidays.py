"""Public holidays and weekends by country and region, as the package `holidays` knows them.

It is imported when a country is first asked about: a workspace that names none starts without.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

_A_LATE_MONDAY = date(2100, 12, 27)  # as late as the package reckons: the latest weekend holds
_DAYS_OF_A_WEEK = 7
_MOST_NAMED = 20


@dataclass(frozen=True)
class SpecialDays:
    """The days of a year that are not what their weekday says."""

    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()  # of a weekend, in the place of a day between holidays


def country_code(text: str) -> str:
    """Return the ISO 3166 alpha-2 code of a country whose holidays are known.

    Raises:
        ValueError: they are not; says what to write.
    """
    code = text.strip().upper()
    if _country(code) is None:
        raise ValueError(
            "not a country whose holidays are known; write its two letters (ISO 3166), as DE or US"
        )
    return code


def region_code(country: str, text: str) -> str:
    """Return the code of a country's region, named by it or, where it has one, by its name.

    Raises:
        ValueError: it has none such; says what to write.
    """
    known = _regions(country)
    if code := known.get(text.strip().casefold()):
        return code
    codes = list(dict.fromkeys(known.values()))
    if not codes:
        raise ValueError(f"{country} has no regions with holidays of their own: leave it out")
    named = ", ".join(codes[:_MOST_NAMED]) + (", …" if len(codes) > _MOST_NAMED else "")
    raise ValueError(f"not a region of {country} whose holidays are known; write one of {named}")


@lru_cache(maxsize=4096)  # reckoning a year takes milliseconds, and every message asks
def special_days(country: str, region: str | None, year: int) -> SpecialDays:
    """Return the public holidays of a year, and the days of weekends that are worked for them.

    Of a country or region that a later version of the package has dropped, nothing is known.
    """
    found = _place(country, region, (year,))
    if found is None:
        return SpecialDays()
    return SpecialDays(frozenset(found), frozenset(found.weekend_workdays))


@lru_cache(maxsize=1024)
def weekend(country: str, region: str | None) -> frozenset[int]:
    """Return the days of a country's weekend as date.weekday(), by the latest rule known."""
    found = _place(country, region)
    if found is None:
        return frozenset()
    week = (_A_LATE_MONDAY + timedelta(days=count) for count in range(_DAYS_OF_A_WEEK))
    return frozenset(day.weekday() for day in week if found.is_weekend(day))


@lru_cache(maxsize=1024)
def _country(code: str) -> "HolidayBase | None":
    """Return a country by its code; the package knows some by other names, too, as UK or USA."""
    from holidays import country_holidays

    if not re.fullmatch(r"[A-Z]{2}", code):
        return None
    try:
        found = country_holidays(code, expand=False)
    except NotImplementedError:  # the package's word for a country that it does not know
        return None
    return found if found.country == code else None


@lru_cache(maxsize=1024)
def _regions(country: str) -> dict[str, str]:
    """Return the codes of a country's regions by what they are called, in small letters."""
    found = _country(country)
    if found is None:
        return {}
    codes = {code.casefold(): code for code in found.subdivisions}
    names = {name.casefold(): code for name, code in found.subdivisions_aliases.items()}
    return codes | names | codes  # in this order, and a code is never another's name


def _place(country: str, region: str | None, years: tuple[int, ...] = ()) -> "HolidayBase | None":
    from holidays import country_holidays

    if _country(country) is None or (
        region is not None and region not in _regions(country).values()
    ):
        return None
    return country_holidays(country, subdiv=region, years=years, expand=False)
