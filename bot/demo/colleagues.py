"""The demo's colleagues: in later weeks they go on filing, some late, and some not at all."""

import hashlib
import threading
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.demo.history import answers_of
from sandbox.seed.organisation import PastUpdate, load_history
from storage import workspaces
from storage.models import Person, Round
from workflows import policies
from workflows.calendar import next_working_moment
from workflows.due import next_due_at
from workflows.errors import UserError
from workflows.rounds.current import current_round
from workflows.services import Actor, Services
from workflows.updates.filing import Filing, file_update
from workflows.updates.reading import report_round

_MISSING, _LATE = 12, 22  # of a hundred: below the first nobody files, below the second late
_MOST_HOURS, _LEAST_HOURS = 46, 3  # before the closing
_DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class Planned:
    """An update that somebody is going to file."""

    at: datetime
    key: str
    person: Person


class Colleagues:
    """Everybody but the one whom the demo begins as, from the second week on."""

    def __init__(self, services: Services, present: datetime, own_id: str) -> None:
        self._services, self._present, self._own_id = services, present, own_id
        self._one_at_a_time = threading.Lock()
        self._given_up: set[tuple[date, str]] = set()
        self._past: dict[str, list[PastUpdate]] = defaultdict(list)
        for week in sorted(load_history().weeks, key=lambda week: -week.week):
            for update in week.updates:
                self._past[update.key].append(update)

    def next_due(self) -> datetime | None:
        """File what is due by now, and return when something is due: theirs, or the bot's."""
        with self._one_at_a_time:
            coming = self._file_due()
        instants = (next_due_at(self._services), coming.at if coming else None)
        return min((instant for instant in instants if instant is not None), default=None)

    def next_words(self) -> str:
        """Return what they do next, where that comes before what the bot does."""
        coming, due_at = self._next(), next_due_at(self._services)
        if coming is None or (due_at is not None and due_at < coming.at):
            return ""
        return f"{coming.person.name} files {coming.key}"

    def _file_due(self) -> Planned | None:
        while (coming := self._next()) is not None and coming.at <= self._services.now():
            self._file(coming)
        return coming

    def _file(self, planned: Planned) -> None:
        round_ = self._round()
        assert round_ is not None  # it was planned in it
        weeks = (round_.call_on - self._present.date()).days // _DAYS_OF_A_WEEK
        past = self._past[planned.key]
        filing = Filing(planned.key, round_.call_on, 0, answers_of(past[weeks % len(past)]))
        actor = Actor(round_.workspace_id, planned.person.user_id)
        self._given_up.add((round_.call_on, planned.key))  # once, whatever comes of it
        try:
            file_update(self._services, actor, filing)
        except UserError:
            return  # whoever plays has paused it, or given it to somebody else

    def _next(self) -> Planned | None:
        planned = self._planned()
        return min(planned, key=lambda one: (one.at, one.key)) if planned else None

    def _planned(self) -> list[Planned]:
        round_ = self._round()
        if round_ is None or round_.call_on - self._present.date() < timedelta(_DAYS_OF_A_WEEK):
            return []  # this week is the player's
        report = report_round(self._services, round_.workspace_id, round_.call_on)
        return [
            planned
            for standing in report.missing
            if standing.asked is not None
            and (planned := self._plan(round_, standing.initiative.key, standing.asked))
        ]

    def _plan(self, round_: Round, key: str, person: Person) -> Planned | None:
        dice = _dice(f"{round_.call_on}:{key}")
        is_skipped = person.user_id == self._own_id or (round_.call_on, key) in self._given_up
        if is_skipped or key not in self._past or dice % 100 < _MISSING:
            return None
        if dice % 100 < _LATE:
            return Planned(round_.closes_at + timedelta(minutes=10 + dice % 40), key, person)
        hours = _LEAST_HOURS + dice // 100 % (_MOST_HOURS - _LEAST_HOURS)
        document = policies.document_in_force(self._services, round_.workspace_id)
        wanted = round_.closes_at - timedelta(hours=hours, minutes=dice % 60)
        at = next_working_moment(document, wanted, ZoneInfo(person.timezone))
        return Planned(at, key, person) if at < round_.closes_at else None

    def _round(self) -> Round | None:
        with self._services.reading() as reader:
            found = workspaces.every(reader)
            now = self._services.now()
            return current_round(reader, found[0].workspace_id, now) if found else None


def _dice(name: str) -> int:
    """Return a number that is the same whenever it is asked for."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
