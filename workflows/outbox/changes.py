"""What a change asks Slack to show anew: earlier messages, and somebody's App Home."""

from datetime import date, datetime

from sqlmodel import Session

from storage import asking, notifications, promises
from storage.models import Notification, NotificationState, SubjectKind
from workflows.answers.kinds import REFRESH
from workflows.home.kinds import HOME
from workflows.kinds import posted_kinds
from workflows.outbox.policy import fallback_key
from workflows.outbox.posting import Post, Recipient, post
from workflows.services import Services
from workflows.subjects import Subject, of_person
from workflows.updates.kinds import OFFERS


def refresh_asks(
    session: Session, workspace_id: str, call_on: date, initiative_key: str, now: datetime
) -> None:
    """Have the messages that asked for an update, or offered to file it, show that it is there."""
    for asked_key in promises.asked_by(session, workspace_id, call_on, initiative_key):
        for key in (asked_key, fallback_key(asked_key)):
            if asked := notifications.get(session, workspace_id, key):
                show_again(session, asked, f"{initiative_key}:{key}", now)
    offers = asking.about_initiative(session, workspace_id, call_on, initiative_key, OFFERS)
    for offer in offers:
        show_again(session, offer, f"{initiative_key}:{offer.key}", now)


def show_again(session: Session, told: Notification, change: str, now: datetime) -> None:
    """Have a message changed to how things stand; `change` names what has changed, once."""
    if told.state not in (NotificationState.SENT, NotificationState.SENDING):
        return  # not sent yet: it is written when it is sent
    again = Post(
        REFRESH,
        f"refresh:{change}",
        Subject(SubjectKind.NOTIFICATION, told.key, told.period_on),
        clause=told.clause,
        policy_version=told.policy_version,
    )
    post(session, told.workspace_id, Recipient(told.recipient_id), again, now)


def show_home(
    session: Session, workspace_id: str, user_id: str, change: str, now: datetime
) -> None:
    """Have somebody's App Home shown anew; `change` names what has changed, once."""
    home = Post(HOME, f"home:{user_id}:{change}", of_person(user_id))
    post(session, workspace_id, Recipient(user_id), home, now)


def posted_with(services: Services, refresh: Notification) -> list[Notification] | None:
    """Return all messages of the post that is to be shown anew, in the order of their words.

    None: the post is under way, and nobody knows its name yet. Empty: there is no such post.
    """
    with services.reading() as reader:
        about = notifications.get(reader, refresh.workspace_id, refresh.subject_key)
        if about is None or about.state not in (NotificationState.SENT, NotificationState.SENDING):
            return []
        if about.state == NotificationState.SENDING:
            return None
        kinds = posted_kinds()
        return list(
            notifications.in_post(reader, about.workspace_id, about.channel_id, about.ts, kinds)
        )
