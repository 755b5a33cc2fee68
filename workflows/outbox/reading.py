"""Reading the outbox: what a message tells of, and who got it."""

from collections.abc import Sequence
from datetime import date

from storage import asking, notifications, promises
from storage.models import Notification, NotificationState, Promise, PromiseState
from workflows.rounds.kinds import ASKS, PROMPT, REMINDER
from workflows.services import Services


def failed_notification(services: Services, workspace_id: str, key: str) -> Notification | None:
    """Return a message that Slack has refused for good, if it still is so."""
    with services.reading() as reader:
        found = notifications.get(reader, workspace_id, key)
        return found if found and found.state == NotificationState.FAILED else None


def failed_promise(services: Services, workspace_id: str, key: str) -> Promise | None:
    """Return a promise that could not be kept."""
    with services.reading() as reader:
        found = promises.get(reader, workspace_id, key)
        return found if found and found.state == PromiseState.FAILED else None


def reminded_keys(services: Services, prompt: Notification) -> set[str]:
    """Return the initiatives of a prompt that its reader has been reminded of since."""
    if prompt.kind != PROMPT.name:
        return set()
    with services.reading() as reader:
        reminders = [
            reminder.key
            for reminder in notifications.after(reader, prompt, REMINDER.name)
            if reminder.state in (NotificationState.SENT, NotificationState.SENDING)
        ]
        asked = asking.initiatives_of(reader, prompt.workspace_id, reminders)
    return {key for keys in asked.values() for key in keys}


def keys_asked(
    services: Services, workspace_id: str, several: Sequence[Notification]
) -> dict[str, list[str]]:
    """Return for which initiatives messages ask, by the message's key."""
    wanted = [one.key for one in several]
    with services.reading() as reader:
        asked = asking.initiatives_of(reader, workspace_id, wanted)
    return {key: asked[key] for key in wanted}


def round_asked_for(services: Services, workspace_id: str, channel_id: str, ts: str) -> date | None:
    """Return the day of the call for which a post in Slack asked for updates, if it did."""
    with services.reading() as reader:
        parts = notifications.in_post(reader, workspace_id, channel_id, ts, ASKS)
        return next((part.period_on for part in parts), None)
