"""Reading updates: one initiative's, and who is missing. Everyone may read all of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from storage import initiatives, people, rounds, updates
from storage.models import Initiative, Person, Round, Update
from storage.reading import Reader
from workflows import policies
from workflows.errors import NoRoundError
from workflows.registry.names import find_initiative
from workflows.rounds.answerable import answerable_people
from workflows.rounds.current import current_round
from workflows.rounds.policy import asked_person, owes_in
from workflows.services import Actor, Services
from workflows.stages import AT_WORK
from workflows.updates.changes import ROUNDS_COMPARED, RoundChanges, compare_round, is_unchanged

HISTORY_LENGTH = 12  # versions shown: what fits one message


@dataclass(frozen=True)
class Shown:
    """One initiative and what was reported of it, newest first."""

    initiative: Initiative
    updates: Sequence[Update]
    is_unchanged: bool = False  # the newest repeats what was filed for the call before it


@dataclass(frozen=True)
class Standing:
    """One initiative in one round."""

    initiative: Initiative
    update: Update | None
    asked: Person | None  # who is there to answer what is missing; None: nobody
    is_owed: bool = True  # False: it began to owe updates too late for this round


@dataclass(frozen=True)
class RoundReport:
    """A round, and every initiative that owes an update in it."""

    round: Round
    standings: Sequence[Standing]
    former: Mapping[str, Sequence[Update]] = field(default_factory=dict)  # of the rounds before

    def of_departments(self, departments: Collection[str]) -> "RoundReport":
        """Return the round as far as some departments go."""
        standings = [one for one in self.standings if one.initiative.department in departments]
        return replace(self, standings=standings)

    @property
    def changes(self) -> RoundChanges:
        """Return what it tells that the rounds before did not."""
        filed = {standing.initiative.key: standing.update for standing in self.standings}
        return compare_round(self.round.call_on, filed, self.former)

    def is_unchanged(self, update: Update) -> bool:
        """Return whether an update repeats the one before it."""
        return is_unchanged(update, self.former.get(update.initiative_key, ()))

    @property
    def missing(self) -> list[Standing]:
        """Return those that nothing was filed for."""
        return [one for one in self.standings if one.update is None and one.is_owed]

    @property
    def filed(self) -> list[tuple[Initiative, Update]]:
        """Return the updates with their initiatives."""
        return [(s.initiative, s.update) for s in self.standings if s.update is not None]


@dataclass(frozen=True)
class Ask:
    """What somebody is asked for in one message."""

    keys: Sequence[str]  # of initiatives
    reader_id: str


@dataclass(frozen=True)
class Week:
    """What one person has to do with in the present week."""

    person: Person | None
    report: RoundReport | None  # of what they answer for; None before the first round


def show_updates(services: Services, actor: Actor, wanted: str, limit: int = 1) -> Shown:
    """Return the newest versions of an initiative's updates.

    Raises:
        UnknownInitiativeError: nothing is called so.
    """
    with services.reading() as reader:
        by_key = initiatives.get(reader, actor.workspace_id, wanted)
        initiative = by_key or find_initiative(
            initiatives.every(reader, actor.workspace_id), wanted
        )
        found = updates.history(reader, actor.workspace_id, initiative.key, limit)
        return Shown(initiative, found, _repeats(reader, found))


def present_round(services: Services, workspace_id: str) -> RoundReport:
    """Return how the present round stands.

    Raises:
        NoRoundError: none has ever opened.
    """
    now = services.now()
    with services.reading() as reader:
        round_ = current_round(reader, workspace_id, now)
        if round_ is None:
            raise NoRoundError
        return _report_all(services, reader, round_)


def report_round(services: Services, workspace_id: str, call_on: date) -> RoundReport:
    """Return how the round of one call stands.

    Raises:
        NoRoundError: it never opened.
    """
    with services.reading() as reader:
        round_ = rounds.get(reader, workspace_id, call_on)
        if round_ is None:
            raise NoRoundError
        return _report_all(services, reader, round_)


def report_asks(
    services: Services, workspace_id: str, call_on: date, asks: Sequence[Ask]
) -> list[RoundReport]:
    """Return a round as far as each of these asks goes; of paused and retired ones what was filed.

    Nobody is asked for what is somebody else's by now: of what its reader doesn't answer for,
    too, it is what was filed.

    Who is there to answer is left out: whoever asks for this knows it already.

    Raises:
        NoRoundError: it never opened.
    """
    keys = {key for ask in asks for key in ask.keys}
    with services.reading() as reader:
        round_ = rounds.get(reader, workspace_id, call_on)
        if round_ is None:
            raise NoRoundError
        filed = updates.of_round(reader, workspace_id, call_on, keys)
        known = initiatives.among(reader, workspace_id, keys)
        deputies = initiatives.deputies(reader, workspace_id, keys)
        former = _former(reader, round_, keys)

    def is_asked(initiative: Initiative, user_id: str) -> bool:
        answers = [initiative.lead_id, *deputies.get(initiative.key, ())]
        return initiative.stage in AT_WORK and user_id in answers

    def report(ask: Ask) -> RoundReport:
        wanted = [by_key[key] for key in sorted(set(ask.keys) & by_key.keys(), key=places.index)]
        standings = [
            Standing(initiative, filed.get(initiative.key), asked=None)
            for initiative in wanted
            if initiative.key in filed or is_asked(initiative, ask.reader_id)
        ]
        return RoundReport(round_, standings, {k: former[k] for k in ask.keys if k in former})

    by_key = {initiative.key: initiative for initiative in known}
    places = list(by_key)
    return [report(ask) for ask in asks]


def report_ask(services: Services, workspace_id: str, call_on: date, ask: Ask) -> RoundReport:
    """Return a round as far as one ask goes.

    Raises:
        NoRoundError: it never opened.
    """
    return report_asks(services, workspace_id, call_on, [ask])[0]


def report_departments(
    services: Services, workspace_id: str, call_on: date, lead_id: str
) -> RoundReport:
    """Return a round as far as the departments of one department lead go.

    Raises:
        NoRoundError: it never opened.
    """
    with services.reading() as reader:
        round_ = rounds.get(reader, workspace_id, call_on)
        if round_ is None:
            raise NoRoundError
        leads = initiatives.department_leads(reader, workspace_id)
        names = [name for name, ids in leads.items() if lead_id in ids]
        known = initiatives.of_departments(reader, workspace_id, names)
        return _report_all(services, reader, round_, known)


def my_week(services: Services, actor: Actor) -> Week:
    """Return the present round of what somebody leads or is a deputy of."""
    now = services.now()
    with services.reading() as reader:
        person = people.get(reader, actor.workspace_id, actor.user_id)
        round_ = current_round(reader, actor.workspace_id, now)
        if round_ is None:
            return Week(person, None)
        mine = initiatives.of_person(reader, actor.workspace_id, actor.user_id)
        keys = [initiative.key for initiative in mine]
        filed = updates.of_round(reader, actor.workspace_id, round_.call_on, keys)
        return Week(person, standing_in(reader, now, round_, mine, filed))


def _report_all(
    services: Services,
    reader: Reader,
    round_: Round,
    only: Sequence[Initiative] | None = None,
) -> RoundReport:
    """Return how a round stands, as far as `only` these initiatives go, or all of them."""
    known = initiatives.every(reader, round_.workspace_id) if only is None else only
    keys = None if only is None else [initiative.key for initiative in only]
    filed = updates.of_round(reader, round_.workspace_id, round_.call_on, keys)
    report = standing_in(reader, services.now(), round_, known, filed)
    standings = [one for one in report.standings if one.is_owed or one.update]
    return replace(report, standings=standings, former=_former(reader, round_, keys))


def _repeats(reader: Reader, shown: Sequence[Update]) -> bool:
    """Return whether the newest of an initiative's updates says what the call before was told."""
    if not shown:
        return False
    newest = shown[0]
    workspace_id, key = newest.workspace_id, newest.initiative_key
    before = updates.before_call(reader, workspace_id, key, newest.call_on)
    return before is not None and is_unchanged(newest, [before])


def _former(
    reader: Reader, round_: Round, keys: Collection[str] | None = None
) -> Mapping[str, Sequence[Update]]:
    """Return the updates of the rounds that one is compared with, by initiative key."""
    workspace_id, most = round_.workspace_id, ROUNDS_COMPARED - 1
    calls_on = rounds.days_before(reader, workspace_id, round_.call_on, most)
    return updates.of_rounds(reader, workspace_id, calls_on, keys)


def standing_in(
    reader: Reader,
    now: datetime,
    round_: Round,
    known: Sequence[Initiative],
    filed: dict[str, Update],
) -> RoundReport:
    """Return how these initiatives stand in a round; `filed` are their updates, by their keys."""
    missing = [initiative.key for initiative in known if initiative.key not in filed]
    answerable = answerable_people(reader, round_.workspace_id, missing)
    document = policies.of_version(reader, round_.workspace_id, round_.policy_version).document

    def standing(initiative: Initiative) -> Standing:
        people = answerable.get(initiative.key, [])
        zone = ZoneInfo(people[0].timezone) if people else document.call.zone
        is_owed = owes_in(document, round_, initiative.owes_since_at, zone)
        asked = asked_person(people, now) if is_owed else None
        return Standing(initiative, filed.get(initiative.key), asked, is_owed)

    return RoundReport(
        round_,
        [
            standing(initiative)
            for initiative in known
            if initiative.stage in AT_WORK or initiative.key in filed
        ],
    )
