"""The message shortcut that escalates what somebody reads: the form, begun with the message."""

from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from handlers.blocks.text import clip
from handlers.escalations.escalate import new_form
from handlers.people import actor_in_zone
from handlers.small_talk import as_typed, people_named
from handlers.views import change_view
from workflows.people import names_of
from workflows.services import Services

SHORTCUT = "escalate_this"  # the message shortcut's id in the manifest
_LONGEST = 300  # characters of the message: the rest is behind its link
_log = structlog.get_logger("rollcall.escalations")


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.message_shortcut(SHORTCUT)(open_from_message)


def open_from_message(
    ack: Ack, shortcut: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Open the form with the beginning of a message, and take the message's link along."""
    actor, zone = actor_in_zone(context, services, client)
    text = shortcut["message"].get("text") or ""
    names = names_of(services, actor.workspace_id, people_named(text))
    what = clip(" ".join(as_typed(text, names).split()), _LONGEST)
    # The form first: what may open it lives for three seconds, and the link can follow.
    form = new_form(services, actor, "", zone, what=what)
    view = client.views_open(trigger_id=shortcut["trigger_id"], view=form).get("view")
    link = _link_to(client, shortcut["channel"]["id"], shortcut["message"]["ts"])
    if view and link:
        change_view(client, view, new_form(services, actor, "", zone, link=link, what=what))
    ack()


def _link_to(client: WebClient, channel_id: str, ts: str) -> str:
    """Return a message's link; nothing where the bot may not see it: the form stands without."""
    try:
        answer = client.chat_getPermalink(channel=channel_id, message_ts=ts)
    except (SlackApiError, SlackRequestError, OSError) as error:
        code = error.response["error"] if isinstance(error, SlackApiError) else ""
        _log.info("link_unread", error=code or type(error).__name__)
        return ""
    return str(answer.get("permalink") or "")
