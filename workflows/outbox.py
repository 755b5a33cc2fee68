"""The road of a message: claimed, sent, and what came of it recorded."""

from datetime import datetime, timedelta

from storage import notifications
from storage.models import Notification, NotificationState
from workflows.services import Services

# Longer than the slowest request that can still be under way: before that, nobody may ask
# whether an unanswered message was posted, because it still might be.
ABANDONED_AFTER = timedelta(seconds=60)


def claim_next(services: Services, workspace_id: str) -> Notification | None:
    """Take the workspace's next message that is due, so that nobody else sends it meanwhile."""
    now = services.now()
    with services.transaction() as session:
        claimed = notifications.claim_due(
            session, workspace_id, now, now - ABANDONED_AFTER, limit=1
        )
        return next(iter(claimed), None)


def mark_sent(services: Services, notification: Notification, channel_id: str, ts: str) -> None:
    """Record that Slack has the message, and what Slack calls it."""
    with services.transaction() as session:
        row = session.merge(notification)
        row.state, row.sent_at = NotificationState.SENT, services.now()
        row.channel_id, row.ts, row.error = channel_id, ts, ""


def mark_settled(
    services: Services, notification: Notification, state: NotificationState, error: str = ""
) -> None:
    """Record that the message will not be sent: nothing is left to say, or Slack refuses it."""
    with services.transaction() as session:
        row = session.merge(notification)
        row.state, row.error = state, error


def put_back(services: Services, notification: Notification, until: datetime, error: str) -> None:
    """Put a message back that Slack has surely not posted, to be sent at an instant."""
    with services.transaction() as session:
        row = session.merge(notification)
        row.state, row.due_at, row.error = NotificationState.PENDING, until, error
        row.attempts -= 1  # nothing to look for: the next attempt is as good as the first
