"""Who is what to escalations, read for many at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storage import initiatives, people
from storage.models import Escalation, EscalationKind, Initiative, Level
from storage.reading import Reader
from workflows.calendar import DAY, at_wall_time
from workflows.escalations.holders import members_by_group, named_ids
from workflows.escalations.rights import Standing
from workflows.escalations.rules import Holders, Levels, Rotation
from workflows.membership import is_member
from workflows.policies import Policy
from workflows.registry.cascade import Commitment, key_of
from workflows.registry.commitments import load_graph

_DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class _Company:
    """What is known of those who can be anything to some escalations."""

    levels: Levels
    manager_id: str | None
    groups: Mapping[str, Sequence[str]]  # of Slack's: who is in each
    deputies: Mapping[str, Sequence[str]]  # by their initiative
    department_leads: Mapping[str, Sequence[str]]
    members: frozenset[str]  # without those who have left
    now: datetime

    def among(self, ids: Iterable[str | None]) -> tuple[str, ...]:
        """Return those of these people who are there, each once."""
        return tuple(dict.fromkeys(one for one in ids if one and one in self.members))

    def holding(self, held: Holders) -> list[str]:
        """Return who holds a level: those named first, then those in its group."""
        return [*held.people, *self.groups.get(held.group or "", ())]

    def one(self, user_id: str | None) -> str | None:
        """Return somebody if they are there."""
        return user_id if user_id in self.members else None


def standings_of(
    reader: Reader, policy: Policy, several: Sequence[Escalation], now: datetime
) -> dict[int, Standing]:
    """Return who is what to escalations of one workspace, by their numbers."""
    if not several:
        return {}
    workspace_id = several[0].workspace_id
    keys = {one.initiative_key for one in several}
    known = {one.key: one for one in initiatives.among(reader, workspace_id, keys)}
    company = _company(reader, workspace_id, policy, list(known.values()), now)
    return {one.number: _standing(one, known[one.initiative_key], company) for one in several}


def standings_at(
    reader: Reader,
    workspace_id: str,
    policy: Policy,
    several: Sequence[Escalation],
    now: datetime,
) -> Callable[[Escalation, datetime], Standing]:
    """Return what tells who is what to one of these at an instant; only duty changes with it."""
    keys = {one.initiative_key for one in several}
    known = {one.key: one for one in initiatives.among(reader, workspace_id, keys)}
    company = _company(reader, workspace_id, policy, list(known.values()), now)
    return lambda one, at: _standing(one, known[one.initiative_key], replace(company, now=at))


def standing_of(reader: Reader, policy: Policy, one: Escalation, now: datetime) -> Standing:
    """Return who is what to one escalation."""
    return standings_of(reader, policy, [one], now)[one.number]


def levels_of(reader: Reader, workspace_id: str, policy: Policy, now: datetime) -> Standing:
    """Return who holds the levels that are not bound to an initiative."""
    return _levels(_company(reader, workspace_id, policy, [], now))


def slipped_onto(reader: Reader, workspace_id: str, key: str) -> list[str]:
    """Return who leads what waits for an initiative that has missed a commitment of its own.

    That is one that it is expected to meet later than it was committed to.
    """
    graph = load_graph(reader, workspace_id)
    late = [
        name
        for name, commitment in graph.commitments.items()
        if key_of(name) == key and _has_slipped(commitment)
    ]
    waiting = {key_of(name) for name in graph.downstream(late)} - {key}
    leads = [one.lead_id for one in initiatives.among(reader, workspace_id, waiting)]
    return list(dict.fromkeys(lead for lead in leads if lead))


def on_duty(rotation: Rotation, now: datetime) -> str | None:
    """Return who is on duty; None before the rotation begins."""
    day = now.astimezone(rotation.zone).date()
    if now < at_wall_time(day, rotation.handover_time, rotation.zone):
        day -= DAY  # the handover is still to come
    weeks = (day - rotation.starting).days // _DAYS_OF_A_WEEK
    return None if weeks < 0 else rotation.people[weeks % len(rotation.people)]


def _has_slipped(commitment: Commitment) -> bool:
    committed, forecast = commitment.committed_on, commitment.forecast_on
    return committed is not None and forecast is not None and forecast > committed


def _company(
    reader: Reader,
    workspace_id: str,
    policy: Policy,
    several: Sequence[Initiative],
    now: datetime,
) -> _Company:
    levels, manager_id = policy.document.levels, policy.document.people.programme_manager
    groups = members_by_group(reader, workspace_id, levels, now)
    leads = {one.lead_id for one in several if one.lead_id}
    deputies = initiatives.deputies(reader, workspace_id, [one.key for one in several])
    department_leads = initiatives.department_leads(reader, workspace_id)
    lists = [*deputies.values(), *department_leads.values(), *groups.values()]
    ids = leads | named_ids(policy.document) | {one for those in lists for one in those}
    known = people.among(reader, workspace_id, ids)
    members = frozenset(user_id for user_id, person in known.items() if is_member(person))
    return _Company(levels, manager_id, groups, deputies, department_leads, members, now)


def _standing(one: Escalation, initiative: Initiative, company: _Company) -> Standing:
    deputies = company.deputies.get(one.initiative_key, ())
    leads = company.department_leads.get(initiative.department, ())
    return replace(
        _levels(company),
        lead_id=company.one(initiative.lead_id),
        deputies=company.among(deputies),
        department_leads=company.among(leads),
        parties=_parties(one, initiative, company),
        concerned=tuple(filter(None, (initiative.department, one.other_department))),
    )


def _levels(company: _Company) -> Standing:
    levels, among = company.levels, company.among
    rotation = levels.coe.rotation
    duty_id = on_duty(rotation, company.now) if rotation else None
    executives = levels.steering.executives
    held = {Level.TACTICAL: levels.coe, Level.STRATEGIC: levels.steering}
    fallbacks = {level: company.one(those.fallback) for level, those in held.items()}
    return Standing(
        coe=among([duty_id, *company.holding(levels.coe), *(rotation.people if rotation else ())]),
        steering=among([*company.holding(levels.steering), *executives.values()]),
        executives={name: user for name, user in executives.items() if user in company.members},
        chair_id=company.one(levels.steering.chair),
        finance=among(company.holding(levels.finance)),
        manager_id=company.one(company.manager_id),
        fallbacks={level: user for level, user in fallbacks.items() if user},
        duty_id=company.one(duty_id),
    )


def _parties(
    one: Escalation, initiative: Initiative, company: _Company
) -> dict[str, tuple[str, ...]]:
    if one.kind is not EscalationKind.RESOURCE_CONFLICT:
        return {}
    departments = dict.fromkeys([initiative.department, one.other_department])
    return {
        name: company.among(company.department_leads.get(name, ())) for name in departments if name
    }
