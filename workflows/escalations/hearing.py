"""What people say in the thread of an escalation counts as activity; who and when is all of it."""

from dataclasses import dataclass
from datetime import datetime

from storage import escalations, notifications
from workflows.escalations.kinds import CARD
from workflows.services import Services
from workflows.subjects import escalation_of


@dataclass(frozen=True)
class Said:
    """That somebody said something in a thread; not what."""

    channel_id: str
    thread_ts: str  # Slack's name of the thread's first message
    user_id: str
    at: datetime


def hear(services: Services, workspace_id: str, said: Said) -> bool:
    """Note that something was heard of an escalation; return whether the thread is of one.

    Where somebody acts on it at this moment, that is heard anyway.
    """
    with services.reading() as reader:
        root = notifications.in_post(
            reader, workspace_id, said.channel_id, said.thread_ts, [CARD.name]
        )
    if not root:
        return False
    number, at = escalation_of(root[0]), min(said.at, services.now())
    with services.transaction() as session:
        one = escalations.hold_where_free(session, workspace_id, number)
        if one is not None and one.active_at < at:
            one.active_at, one.active_id = at, said.user_id
    return True
