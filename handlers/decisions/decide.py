"""The /ai-decide command: the decision log, read."""

from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.answering import answer_privately
from handlers.blocks.text import Block
from handlers.decisions import decision_view
from handlers.decisions.command import DECIDE
from handlers.paging import listen_to_pages
from handlers.people import actor_in_zone
from handlers.views import show_view
from workflows.decisions.reading import decision_page, show_decision
from workflows.errors import UnknownInitiativeError
from workflows.escalations.reading import read_number
from workflows.registry.names import closest_words
from workflows.services import Actor, Services


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.command(DECIDE.name)(answer_command)
    app.action(decision_view.SHOW)(press_show)
    listen_to_pages(app, decision_view.PAGE_ACTION, _page)


def answer_command(
    ack: Ack, command: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Open the list, or answer a question privately."""
    actor, zone = actor_in_zone(context, services, client)
    text = (command.get("text") or "").strip()
    word, _, rest = text.partition(" ")
    wanted = rest.strip() if word.casefold() == "show" else text
    if word.casefold() == "list":
        _open_list(ack, command, client, services, actor, zone)
    elif word.casefold() == "show" or read_number(text, "D"):
        found = show_decision(services, actor, wanted)
        name = decision_view.name_of(found.decision)
        answer_privately(ack, (f"Decision {name}", decision_view.shown(found, zone)))
    else:
        said = _unknown(word) if word.casefold() not in ("", "help") else ""
        answer_privately(ack, (said or "How to use it", decision_view.help_blocks(said)))


def press_show(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Show one decision on top of the list that it was picked from."""
    actor, zone = actor_in_zone(context, services, client)
    view = decision_view.shown_window(show_decision(services, actor, action["value"]), zone)
    show_view(client, body, view)
    ack()


def _open_list(
    ack: Ack,
    command: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    zone: ZoneInfo,
) -> None:
    _, _, wanted = (command.get("text") or "").strip().partition(" ")
    try:
        view = _page(services, actor, zone, wanted, 0)
    except UnknownInitiativeError as error:
        closest = f" Did you mean {' or '.join(error.closest)}?" if error.closest else ""
        said = f"I can't find an initiative called “{error.wanted}”.{closest}"
        answer_privately(ack, (said, decision_view.help_blocks(said)))
        return
    client.views_open(trigger_id=command["trigger_id"], view=view)
    ack()


def _page(services: Services, actor: Actor, zone: ZoneInfo, of: str, page: int) -> Block:
    found = decision_page(services, actor, of, page)
    return decision_view.list_window(found, zone, services.now())


def _unknown(word: str) -> str:
    closest = [f"`{DECIDE.name} {one}`" for one in closest_words(word, DECIDE.words)]
    hint = f" Did you mean {' or '.join(closest)}?" if closest else ""
    return f"I don't know “{word[:60]}”.{hint}"
