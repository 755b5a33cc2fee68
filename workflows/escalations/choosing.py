"""What the form of an escalation can offer: initiatives, topics, milestones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from storage import entries, initiatives
from storage.models import EscalationKind, Initiative, Milestone
from workflows.errors import UnknownInitiativeError
from workflows.escalations.errors import EscalationInvalidError
from workflows.escalations.opening import require_on
from workflows.escalations.wanted import Preview, Wanted, prepared
from workflows.membership import require_member
from workflows.registry.entries import find
from workflows.services import Actor, Services


@dataclass(frozen=True)
class Choices:
    """What can be picked; `picked` is the initiative that was meant, if there is one."""

    own: Sequence[Initiative]
    picked: Initiative | None
    milestones: Sequence[Milestone]
    topics: dict[str, str]  # titles by their names
    urgent_kinds: frozenset[EscalationKind]


def choices(services: Services, actor: Actor, wanted: str) -> Choices:
    """Return what somebody can pick from; `wanted` is an initiative's key or name, or empty.

    Raises:
        NotSwitchedOnError: the policy doesn't switch escalations on.
        GuestError, LeftError, UnknownPersonError: they may open none.
        UnknownInitiativeError: nothing is called so.
    """
    workspace_id = actor.workspace_id
    with services.reading() as reader:
        document = require_on(reader, workspace_id).document
        require_member(reader, actor)
        own = initiatives.of_person(reader, workspace_id, actor.user_id)
        picked = find(reader, workspace_id, wanted) if wanted else None
        led = [one for one in own if one.lead_id == actor.user_id] or own
        if picked is None and len(led) == 1:
            picked = led[0]
        found = entries.milestones(reader, workspace_id, [picked.key]) if picked else {}
        milestones = [one for rows in found.values() for one in rows if one.reached_on is None]
    titles = {name: topic.title for name, topic in document.topics.items()}
    return Choices(own, picked, milestones, titles, document.escalations.cannot_wait)


def as_far_as_known(services: Services, actor: Actor, wanted: Wanted) -> Preview | None:
    """Return what would be set off by what is filled in so far; None while too little is."""
    if not wanted.key:
        return None
    filled = replace(wanted, what=wanted.what or "…", pool=wanted.pool or "…")
    with services.reading() as reader:
        try:
            return prepared(reader, actor, filled, services.now())
        except (EscalationInvalidError, UnknownInitiativeError):
            return None
