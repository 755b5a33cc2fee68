"""The message shortcut that links a conversation to an initiative."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.blocks.text import plain
from handlers.blocks.windows import notice
from handlers.people import actor_of, meet
from handlers.registry import conversation_form
from workflows.errors import UnknownInitiativeError
from workflows.registry.conversations import link_conversation, linkable
from workflows.services import Services

_UNSEEN = ("channel_not_found", "not_in_channel", "message_not_found")


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.message_shortcut(conversation_form.SHORTCUT)(open_link_form)
    app.view(conversation_form.CALLBACK_ID)(save_link)


def open_link_form(
    ack: Ack, shortcut: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Ask which initiative a message is about."""
    actor = actor_of(context)
    meet(actor, services, client)
    message = shortcut["message"]
    view = conversation_form.build(
        linkable(services, actor),
        shortcut["channel"]["id"],
        message["ts"],
        message.get("text") or "",
    )
    client.views_open(trigger_id=shortcut["trigger_id"], view=view)
    ack()


def save_link(
    ack: Ack, view: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Keep the link in the initiative's entry."""
    linked = conversation_form.linked(view)
    wanted, words = conversation_form.wanted(view)
    if not wanted:
        says = "Pick one of yours above, or type a key or a name."
        ack(response_action="errors", errors={conversation_form.OTHER: says})
        return
    try:
        url = client.chat_getPermalink(channel=linked.channel_id, message_ts=linked.ts)["permalink"]
        known = link_conversation(services, actor_of(context), wanted, url, words)
    except UnknownInitiativeError as error:
        ack(response_action="errors", errors={conversation_form.OTHER: str(error)})
        return
    except SlackApiError as error:
        if error.response["error"] not in _UNSEEN:
            raise
        says = "I can't see this message: invite me to its channel with /invite @Rollcall."
        ack(response_action="errors", errors={conversation_form.OTHER: says})
        return
    name = f"*{known.initiative.key} · {known.facts.name}*"
    done = notice(f"✅ Linked to {name}.", title="Linked")
    ack(response_action="update", view={**done, "close": plain("Done")})
