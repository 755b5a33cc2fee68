"""The road of a message: claimed, sent, and what came of it recorded."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from storage import notifications, people
from storage.models import Notification, NotificationKind, NotificationState
from workflows import policies
from workflows.calendar import next_working_moment
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


def hold_until(services: Services, notification: Notification) -> datetime | None:
    """Return when a person may be written to, or None where that is now; channels always may.

    A message that was due in working hours can be found outside them: Slack was down, or the bot.
    """
    if not notification.recipient_id.startswith(("U", "W")):
        return None
    now = services.now()
    with services.transaction() as session:
        person = people.get(session, notification.workspace_id, notification.recipient_id)
        document = policies.in_force(session, notification.workspace_id).document
    if person is None:
        return None
    until = next_working_moment(document, now, ZoneInfo(person.timezone))
    return until if until > now else None


def is_overtaken(services: Services, notification: Notification) -> bool:
    """Return whether a prompt comes so late that its reader has the reminder."""
    if notification.kind != NotificationKind.PROMPT:
        return False
    with services.transaction() as session:
        return notifications.has_reminder(session, notification)


def put_back(services: Services, notification: Notification, until: datetime, error: str) -> None:
    """Put a message back that Slack has surely not posted, to be sent at an instant."""
    with services.transaction() as session:
        row = session.merge(notification)
        row.state, row.due_at, row.error = NotificationState.PENDING, until, error
        row.attempts -= 1  # nothing to look for: the next attempt is as good as the first
