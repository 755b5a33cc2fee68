"""Decides whether what is owed is in order. Pure: rows and durations in."""

from datetime import timedelta

from storage.models import Notification

UNTOUCHED_AFTER = timedelta(minutes=5)  # far longer than a sweep of anything takes
UNSENT_AFTER = timedelta(hours=1)  # longer than Slack makes anybody wait on a bad day


def fault_of_waiting(waited: timedelta) -> str | None:
    """Return what is wrong with a pending promise that has been due so long while the bot ran."""
    if waited > UNTOUCHED_AFTER:
        return f"has been due for {waited}, and nothing has touched it"
    return None


def fault_of_notification(notification: Notification, waited: timedelta) -> str | None:
    """Return what is wrong with a message that is not settled, or None.

    `waited` is how long it has been due while the bot ran.
    """
    if waited <= UNSENT_AFTER:
        return None
    said = f", Slack said {notification.error}" if notification.error else ""
    return (
        f"has been due for {waited}, and is not sent after {notification.attempts} attempts{said}"
    )
