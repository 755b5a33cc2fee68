"""Where an escalation is shown."""

from collections.abc import Sequence

from storage import escalations
from storage.models import Escalation, EscalationKind, Notification
from workflows import policies
from workflows.escalations.rights import Standing
from workflows.escalations.standing import standing_of
from workflows.outbox.policy import GROUP
from workflows.policy_document import PolicyDocument
from workflows.services import Services
from workflows.subjects import escalation_of

MOST_TOGETHER = 8  # people in a group message, as Slack takes them


def place_of(escalation: Escalation, document: PolicyDocument) -> str:
    """Return where an escalation's card is: its topic's channel, a group, or the usual channel."""
    if escalation.kind is EscalationKind.RESOURCE_CONFLICT:
        return f"{GROUP}E-{escalation.number}"
    topic = document.topics.get(escalation.topic)
    if escalation.kind is EscalationKind.TECHNICAL_BLOCKER and topic is not None:
        return topic.channel
    return document.channels.coordination


def brought_together(standing: Standing) -> list[str]:
    """Return one lead for each party of a conflict; nobody where they are too few, or too many."""
    leads = dict.fromkeys(those[0] for those in standing.parties.values() if those)
    is_whole = all(standing.parties.values())
    return list(leads) if is_whole and 2 <= len(leads) <= MOST_TOGETHER else []


def parties_of(services: Services, card: Notification) -> tuple[Sequence[str], str]:
    """Return who is brought together as of now, and the channel in place of a group."""
    with services.reading() as reader:
        policy = policies.in_force(reader, card.workspace_id)
        instead = policy.document.channels.coordination
        one = escalations.get(reader, card.workspace_id, escalation_of(card))
        if one is None:
            return [], instead
        standing = standing_of(reader, policy, one, services.now())
    return brought_together(standing), instead
