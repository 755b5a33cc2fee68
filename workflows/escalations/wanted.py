"""What somebody wants to escalate, checked, and what it would set off."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from storage import entries, initiatives, people
from storage.models import (
    Escalation,
    EscalationKind,
    EscalationState,
    Initiative,
    Level,
    Milestone,
)
from storage.reading import Reader
from workflows import policies
from workflows.errors import UnknownInitiativeError
from workflows.escalations.clocks import calendar_for
from workflows.escalations.errors import EscalationInvalidError
from workflows.escalations.impact import Impact, impact_of
from workflows.escalations.moving import with_forecast
from workflows.escalations.policy import (
    first_level,
    moves_at,
    next_level,
    overrun_percent,
    overrun_steps,
)
from workflows.escalations.rights import Part, Standing, first_owner, parts_of, whom_to_tell
from workflows.escalations.rules import EscalationRules
from workflows.escalations.standing import standing_of
from workflows.policies import Policy
from workflows.registry.entries import find
from workflows.services import Actor

LONGEST_TEXT = 3000  # characters, as Slack's inputs take them


@dataclass(frozen=True)
class Wanted:
    """An escalation as somebody fills it in; what its kind doesn't ask for stays empty."""

    kind: EscalationKind
    key: str
    what: str = ""
    tried: str = ""
    needed: str = ""
    since: str = ""
    topic: str = ""
    pool: str = ""
    other: str = ""  # the other initiative of a conflict, by its key or name
    milestone: int | None = None
    forecast_on: date | None = None
    forecast: Decimal | None = None
    link: str = ""
    cannot_wait: bool = False


@dataclass(frozen=True)
class Preview:
    """What opening it would set off: as it would be stored, and who is what to it."""

    escalation: Escalation
    standing: Standing
    policy: Policy
    impact: Impact | None = None  # of a timeline risk
    overrun: Decimal | None = None  # in percent; None: no approved budget, or another kind


def prepared(reader: Reader, actor: Actor, wanted: Wanted, now: datetime) -> Preview:
    """Return what an escalation would be, and set off.

    Raises:
        UnknownInitiativeError: there is no such initiative.
        EscalationInvalidError: it can't be so.
    """
    policy = policies.in_force(reader, actor.workspace_id)
    initiative = initiatives.get(reader, actor.workspace_id, wanted.key)
    if initiative is None:
        raise UnknownInitiativeError(wanted.key, [])
    _check(reader, policy, initiative, wanted)
    rules = policy.document.escalations
    impact = _impact(reader, initiative, wanted)
    overrun = _overrun(reader, initiative, wanted)
    level = first_level(wanted.kind, rules, impact.days if impact else None, overrun)
    if level is None:
        share = f"{overrun:.2f}".rstrip("0").rstrip(".")
        said = (
            f"That is {share} % over the approved budget. Finance and the steering committee are "
            f"told from more than {rules.overrun.steering_over_percent} %."
        )
        raise EscalationInvalidError({"forecast": said})
    one = _drawn_up(actor, wanted, level, policy, now)
    one.impact_days = impact.days if impact else None
    one.alerts = _alerts(one, overrun, rules)
    if other := _other(reader, actor.workspace_id, wanted):
        one.other_key, one.other_department = other.key, other.department
    standing = standing_of(reader, policy, one, now)
    _place(reader, Preview(one, standing, policy), actor, now)
    return Preview(one, standing, policy, impact, overrun)


def _alerts(one: Escalation, overrun: Decimal | None, rules: EscalationRules) -> int:
    if one.kind is EscalationKind.BUDGET_OVERRUN:
        return overrun_steps(overrun, rules.overrun)
    return int(one.kind is EscalationKind.TIMELINE_RISK and one.level is Level.STRATEGIC)


def _place(reader: Reader, found: Preview, actor: Actor, now: datetime) -> None:
    """Say at which level it begins, who owns it there, and until when it stays."""
    one, standing, policy = found.escalation, found.standing, found.policy
    one.owner_id = first_owner(one.kind, one.level, standing)
    if one.level is Level.OPERATIONAL and not standing.holders(one.kind, one.level):
        # Nobody answers for it: the level above does, at once.
        one.level = next_level(one.kind, one.level) or one.level
    waited_for = next(iter(whom_to_tell(one, standing)), None)
    person = people.get(reader, one.workspace_id, waited_for) if waited_for else None
    calendar = calendar_for(policy.document, person)
    one.moves_at = moves_at(one.kind, one.level, now, policy.document.escalations, calendar)
    if Part.PARTY in parts_of(one, standing, actor.user_id):
        one.owner_id = actor.user_id  # who opens it sees to it
    is_own = one.owner_id == actor.user_id
    if one.level is Level.OPERATIONAL and is_own:
        one.state, one.acknowledged_at = EscalationState.ACKNOWLEDGED, now


def _drawn_up(
    actor: Actor, wanted: Wanted, level: Level, policy: Policy, now: datetime
) -> Escalation:
    return Escalation(
        workspace_id=actor.workspace_id,
        number=0,  # until it has one
        kind=wanted.kind,
        state=EscalationState.OPEN,
        level=level,
        initiative_key=wanted.key,
        opener_id=actor.user_id,
        what=wanted.what.strip(),
        tried=wanted.tried.strip(),
        needed=wanted.needed.strip(),
        since=wanted.since.strip()[:100],
        topic=wanted.topic,
        pool=wanted.pool.strip()[:200],
        milestone=wanted.milestone,
        forecast_on=wanted.forecast_on,
        forecast=wanted.forecast,
        link=wanted.link,
        cannot_wait=wanted.cannot_wait,
        opened_at=now,
        level_since_at=now,
        active_at=now,
        active_id=actor.user_id,
        policy_version=policy.version,
    )


def _check(reader: Reader, policy: Policy, initiative: Initiative, wanted: Wanted) -> None:
    """Refuse what lacks what its kind goes by.

    Raises:
        EscalationInvalidError: with every fault.
    """
    faults: dict[str, str] = {}
    if not wanted.what.strip():
        faults["what"] = "Please say in a sentence what is stuck."
    if wanted.topic and wanted.topic not in policy.document.topics:
        faults["topic"] = "This topic isn't there any more. Please pick another."
    match wanted.kind:
        case EscalationKind.RESOURCE_CONFLICT:
            faults |= _party_faults(reader, initiative, wanted)
        case EscalationKind.TIMELINE_RISK:
            faults |= _date_faults(reader, initiative, wanted)
        case EscalationKind.BUDGET_OVERRUN:
            faults |= _money_faults(reader, initiative, wanted)
    if faults:
        raise EscalationInvalidError(faults)


def _party_faults(reader: Reader, initiative: Initiative, wanted: Wanted) -> dict[str, str]:
    faults = {}
    if not wanted.pool.strip():
        faults["pool"] = "Please say what both need: a GPU pool, a team, a dataset."
    other = _other(reader, initiative.workspace_id, wanted)
    if other is None:
        faults["other"] = "Please give the key or the name of the other initiative."
    elif other.key == initiative.key:
        faults["other"] = "That is the same initiative. Which other one needs it, too?"
    return faults


def _other(reader: Reader, workspace_id: str, wanted: Wanted) -> Initiative | None:
    if not wanted.other.strip():
        return None
    try:
        return find(reader, workspace_id, wanted.other)
    except UnknownInitiativeError:
        return None


def _date_faults(reader: Reader, initiative: Initiative, wanted: Wanted) -> dict[str, str]:
    milestones = entries.milestones(reader, initiative.workspace_id, [initiative.key])
    numbers = [one.number for one in milestones.get(initiative.key, ())]
    if not numbers:
        said = (
            f"{initiative.key} has no milestones yet: add one with "
            f"`/ai-project milestone {initiative.key}`, then escalate it."
        )
        return {"milestone": said}
    faults = {}
    if wanted.milestone not in numbers:
        faults["milestone"] = "Please pick the milestone that is at risk."
    if wanted.forecast_on is None:
        faults["forecast_on"] = "Please say when you expect to reach it now."
    return faults


def _money_faults(reader: Reader, initiative: Initiative, wanted: Wanted) -> dict[str, str]:
    entry = entries.get(reader, initiative.workspace_id, initiative.key)
    if entry is None or entry.budget_approved is None:
        said = (
            f"The registry doesn't know the approved budget of {initiative.key}: add it with "
            f"`/ai-project edit {initiative.key}`, then escalate."
        )
        return {"forecast": said}
    if wanted.forecast is None:
        return {"forecast": "Please say how much it will cost in all."}
    return {}


def _impact(reader: Reader, initiative: Initiative, wanted: Wanted) -> Impact | None:
    if wanted.kind is not EscalationKind.TIMELINE_RISK:
        return None
    assert wanted.milestone is not None  # checked
    assert wanted.forecast_on is not None
    graph, moved = with_forecast(reader, initiative, wanted.milestone, wanted.forecast_on)
    return impact_of(graph, initiative.key, moved)


def _overrun(reader: Reader, initiative: Initiative, wanted: Wanted) -> Decimal | None:
    if wanted.kind is not EscalationKind.BUDGET_OVERRUN:
        return None
    entry = entries.get(reader, initiative.workspace_id, initiative.key)
    assert entry is not None  # checked
    assert entry.budget_approved is not None
    assert wanted.forecast is not None
    return overrun_percent(entry.budget_approved, wanted.forecast)


def latest_milestone(reader: Reader, workspace_id: str, key: str) -> Milestone | None:
    """Return the milestone of an initiative that is expected latest after its committed date."""
    several = entries.milestones(reader, workspace_id, [key]).get(key, [])
    late = [one for one in several if one.reached_on is None]
    return max(late, key=lambda one: (one.forecast_on - one.committed_on).days, default=None)
