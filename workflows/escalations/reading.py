"""Reading escalations: one as its card shows it, and lists of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from storage import entries, escalations, initiatives, people
from storage.models import (
    Agreement,
    Entry,
    Escalation,
    EscalationKind,
    EscalationStep,
    Initiative,
    Level,
    Notification,
)
from storage.reading import Reader
from workflows import policies
from workflows.escalations.errors import UnknownEscalationError
from workflows.escalations.opening import require_on
from workflows.escalations.policy import next_level
from workflows.escalations.rights import Standing, whom_to_tell
from workflows.escalations.standing import levels_of, standing_of
from workflows.policies import Policy
from workflows.registry.entries import find
from workflows.services import Actor, Services
from workflows.subjects import escalation_of

_MOST = 50  # of one initiative, newest first


@dataclass(frozen=True)
class Shown:
    """An escalation with all that it is shown with."""

    escalation: Escalation
    initiative: Initiative
    steps: Sequence[EscalationStep]
    standing: Standing
    began: Policy  # that it goes by
    names: dict[str, str]  # by user id
    now: datetime
    agreed: Sequence[Agreement] = ()  # to the present terms of a conflict
    rivals: Sequence[tuple[Initiative, Entry | None]] = ()  # the initiatives of a conflict
    entry: Entry | None = None  # of the initiative

    def name(self, user_id: str) -> str:
        """Return somebody's name."""
        return self.names.get(user_id, user_id)

    @property
    def told(self) -> list[str]:
        """Return who is written to at its present level."""
        return whom_to_tell(self.escalation, self.standing)

    @property
    def zone(self) -> ZoneInfo:
        """Return the timezone of the call, for whoever's own is not known."""
        return self.began.document.call.zone

    @property
    def next_level(self) -> Level | None:
        """Return the level after the present one."""
        return next_level(self.escalation.kind, self.escalation.level)


class Which(StrEnum):
    """Which escalations a list has."""

    OPEN = "open"
    MINE = "mine"  # that somebody owns or has opened
    KIND = "kind"
    INITIATIVE = "initiative"


@dataclass(frozen=True)
class Listed:
    """Escalations, oldest first, and what they have in common."""

    which: Which
    several: Sequence[Escalation]
    initiatives: Mapping[str, Initiative] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    wanted: str = ""  # the initiative's key
    kind: EscalationKind | None = None


def show(services: Services, actor: Actor, wanted: str) -> Shown:
    """Return the escalation that somebody means by E-12, or by 12.

    Raises:
        UnknownEscalationError: there is none.
    """
    number = read_number(wanted, "E")
    with services.reading() as reader:
        require_on(reader, actor.workspace_id)
        one = escalations.get(reader, actor.workspace_id, number) if number else None
        if one is None:
            raise UnknownEscalationError(wanted)
        return _shown(reader, one, services.now())


def read_number(wanted: str, letter: str) -> int | None:
    """Return the number that E-12, e12 or 12 stands for; None where it is none."""
    digits = wanted.strip().upper().removeprefix(letter).removeprefix("-").strip()
    # More digits than any number has would not fit into a column.
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def shown_by(services: Services, message: Notification) -> Shown | None:
    """Return what a message of the bot's is about."""
    with services.reading() as reader:
        number = escalation_of(message)
        one = escalations.get(reader, message.workspace_id, number)
        return _shown(reader, one, services.now()) if one else None


def listed(services: Services, actor: Actor, words: str) -> Listed:
    """Return the escalations that somebody asks for: open, mine, a kind's or an initiative's.

    Raises:
        UnknownInitiativeError: the words are none of these, and no initiative.
    """
    with services.reading() as reader:
        require_on(reader, actor.workspace_id)
        return _listed(reader, actor, words.strip())


def _listed(reader: Reader, actor: Actor, words: str) -> Listed:
    workspace_id, kind = actor.workspace_id, _kind(words.casefold())
    if words.casefold() == Which.MINE:
        found = escalations.unsettled_of_person(reader, workspace_id, actor.user_id)
        return with_names(reader, workspace_id, Listed(Which.MINE, found))
    if words.casefold() in ("", Which.OPEN):
        found = escalations.unsettled(reader, workspace_id)
        return with_names(reader, workspace_id, Listed(Which.OPEN, found))
    if kind is not None:
        found = escalations.unsettled_of_kind(reader, workspace_id, kind)
        return with_names(reader, workspace_id, Listed(Which.KIND, found, kind=kind))
    key = find(reader, workspace_id, words).key
    found = escalations.of_initiative(reader, workspace_id, key, _MOST)
    return with_names(reader, workspace_id, Listed(Which.INITIATIVE, found, wanted=key))


def policy_in_words(services: Services, actor: Actor) -> tuple[Policy, Standing, dict[str, str]]:
    """Return the policy in force, who holds its levels now, and their names.

    Raises:
        NotSwitchedOnError: the policy doesn't switch escalations on.
    """
    now = services.now()
    with services.reading() as reader:
        policy = require_on(reader, actor.workspace_id)
        standing = levels_of(reader, actor.workspace_id, policy, now)
        ids = [*standing.coe, *standing.steering, *standing.finance, *standing.fallbacks.values()]
        singles = [one for one in (standing.chair_id, standing.manager_id) if one]
        known = people.among(reader, actor.workspace_id, [*ids, *singles])
    return policy, standing, {user_id: person.name for user_id, person in known.items()}


def _kind(wanted: str) -> EscalationKind | None:
    """Return the kind that somebody calls by its name, or by a word of it."""
    folded = wanted.replace(" ", "_").replace("-", "_").removesuffix("s")
    for kind in EscalationKind:
        if folded and folded in (kind.value, *kind.value.split("_")):
            return kind
    return None


def _shown(reader: Reader, one: Escalation, now: datetime) -> Shown:
    workspace_id = one.workspace_id
    policy = policies.in_force(reader, workspace_id)
    began = policies.of_version(reader, workspace_id, one.policy_version)
    initiative = initiatives.get_one(reader, workspace_id, one.initiative_key)
    steps = escalations.steps(reader, workspace_id, one.number)
    standing = standing_of(reader, policy, one, now)
    ids = {one.opener_id, one.owner_id or ""}
    ids |= {user_id for step in steps for user_id in (step.actor_id, step.person_id)}
    ids |= set(standing.holders(one.kind, one.level))
    known = people.among(reader, workspace_id, ids - {""})
    rivals, agreed = _conflict(reader, one, initiative)
    return Shown(
        one,
        initiative,
        steps,
        standing,
        began,
        {user_id: person.name for user_id, person in known.items()},
        now,
        agreed,
        rivals,
        entries.get(reader, workspace_id, one.initiative_key),
    )


def _conflict(
    reader: Reader, one: Escalation, initiative: Initiative
) -> tuple[list[tuple[Initiative, Entry | None]], Sequence[Agreement]]:
    if one.kind is not EscalationKind.RESOURCE_CONFLICT:
        return [], ()
    several = [initiative, *initiatives.among(reader, one.workspace_id, [one.other_key])]
    known = entries.among(reader, one.workspace_id, [each.key for each in several])
    agreed = escalations.agreed(reader, one.workspace_id, one.number, one.terms_number)
    return [(each, known.get(each.key)) for each in several], agreed


def with_names(reader: Reader, workspace_id: str, listed: Listed) -> Listed:
    """Return a list with the names of its initiatives and owners."""
    keys = {one.initiative_key for one in listed.several}
    owner_ids = [one.owner_id for one in listed.several if one.owner_id]
    owners = people.among(reader, workspace_id, owner_ids)
    return replace(
        listed,
        initiatives={one.key: one for one in initiatives.among(reader, workspace_id, keys)},
        names={user_id: person.name for user_id, person in owners.items()},
    )
