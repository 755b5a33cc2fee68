"""What a text about a day can mean, and what has to be known to read it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

YEARS = range(1980, 2101)  # others are slips of a pen or of a spreadsheet
_LEAP_CYCLE = 9  # years within which every day of the year exists


class DateOrder(StrEnum):
    """Whether 3/4/2027 is in March or in April."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNKNOWN = "unknown"  # both can be meant
    MIXED = "mixed"  # of a column: its cells contradict each other


@dataclass(frozen=True)
class DateRules:
    """What a text alone doesn't say."""

    order: DateOrder = DateOrder.UNKNOWN
    working_days: frozenset[int] = frozenset(range(5))  # as date.weekday() counts
    fiscal_year_start_month: int | None = None  # None: not known, so fiscal years aren't read
    is_back: bool = False  # a day without its year is the last such day, not the next


@dataclass(frozen=True)
class Question:
    """On which day, and by which rules, a text is read."""

    today: date
    rules: DateRules

    def named(self, month: int, day: int) -> tuple[date, ...]:
        """Return the nearest day of that name in the direction that is looked in."""
        step = -1 if self.rules.is_back else 1
        years = (self.today.year + step * ahead for ahead in range(_LEAP_CYCLE))
        days = (found for year in years for found in exact(year, month, day))
        return tuple(found for found in days if self.fits(found))[:1]

    def fits(self, day: date) -> bool:
        """Tell whether a day lies in the direction that is looked in; today lies in both."""
        return day <= self.today if self.rules.is_back else day >= self.today

    def works_on(self, day: date) -> bool:
        """Tell whether the day is a working day."""
        return day.weekday() in self.rules.working_days

    def working_day(self, start: date, step: int, count: int) -> date:
        """Return the day that lies `count` working days before or after another."""
        while count > 0:
            start += timedelta(days=step)
            count -= self.works_on(start)
        return start


@dataclass(frozen=True)
class Reading:
    """What a text can mean: one day is certain, several have to be asked about, none is no date."""

    days: tuple[date, ...] = ()  # in order
    span: tuple[date, date] | None = None  # of whole days: a month, a quarter, …
    says_year: bool = False
    contradicts: date | None = None  # the date, where a weekday beside it isn't its own
    is_time: bool = False  # only a time of day

    @property
    def certain(self) -> date | None:
        """Return the day, if there is no doubt about it."""
        return self.days[0] if len(self.days) == 1 else None


def exact(year: int, month: int, day: int) -> tuple[date, ...]:
    """Return the day, if there is one."""
    try:
        return (date(year, month, day),)
    except ValueError:
        return ()


def full_year(year: str) -> int:
    """Return the year that four or two digits mean."""
    return int(year) + (2000 if len(year) == 2 else 0)
