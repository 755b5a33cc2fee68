"""Direct messages to the bot: an answer in words, an inventory, a greeting."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.people import actor_of, meet, zone_of
from handlers.small_talk import as_typed, people_named
from handlers.updates import drafted
from handlers.updates.filing import built_form
from handlers.views import change_view
from workflows.inventory.sent_files import SentFile, receive, takes_inventories
from workflows.people import names_of
from workflows.services import Services
from workflows.updates.drafting import Heard, assign_words, hear_words


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.event("message")(hear_message)
    app.action(drafted.FILE_WORDS)(press_file)


def hear_message(
    event: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Take in the files of a direct message, and its words."""
    if event.get("bot_id") or event.get("subtype") not in (None, "file_share"):
        return  # my own, or a change to an earlier one
    actor = actor_of(context)
    meet(actor, services, client)
    files = event.get("files") or []
    for file in files:
        receive(services, actor, SentFile(file["id"], file.get("name") or "a file"))
    text = event.get("text") or ""
    if files and (not text.strip() or takes_inventories(services, actor)):
        return  # what is said beside an inventory is about it
    names = names_of(services, actor.workspace_id, people_named(text))
    heard = Heard(
        channel_id=event.get("channel") or "",
        ts=event.get("ts") or "",
        text=as_typed(text, names),
        thread_ts=event.get("thread_ts") or "",
    )
    hear_words(services, actor, heard)


def press_file(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Open the form of the initiative that somebody's words are about, filled in with them."""
    actor, key = actor_of(context), action["value"]
    assign_words(services, actor, key)
    form = built_form(services, actor, key, zone_of(meet(actor, services, client)))
    view = body.get("view") or {}
    if view.get("type") == "modal":
        change_view(client, view, form)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=form)
    ack()
