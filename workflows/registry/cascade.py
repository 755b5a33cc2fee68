"""The slip cascade: how far a date that moves reaches through the dependencies. Pure.

A commitment is a milestone (FIN-01/M2) or the target of an initiative (FIN-01). It waits for what
it needs, and an initiative waits for its own milestones. With own(n) the date that n is forecast
for, and need_by(n, m) the day by which n needs m (where none is given: own(n)),

    projected(n) = own(n) + delay(n)
    delay(n) = max(0, max over m of projected(m) - need_by(n, m))

so that what comes before it is needed is slack, and delays nobody. What has no date of its own
passes the delay of what it waits for on. What is reached waits for nothing.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Path = list[str]


@dataclass(frozen=True)
class Commitment:
    """What is promised for when."""

    committed_on: date | None
    forecast_on: date | None  # own(n)
    is_reached: bool = False


@dataclass(frozen=True)
class Need:
    """One commitment waits for another."""

    waiting: str
    on: str
    need_by: date | None = None


@dataclass(frozen=True)
class Hit:
    """What a moved date does to a commitment downstream."""

    name: str
    days: int  # later than before, or earlier if negative
    days_late: int  # than what was committed to; 0 if it still holds
    projected_on: date | None


def key_of(name: str) -> str:
    """Return the key of the initiative that a commitment is of."""
    return name.partition("/")[0]


class Graph:
    """Commitments and what each waits for; it has no cycle."""

    def __init__(self, commitments: Mapping[str, Commitment], needs: Iterable[Need]) -> None:
        """Take what is known; a need whose ends are unknown is left out."""
        self.commitments = dict(commitments)
        self._needs: dict[str, list[Need]] = defaultdict(list)
        self._waiting: dict[str, list[str]] = defaultdict(list)
        for need in needs:
            if need.waiting in self.commitments and need.on in self.commitments:
                self._needs[need.waiting].append(need)
                self._waiting[need.on].append(need.waiting)

    def needs_of(self, name: str) -> Sequence[Need]:
        """Return what a commitment waits for."""
        return self._needs.get(name, ())

    def waiting_for(self, name: str) -> Sequence[str]:
        """Return what waits for a commitment."""
        return self._waiting.get(name, ())

    def cycle_with(self, need: Need) -> Path | None:
        """Return the cycle that one more need would close, from its waiting end round to it."""
        if need.waiting == need.on:
            return [need.waiting, need.on]
        came_from: dict[str, str] = {need.on: need.waiting}
        ahead = deque([need.on])
        while ahead:
            name = ahead.popleft()
            for further in self._needs.get(name, ()):
                if further.on == need.waiting:
                    return [*_way_back(name, need.waiting, came_from), need.waiting]
                if further.on not in came_from:
                    came_from[further.on] = name
                    ahead.append(further.on)
        return None

    def downstream(self, names: Iterable[str]) -> set[str]:
        """Return everything that waits for one of these, directly or through others."""
        ahead = deque(names)
        found: set[str] = set()
        while ahead:
            for name in self._waiting.get(ahead.popleft(), ()):
                if name not in found:
                    found.add(name)
                    ahead.append(name)
        return found

    def delays(self) -> dict[str, int]:
        """Return by how many days each commitment is delayed by what it waits for."""
        return self._delays({}, self.commitments, {})

    def delays_with(self, moved: Mapping[str, Commitment]) -> dict[str, int]:
        """Return by how many days each is delayed once commitments become these."""
        return self._delays(self.delays(), self.downstream(moved) | moved.keys(), moved)

    def cascade(self, moved: Mapping[str, Commitment]) -> list[Hit]:
        """Return what happens downstream when commitments become these, the worst hit first."""
        before = self.delays()
        reached = self.downstream(moved)
        after = self._delays(before, reached | moved.keys(), moved)
        hits = [self._hit(name, before, after, moved) for name in reached]
        return sorted((hit for hit in hits if hit.days), key=_worst_first)

    def ways(self, moved: Mapping[str, Commitment], names: Iterable[str]) -> dict[str, Path]:
        """Return for each of these, all downstream, what it waits for most, down to what moves."""
        touched, delays = self.downstream(moved) | moved.keys(), self.delays_with(moved)
        return {name: self._way(name, touched, delays, moved) for name in names}

    def _way(
        self,
        name: str,
        touched: Collection[str],
        delays: Mapping[str, int],
        moved: Mapping[str, Commitment],
    ) -> Path:
        way: Path = []
        while not way or way[-1] not in moved:
            needs = [n for n in self._needs[way[-1] if way else name] if n.on in touched]
            way.append(max(needs, key=lambda need: self._passed_on(need, delays, moved)).on)
        return way

    def _delays(
        self, known: Mapping[str, int], names: Iterable[str], moved: Mapping[str, Commitment]
    ) -> dict[str, int]:
        """Return the delays of all, of which those of these names are reckoned anew."""
        wanted = set(names)
        unsettled = {
            name: sum(need.on in wanted for need in self._needs.get(name, ())) for name in wanted
        }
        ready = deque(name for name, count in unsettled.items() if not count)
        delays = dict(known)
        while ready:
            name = ready.popleft()
            delays[name] = self._delay(name, delays, moved)
            for waiting in self._waiting.get(name, ()):
                if waiting in unsettled:
                    unsettled[waiting] -= 1
                    if not unsettled[waiting]:
                        ready.append(waiting)
        return delays

    def _delay(self, name: str, delays: Mapping[str, int], moved: Mapping[str, Commitment]) -> int:
        own = moved.get(name) or self.commitments[name]
        if own.is_reached:
            return 0
        return max(
            (self._passed_on(need, delays, moved) for need in self._needs.get(name, ())), default=0
        )

    def _passed_on(
        self, need: Need, delays: Mapping[str, int], moved: Mapping[str, Commitment]
    ) -> int:
        """Return projected(m) - need_by(n, m), or 0 if m comes in time."""
        own = moved.get(need.waiting) or self.commitments[need.waiting]
        on = moved.get(need.on) or self.commitments[need.on]
        delay, by = delays.get(need.on, 0), need.need_by or own.forecast_on
        if on.forecast_on is not None and by is not None:
            delay += (on.forecast_on - by).days
        return max(0, delay)

    def _hit(
        self,
        name: str,
        before: Mapping[str, int],
        after: Mapping[str, int],
        moved: Mapping[str, Commitment],
    ) -> Hit:
        old, new = self.commitments[name], moved.get(name) or self.commitments[name]
        delay = after.get(name, 0)
        days = delay - before.get(name, 0)
        if old.forecast_on and new.forecast_on:
            days += (new.forecast_on - old.forecast_on).days
        return Hit(name, days, days_late(new, delay), projected(new, delay))


def projected(commitment: Commitment, delay: int) -> date | None:
    """Return when a commitment is met at this delay; None if it has no date."""
    if commitment.forecast_on is None:
        return None
    return date.fromordinal(commitment.forecast_on.toordinal() + delay)


def days_late(commitment: Commitment, delay: int) -> int:
    """Return by how many days a commitment is missed at this delay; 0 if it is met."""
    expected_on = projected(commitment, delay)
    if expected_on is None or commitment.committed_on is None:
        return 0
    return max(0, (expected_on - commitment.committed_on).days)


def _way_back(name: str, end: str, came_from: Mapping[str, str]) -> Path:
    way = [name]
    while way[-1] != end:
        way.append(came_from[way[-1]])
    return way[::-1]


def _worst_first(hit: Hit) -> tuple[int, int, str]:
    return -hit.days_late, -hit.days, hit.name
