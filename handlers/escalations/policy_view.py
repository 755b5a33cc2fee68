"""The four paths as they are in force, and who holds each level now."""

from handlers.blocks.text import Block, context, section
from handlers.escalations.words import KINDS, MARKS
from storage.models import EscalationKind, Level
from workflows.escalations.rights import Standing
from workflows.policies import Policy

_MOST_NAMED = 8


def paths(policy: Policy, standing: Standing, names: dict[str, str]) -> list[Block]:
    """Return the paths in words, and the people."""
    rules = policy.document.escalations
    hours, days = rules.blocker.coe_after_hours, rules.conflict.steering_after_days
    said = {
        EscalationKind.TECHNICAL_BLOCKER: "posted in its topic's channel at once; the lead owns "
        f"it. Not resolved after {hours} hours: the CoE.",
        EscalationKind.RESOURCE_CONFLICT: "both department leads, at once, with the scores of "
        f"both. No agreement in {days} days: the steering committee.",
        EscalationKind.TIMELINE_RISK: "whoever leads what is hit is told at once. More than "
        f"{rules.timeline.steering_over_days} days late: the steering committee, at once.",
        EscalationKind.BUDGET_OVERRUN: f"more than {rules.overrun.steering_over_percent} % over "
        "the approved budget: finance and the steering committee, at once.",
    }
    lines = [f"{MARKS[kind]} *{KINDS[kind]}*: {words}" for kind, words in said.items()]
    coe_hours = rules.acknowledge.coe_working_hours
    other_days = rules.acknowledge.others_working_days
    seen = (
        f"Nobody acknowledges: reminded after {coe_hours} working hours (the CoE) or "
        f"{other_days} working {'day' if other_days == 1 else 'days'} (others), then whoever "
        "stands in is told, then the programme manager."
    )
    return [
        section("\n".join(lines)),
        section("\n".join(_holders(standing, names))),
        context(f"{seen} Policy version {policy.version}."),
    ]


def _holders(standing: Standing, names: dict[str, str]) -> list[str]:
    def named(ids: tuple[str, ...] | list[str]) -> str:
        known = [names[user_id] for user_id in ids if user_id in names]
        more = len(known) - _MOST_NAMED
        return ", ".join(known[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")

    coe = named(standing.coe) or "nobody yet"
    if standing.duty_id in names and standing.duty_id:
        coe += f" (this week: {names[standing.duty_id]})"
    steering = named(standing.holders(EscalationKind.TIMELINE_RISK, Level.STRATEGIC))
    chair = f" (chair: {names[standing.chair_id]})" if standing.chair_id in names else ""
    return [
        f"*The CoE:* {coe}",
        f"*The steering committee:* {(steering or 'nobody yet') + chair}",
        f"*Finance:* {named(standing.finance) or 'nobody yet'}",
    ]
