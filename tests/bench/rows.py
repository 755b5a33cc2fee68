"""One figure each, and how figures are taken."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    value: float
    unit: str
    reach: float | None = None  # the number to reach; None: there is none
    at_most: bool = False  # whether less is better

    @property
    def held(self) -> bool | None:
        if self.reach is None:
            return None
        return self.value <= self.reach if self.at_most else self.value >= self.reach


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long the work takes."""
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000


def median_ms(work: Callable[[], object], times: int) -> float:
    """Return how long the work takes at the median."""
    return median(milliseconds(work) for _ in range(times))


def median_ratio(pairs: Iterable[tuple[float, float]]) -> float:
    """Return the median of first over second; each pair was measured side by side."""
    return median(first / second for first, second in pairs)
