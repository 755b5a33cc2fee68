"""Where a message goes: a channel, a person, or a group that is opened as it is sent."""

from collections.abc import Sequence

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.refusals import outcome_of
from handlers.tellings import tellings
from storage.models import Notification
from workflows.outbox.outcomes import Refused
from workflows.outbox.policy import GROUP, is_person
from workflows.outbox.threads import NotYet, Root
from workflows.services import Services

_log = structlog.get_logger("rollcall.delivery")


def channel_for(
    services: Services, client: WebClient, notification: Notification, root: Root | NotYet | None
) -> str:
    """Return what Slack is told as the channel of a post."""
    if isinstance(root, Root):
        return root.channel_id
    if not notification.recipient_id.startswith(GROUP):
        return notification.recipient_id
    find_people = tellings()[notification.kind].group
    assert find_people is not None  # who sends to groups says whom that brings together
    people, instead = find_people(services, notification)
    return _opened(services, client, people) or instead if people else instead


def channel_to_read(
    services: Services, client: WebClient, notification: Notification, root: Root | NotYet | None
) -> str:
    """Return the channel that a post is looked for in: of a person, the direct message."""
    channel_id = channel_for(services, client, notification, root)
    if is_person(channel_id):
        return str(client.conversations_open(users=channel_id)["channel"]["id"])
    return channel_id


def _opened(services: Services, client: WebClient, people: Sequence[str]) -> str:
    """Return the group message of several people; "" where one of them can't be written to."""
    try:
        return str(client.conversations_open(users=",".join(people))["channel"]["id"])
    except SlackApiError as error:
        if not isinstance(outcome_of(error, services.now()), Refused):
            raise
        _log.warning("group_refused", error=error.response["error"], people=len(people))
        return ""
