"""Who may do what to an escalation: the table of the protocols, as data. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from storage.models import Act, Escalation, EscalationKind, Level


class Part(StrEnum):
    """What somebody is to an escalation."""

    MEMBER = "member"
    OPENER = "opener"
    OWNER = "owner"
    LEAD = "lead"
    DEPUTY = "deputy"
    DEPARTMENT_LEAD = "department_lead"
    PARTY = "party"  # leads one of the departments of a conflict
    COE = "coe"
    STEERING = "steering"
    CHAIR = "chair"
    FINANCE = "finance"
    MANAGER = "manager"
    LEVEL = "level"  # holds the present level
    DECIDER = "decider"  # may settle it there
    DEPENDENT = "dependent"  # leads what waits for it, once a commitment has slipped


_MOST_TOLD = 10  # of a level that names nobody in particular


@dataclass(frozen=True)
class Standing:
    """Who is what to an escalation, as of now; nobody who has left is among them."""

    lead_id: str | None = None
    deputies: tuple[str, ...] = ()
    department_leads: tuple[str, ...] = ()
    parties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by their department
    coe: tuple[str, ...] = ()
    steering: tuple[str, ...] = ()
    executives: Mapping[str, str] = field(default_factory=dict)  # by their department
    chair_id: str | None = None
    finance: tuple[str, ...] = ()
    manager_id: str | None = None
    dependents: tuple[str, ...] = ()
    fallbacks: Mapping[Level, str] = field(default_factory=dict)  # who stands in for a level
    duty_id: str | None = None  # of the CoE, this week
    concerned: tuple[str, ...] = ()  # the departments that it is about

    def fallback(self, level: Level) -> str | None:
        """Return who is told when a level doesn't answer: of a lead, their department's."""
        if level is Level.OPERATIONAL:
            return next((one for one in self.department_leads if one != self.lead_id), None)
        return self.fallbacks.get(level)

    def holders(self, kind: EscalationKind, level: Level) -> list[str]:
        """Return who holds a level for a kind, each once, those who come first at its head."""
        match level:
            case Level.TACTICAL:
                found: list[str | None] = [*self.coe]
            case Level.STRATEGIC:
                found = [self.chair_id, *self.steering]
            case Level.OPERATIONAL if kind is EscalationKind.RESOURCE_CONFLICT:
                found = [one for leads in self.parties.values() for one in leads]
            case Level.OPERATIONAL:
                found = [self.lead_id, *self.deputies, *self.department_leads]
        return list(dict.fromkeys(one for one in found if one))

    def deciders(self, kind: EscalationKind, level: Level) -> list[str]:
        """Return who of a level may settle an escalation.

        In the committee its chair decides alone; where they are the executive of a party, any
        other member that is none does.
        """
        holders = self.holders(kind, level)
        if level is not Level.STRATEGIC or self.chair_id is None:
            return [
                one for one in holders if level is not Level.STRATEGIC or not self._is_bound(one)
            ]
        if not self._is_bound(self.chair_id):
            return [self.chair_id]
        return [one for one in holders if not self._is_bound(one)]

    def _is_bound(self, user_id: str) -> bool:
        """Return whether somebody is the executive of a department that is a party."""
        return any(self.executives.get(one) == user_id for one in self.parties)


def parts_of(escalation: Escalation, standing: Standing, user_id: str) -> frozenset[Part]:
    """Return all that somebody is to an escalation."""
    several = {
        Part.DEPUTY: standing.deputies,
        Part.DEPARTMENT_LEAD: standing.department_leads,
        Part.PARTY: [one for leads in standing.parties.values() for one in leads],
        Part.COE: standing.coe,
        Part.STEERING: standing.holders(escalation.kind, Level.STRATEGIC),
        Part.FINANCE: standing.finance,
        Part.DEPENDENT: standing.dependents,
        Part.LEVEL: standing.holders(escalation.kind, escalation.level),
        Part.DECIDER: standing.deciders(escalation.kind, escalation.level),
    }
    single = {
        Part.OPENER: escalation.opener_id,
        Part.OWNER: escalation.owner_id,
        Part.LEAD: standing.lead_id,
        Part.CHAIR: standing.chair_id,
        Part.MANAGER: standing.manager_id,
    }
    found = {part for part, ids in several.items() if user_id in ids}
    return frozenset(found | {part for part, one in single.items() if one == user_id})


def first_owner(kind: EscalationKind, level: Level, standing: Standing) -> str | None:
    """Return who owns an escalation when it comes to a level; None: the level as a whole.

    An initiative that nobody leads is its department lead's.
    """
    if level is not Level.OPERATIONAL or kind is EscalationKind.RESOURCE_CONFLICT:
        return None
    return standing.lead_id or next(iter(standing.department_leads), None)


def whom_to_tell(escalation: Escalation, standing: Standing) -> list[str]:
    """Return who is written to when an escalation is at its present level.

    Of a conflict that is both sides, whoever has begun to see to it. Of the CoE that is who is on
    duty; of the committee its chair and the executives concerned.
    """
    kind, level = escalation.kind, escalation.level
    is_between = kind is EscalationKind.RESOURCE_CONFLICT and level is Level.OPERATIONAL
    if escalation.owner_id is not None and not is_between:
        return [escalation.owner_id]
    holders = standing.holders(kind, level)
    if level is Level.TACTICAL and standing.duty_id is not None:
        return [standing.duty_id]
    if level is Level.STRATEGIC and standing.chair_id is not None:
        concerned = [
            standing.executives[name] for name in standing.concerned if name in standing.executives
        ]
        return list(dict.fromkeys([standing.chair_id, *concerned]))
    return holders[:_MOST_TOLD]


_OPENERS = {
    EscalationKind.TECHNICAL_BLOCKER: {Part.MEMBER},
    EscalationKind.RESOURCE_CONFLICT: {Part.PARTY, Part.MANAGER},
    EscalationKind.TIMELINE_RISK: {Part.LEAD, Part.DEPUTY, Part.MANAGER},
    EscalationKind.BUDGET_OVERRUN: {Part.LEAD, Part.DEPUTY, Part.FINANCE, Part.MANAGER},
}
_WHO = {  # what the clock does, nobody may
    Act.ACKNOWLEDGE: {Part.LEVEL},
    Act.TAKE_OVER: {Part.LEVEL},
    Act.HAND_OVER: {Part.LEVEL, Part.OWNER},
    Act.ESCALATE: {
        *(Part.OPENER, Part.OWNER, Part.LEAD, Part.DEPUTY, Part.DEPARTMENT_LEAD),
        *(Part.PARTY, Part.DEPENDENT),
    },
    Act.RESOLVE: {Part.DECIDER},
    Act.AGREE: {Part.PARTY},
    Act.WITHDRAW: {Part.OPENER},
    Act.SNOOZE: {Part.OWNER},
    Act.CONFIRM: {Part.OWNER},
}


def may_open(kind: EscalationKind, parts: Collection[Part]) -> bool:
    """Return whether a member may open, or reopen, an escalation of a kind."""
    return bool(_OPENERS[kind] & {Part.MEMBER, *parts})


def who_opens(escalation: Escalation, standing: Standing) -> list[str]:
    """Return who may open an escalation like this one."""
    people = dict.fromkeys(_everybody(standing))
    kind = escalation.kind
    return [one for one in people if may_open(kind, parts_of(escalation, standing, one))]


def who_may(escalation: Escalation, act: Act, standing: Standing) -> list[str]:
    """Return who may do something to an escalation; nobody where its state doesn't allow it."""
    people = [escalation.opener_id, escalation.owner_id, *_everybody(standing)]
    return list(dict.fromkeys(one for one in people if one and may(escalation, act, standing, one)))


def may(escalation: Escalation, act: Act, standing: Standing, user_id: str) -> bool:
    """Return whether somebody may do something to an escalation at its present level."""
    parts = parts_of(escalation, standing, user_id)
    match act:
        case Act.REOPEN:
            return may_open(escalation.kind, parts)
        case Act.RESOLVE:
            return _may_resolve(escalation, standing, user_id, parts)
        case Act.WITHDRAW if _is_seen_above(escalation):
            return False
    return bool(_WHO.get(act, set()) & parts)


def _is_seen_above(escalation: Escalation) -> bool:
    """Return whether a higher level has acknowledged it, whoever owns it there now."""
    is_seen = escalation.acknowledged_at is not None
    return is_seen and escalation.level is not Level.OPERATIONAL


def _may_resolve(
    escalation: Escalation, standing: Standing, user_id: str, parts: Collection[Part]
) -> bool:
    kind = escalation.kind
    if kind is EscalationKind.TECHNICAL_BLOCKER and Part.LEAD in parts:
        return True
    if kind is EscalationKind.RESOURCE_CONFLICT and escalation.level is Level.OPERATIONAL:
        # Together they agree; alone only who leads them all.
        return bool(standing.parties) and all(user_id in of for of in standing.parties.values())
    return Part.DECIDER in parts


def _everybody(standing: Standing) -> list[str]:
    singles = [standing.lead_id, standing.chair_id, standing.manager_id]
    parties = [one for leads in standing.parties.values() for one in leads]
    several = (
        *standing.deputies,
        *standing.department_leads,
        *parties,
        *standing.coe,
        *standing.steering,
        *standing.finance,
        *standing.dependents,
    )
    return [*(one for one in singles if one), *several]
