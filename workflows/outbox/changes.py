"""What a change asks Slack to show anew: earlier messages, and somebody's App Home."""

from datetime import date, datetime

from sqlmodel import Session

from storage import notifications, promises
from storage.models import Notification, NotificationKind, NotificationState
from workflows.outbox.policy import fallback_key, priority_of
from workflows.services import Services


def refresh_asks(
    session: Session, workspace_id: str, call_on: date, initiative_key: str, now: datetime
) -> None:
    """Have the messages that asked for an update, or offered to file it, show that it is there."""
    for asked_key in promises.asked_by(session, workspace_id, call_on, initiative_key):
        for key in (asked_key, fallback_key(asked_key)):
            if asked := notifications.get(session, workspace_id, key):
                show_again(session, asked, f"{initiative_key}:{key}", now)
    for offer in notifications.offers(session, workspace_id, call_on, initiative_key):
        show_again(session, offer, f"{initiative_key}:{offer.key}", now)


def show_again(session: Session, told: Notification, change: str, now: datetime) -> None:
    """Have a message changed to how things stand; `change` names what has changed, once."""
    if told.state not in (NotificationState.SENT, NotificationState.SENDING):
        return  # not sent yet: it is written when it is sent
    notifications.enqueue(
        session,
        Notification(
            workspace_id=told.workspace_id,
            key=f"refresh:{change}"[:250],
            kind=NotificationKind.REFRESH,
            recipient_id=told.recipient_id,
            call_on=told.call_on,
            about_key=told.key,
            priority=priority_of(NotificationKind.REFRESH),
            due_at=now,
            owed_at=now,
            clause=told.clause,
            policy_version=told.policy_version,
        ),
    )


def show_home(
    session: Session, workspace_id: str, user_id: str, change: str, now: datetime
) -> None:
    """Have somebody's App Home shown anew; `change` names what has changed, once."""
    notifications.enqueue(
        session,
        Notification(
            workspace_id=workspace_id,
            key=f"home:{user_id}:{change}"[:250],
            kind=NotificationKind.HOME,
            recipient_id=user_id,
            priority=priority_of(NotificationKind.HOME),
            due_at=now,
            owed_at=now,
        ),
    )


def posted_with(services: Services, refresh: Notification) -> list[Notification] | None:
    """Return all messages of the post that is to be shown anew, in the order of their words.

    None: the post is under way, and nobody knows its name yet. Empty: there is no such post.
    """
    with services.reading() as session:
        about = notifications.get(session, refresh.workspace_id, refresh.about_key)
        if about is None or about.state not in (NotificationState.SENT, NotificationState.SENDING):
            return []
        if about.state == NotificationState.SENDING:
            return None
        return list(notifications.in_post(session, about.workspace_id, about.channel_id, about.ts))
