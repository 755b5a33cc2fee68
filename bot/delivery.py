"""Drains the outbox: one message after the other, and none of them twice."""

import math
from collections.abc import Callable
from datetime import timedelta

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from handlers.blocks.messages import Message
from handlers.messages import render
from storage.models import Notification, NotificationState
from workflows.outbox import (
    claim_next,
    hold_until,
    is_overtaken,
    mark_sent,
    mark_settled,
    put_back,
)
from workflows.services import Services

EVENT_TYPE = "rollcall_notification"
# After these Slack will never take the message. After anything else it may, once it is known
# to be missing: a token is put right, a bad day passes, a proxy answers for Slack.
_FINAL = {
    "as_user_not_supported", "cannot_dm_bot", "channel_not_found", "invalid_blocks",
    "invalid_blocks_format", "is_archived", "messages_tab_disabled", "metadata_too_large",
    "msg_blocks_too_long", "msg_too_long", "no_text", "not_in_channel", "restricted_action",
    "restricted_action_read_only_channel", "too_many_attachments", "user_disabled",
    "user_not_found", "user_not_in_channel",
}  # fmt: skip
_RATE_LIMITED = {"ratelimited", "rate_limited"}
_LOOKS_BACK = timedelta(hours=1)  # before the message was due: clocks differ
_MOST_PAGES = 10
_log = structlog.get_logger("rollcall.delivery")


def deliver_due(
    services: Services,
    client: WebClient,
    workspace_id: str,
    is_stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due in a workspace and return how many messages were looked at.

    Told to stop, it ends after the message under way. `client` must not retry by itself: a
    message whose answer was lost is looked for in its channel, by its metadata, before it is
    sent again.
    """
    count = 0
    while not is_stopping() and (notification := claim_next(services, workspace_id)):
        _deliver(services, client, notification)
        count += 1
    return count


def _deliver(services: Services, client: WebClient, notification: Notification) -> None:
    log = _log.bind(workspace=notification.workspace_id, key=notification.key)
    try:
        if notification.attempts > 1 and (found := _find_posted(client, notification)):
            mark_sent(services, notification, *found)
            log.info("message_found", attempts=notification.attempts)
            return
        if until := hold_until(services, notification):
            put_back(services, notification, until, "")
            log.info("message_held", until=until.isoformat())
            return
        message = None if is_overtaken(services, notification) else render(services, notification)
        if message is None:
            mark_settled(services, notification, NotificationState.CANCELLED)
            log.info("message_overtaken")
            return
        mark_sent(services, notification, *_post(client, notification, message))
        log.info("message_sent")
    except SlackApiError as error:
        _settle_refusal(services, notification, error)
    except (SlackClientError, OSError) as error:
        # Whether Slack has it is unknown: it stays claimed until it is safe to look.
        log.warning("message_unanswered", error=type(error).__name__)


def _post(client: WebClient, notification: Notification, message: Message) -> tuple[str, str]:
    """Post the message and return Slack's channel id and ts for it."""
    answer = client.chat_postMessage(
        channel=notification.recipient_id,
        text=message.text,
        blocks=message.blocks,
        metadata={"event_type": EVENT_TYPE, "event_payload": {"key": notification.key}},
        unfurl_links=False,
        unfurl_media=False,
    )
    return str(answer["channel"]), str(answer["ts"])


def _find_posted(client: WebClient, notification: Notification) -> tuple[str, str] | None:
    """Return channel id and ts of the message if an earlier attempt did post it."""
    channel_id = notification.recipient_id
    if channel_id.startswith(("U", "W")):
        channel_id = client.conversations_open(users=channel_id)["channel"]["id"]
    oldest = (notification.due_at - _LOOKS_BACK).timestamp()
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        page = client.conversations_history(
            channel=channel_id,
            oldest=f"{oldest:.6f}",
            limit=200,
            include_all_metadata=True,
            cursor=cursor,
        )
        for posted in page["messages"]:
            payload = (posted.get("metadata") or {}).get("event_payload") or {}
            if payload.get("key") == notification.key:
                return channel_id, str(posted["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return None


def _settle_refusal(services: Services, notification: Notification, error: SlackApiError) -> None:
    log = _log.bind(workspace=notification.workspace_id, key=notification.key)
    status, code = _status(error), _code(error)
    if status == 429 or code in _RATE_LIMITED:
        wait = _retry_after(error)
        put_back(services, notification, services.now() + wait, code)
        log.info("message_put_back", wait_seconds=wait.total_seconds())
    elif code in _FINAL:
        mark_settled(services, notification, NotificationState.FAILED, code)
        log.error("message_refused", error=code, recipient=notification.recipient_id)
    else:
        log.warning("message_unanswered", error=code, status=status)


def _retry_after(error: SlackApiError) -> timedelta:
    headers = getattr(error.response, "headers", None) or {}
    try:
        seconds = float(headers.get("Retry-After", "30"))
    except ValueError:
        seconds = 30  # a date, which Slack never sends, or nothing that can be read
    return timedelta(seconds=math.ceil(max(seconds, 1)))


def _status(error: SlackApiError) -> int:
    return int(getattr(error.response, "status_code", 0) or 0)


def _code(error: SlackApiError) -> str:
    answer = error.response if isinstance(error.response, dict) else error.response.data
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""
