"""Who is written to at each turn of an escalation. Pure."""

from storage.models import Escalation, Level
from workflows.escalations.policy import Chase, next_chase
from workflows.escalations.rights import Standing, whom_to_tell


def announced_to(
    one: Escalation, standing: Standing, channel_id: str | None, actor_id: str
) -> list[str]:
    """Return whose turn it is, without whoever made it so; the committee by its channel's id."""
    if one.level is Level.STRATEGIC and channel_id is not None:
        return [channel_id]
    return [user_id for user_id in whom_to_tell(one, standing) if user_id != actor_id]


def chased(one: Escalation, standing: Standing, last: int) -> tuple[Chase, list[str]]:
    """Return which step of the chain comes after one, and who is told at it."""
    waited_for = whom_to_tell(one, standing)
    fallback = standing.fallback(one.level)
    if fallback in waited_for:
        fallback = None  # who holds the level, too, was reminded with it
    step = next_chase(last, has_holders=bool(waited_for), has_fallback=fallback is not None)
    told = {
        Chase.LEVEL: waited_for,
        Chase.FALLBACK: [fallback] if fallback else [],
        Chase.MANAGER: [standing.manager_id] if standing.manager_id else [],
    }[step]
    return step, told
