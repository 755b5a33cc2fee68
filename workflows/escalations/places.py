"""Where an escalation is shown. Pure."""

from storage.models import Escalation, EscalationKind
from workflows.policy_document import PolicyDocument


def place_of(escalation: Escalation, document: PolicyDocument) -> str:
    """Return the channel of an escalation's card: its topic's, else the coordination channel."""
    topic = document.topics.get(escalation.topic)
    if escalation.kind is EscalationKind.TECHNICAL_BLOCKER and topic is not None:
        return topic.channel
    return document.channels.coordination
