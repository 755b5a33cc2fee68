"""Reading the outbox: what a message tells of, and who got it."""

from storage import notifications, promises
from storage.models import Notification, NotificationState, Promise, PromiseState
from workflows.services import Services


def failed_notification(services: Services, workspace_id: str, key: str) -> Notification | None:
    """Return a message that Slack has refused for good, if it still is so."""
    with services.reading() as session:
        found = notifications.get(session, workspace_id, key)
        return found if found and found.state == NotificationState.FAILED else None


def failed_promise(services: Services, workspace_id: str, key: str) -> Promise | None:
    """Return a promise that could not be kept."""
    with services.reading() as session:
        found = promises.get(session, workspace_id, key)
        return found if found and found.state == PromiseState.FAILED else None
