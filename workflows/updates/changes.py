"""Decides what a round tells that the rounds before it did not. Pure: rows in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from storage.models import Confidence, Update
from workflows.updates.policy import TEXT_FIELDS

ROUNDS_COMPARED = 8  # the one that is told of, and those before it; more weeks are told as 8
_DAYS_OF_A_WEEK = 7
_WORST_FIRST = (Confidence.OFF_TRACK, Confidence.AT_RISK, Confidence.ON_TRACK)
_NOTHING = frozenset(("", "-", "keine", "n a", "na", "nil", "no", "none", "nothing"))
_SAID_BESIDE = ("at the moment", "at present", "blockers", "needs", "now", "so far", "this week")


@dataclass(frozen=True)
class StatusChange:
    """A status that is another than the last time."""

    key: str
    before: Confidence
    after: Confidence


@dataclass(frozen=True)
class Silence:
    """An initiative that filed nothing, and what it filed last."""

    key: str
    last: Confidence | None  # None: nothing in the rounds that are compared
    weeks: int  # since then; 1: it was a week ago, 0: there is none


@dataclass(frozen=True)
class Stop:
    """A blocker in its own words, and for how many weeks there has been one: 1 is a new one."""

    key: str
    words: str
    weeks: int


@dataclass(frozen=True)
class Need:
    """A coordination need that was not told before."""

    key: str
    words: str


@dataclass(frozen=True)
class RoundChanges:
    """What a round tells, each list worst first."""

    worse: list[StatusChange] = field(default_factory=list)
    silent: list[Silence] = field(default_factory=list)
    blocked: list[Stop] = field(default_factory=list)  # for longest first
    new_blockers: list[Stop] = field(default_factory=list)
    new_needs: list[Need] = field(default_factory=list)
    off_track: list[str] = field(default_factory=list)  # as before, or for the first time told
    at_risk: list[str] = field(default_factory=list)
    better: list[StatusChange] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)  # word for word what was filed before

    @property
    def is_quiet(self) -> bool:
        """Return whether nobody has to do or know anything."""
        troubles = (self.worse, self.silent, self.blocked, self.new_blockers, self.new_needs)
        return not any((*troubles, self.off_track, self.at_risk, self.unchanged))


def compare_round(
    call_on: date, filed: Mapping[str, Update | None], former: Mapping[str, Sequence[Update]]
) -> RoundChanges:
    """Return what has changed since the rounds before.

    `filed` has each initiative's update, or None where it is missing; `former` those of earlier
    rounds, newest first and one for each round.
    """
    silent = [
        _silence(key, call_on, former.get(key, ()))
        for key, update in filed.items()
        if update is None
    ]
    told = [(key, update) for key, update in filed.items() if update is not None]
    status_changes = [
        StatusChange(key, earlier[0].confidence, update.confidence)
        for key, update in told
        if (earlier := former.get(key)) and earlier[0].confidence is not update.confidence
    ]
    changed = {change.key for change in status_changes}
    stops = [stop for key, update in told if (stop := _stop(update, former.get(key, ())))]
    steady = sorted((update.confidence, key) for key, update in told if key not in changed)
    return RoundChanges(
        worse=sorted(filter(_is_worse, status_changes), key=_worst_first),
        silent=sorted(silent, key=lambda one: (_rank(one.last), -one.weeks, one.key)),
        blocked=_longest_first(stop for stop in stops if stop.weeks > 1),
        new_blockers=_longest_first(stop for stop in stops if stop.weeks == 1),
        new_needs=[
            Need(key, update.needs)
            for key, update in told
            if says_something(update.needs) and _is_new(update.needs, former.get(key, ()))
        ],
        off_track=[key for confidence, key in steady if confidence is Confidence.OFF_TRACK],
        at_risk=[key for confidence, key in steady if confidence is Confidence.AT_RISK],
        better=sorted((one for one in status_changes if not _is_worse(one)), key=_worst_first),
        unchanged=[key for key, update in told if is_unchanged(update, former.get(key, ()))],
    )


def is_unchanged(update: Update, former: Sequence[Update]) -> bool:
    """Return whether an update says word for word what the one before it said."""
    return bool(former) and all(
        _plain(getattr(update, name)) == _plain(getattr(former[0], name)) for name in TEXT_FIELDS
    )


def says_something(text: str) -> bool:
    """Return whether a field holds more than a word for nothing, as «none»."""
    words = " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
    for said in _SAID_BESIDE:
        words = words.removesuffix(said).strip()
    return bool(text.strip()) and words not in _NOTHING


def _silence(key: str, call_on: date, former: Sequence[Update]) -> Silence:
    if not former:
        return Silence(key, None, 0)
    return Silence(key, former[0].confidence, max(1, _weeks_between(former[0].call_on, call_on)))


def _stop(update: Update, former: Sequence[Update]) -> Stop | None:
    """Return the blocker of an update, counted from the first of the updates that had one."""
    if not says_something(update.blockers):
        return None
    since = update.call_on
    for earlier in former:
        if not says_something(earlier.blockers):
            break
        since = earlier.call_on
    weeks = _weeks_between(since, update.call_on) + 1
    return Stop(update.initiative_key, update.blockers, min(weeks, ROUNDS_COMPARED))


def _weeks_between(earlier: date, later: date) -> int:
    """Return the weeks from one call to another, whatever weekdays they are on."""
    return round((later - earlier).days / _DAYS_OF_A_WEEK)


def _is_new(needs: str, former: Sequence[Update]) -> bool:
    return not former or _plain(former[0].needs) != _plain(needs)


def _is_worse(turn: StatusChange) -> bool:
    return _rank(turn.after) < _rank(turn.before)


def _worst_first(turn: StatusChange) -> tuple[int, int, str]:
    """Order by what it has come to, then by how far it fell."""
    return _rank(turn.after), -_rank(turn.before), turn.key


def _rank(confidence: Confidence | None) -> int:
    """Return 0 for the worst; what nothing is known of comes last."""
    return _WORST_FIRST.index(confidence) if confidence else len(_WORST_FIRST)


def _longest_first(stops: Iterable[Stop]) -> list[Stop]:
    return sorted(stops, key=lambda stop: (-stop.weeks, stop.key))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
