"""The /ai-project command: the registry read, listed, searched; and what opens its forms."""

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.answering import Answer, answer_privately
from handlers.blocks.text import Block
from handlers.contributed import in_entry
from handlers.paging import listen_to_pages
from handlers.people import actor_in_zone, actor_of
from handlers.registry import entry_view, list_view, whole_view
from handlers.registry.about_one import DRAWING, entry_history
from handlers.registry.command import OPEN_REGISTRY, PROJECT
from handlers.registry.entering import edit_form, new_form, overlap_window
from handlers.registry.planning import new_link_form, new_milestone_form
from handlers.views import show_view
from handlers.which import ask_which, asks_which
from workflows.errors import UnknownInitiativeError
from workflows.people import names_of
from workflows.pictures.asking import ask_for_quarter, ask_for_surroundings
from workflows.registry.entries import Shown, show_entry
from workflows.registry.listing import ListKind, Wanted, list_page
from workflows.registry.names import closest_words
from workflows.services import Actor, Services


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.command(entry_view.COMMAND)(answer_command)
    app.action(entry_view.SHOW)(press_show)
    listen_to_pages(app, list_view.PAGE_ACTION, _list_page)
    app.action(re.compile(f"^{OPEN_REGISTRY}_"))(press_open)
    app.action(entry_view.READ_WHOLE)(press_whole)
    listen_to_pages(app, whole_view.PAGE_ACTION, _whole_page)


def answer_command(
    ack: Ack, command: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Answer a question privately, or open a window."""
    actor, zone = actor_in_zone(context, services, client)
    word, _, rest = (command.get("text") or "").strip().partition(" ")
    word, rest = word.casefold(), rest.strip()
    try:
        if not rest and asks_which(entry_view.COMMAND, word):
            trigger_id = command["trigger_id"]
            ask_which(client, trigger_id, services, actor, entry_view.COMMAND, word)
            ack()
        elif word in _PICTURES:
            _PICTURES[word](services, actor, rest, zone, command["trigger_id"])
            answer_privately(ack, (DRAWING, []))
        elif word in _WINDOWS:
            view = _WINDOWS[word](services, actor, rest)
            client.views_open(trigger_id=command["trigger_id"], view=view)
            ack()
        else:
            answer_privately(ack, _answer(services, actor, word, rest, zone))
    except UnknownInitiativeError as error:
        sentence = _unknown(error, is_command=word in PROJECT.words)
        answer_privately(ack, (sentence, entry_view.help_blocks(sentence)))


def press_open(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Open from a button what a command opens."""
    word, _, rest = action["value"].partition(" ")
    view = _WINDOWS[word](services, actor_of(context), rest)
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def press_show(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Show an entry on top of the list that it was picked from."""
    actor, zone = actor_in_zone(context, services, client)
    known = show_entry(services, actor, action["value"])
    added = in_entry(services, actor, known.initiative.key, zone)
    view = entry_view.entry_window(known, _names(services, actor, known), zone, added)
    client.views_push(trigger_id=body["trigger_id"], view=view)
    ack()


def press_whole(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Show the long texts of an entry whole: on top of the window that it is in, or alone."""
    view = whole_view.whole_window(show_entry(services, actor_of(context), action["value"]))
    show_view(client, body, view)
    ack()


def _list_page(services: Services, actor: Actor, _zone: ZoneInfo, of: str, page: int) -> Block:
    return list_view.list_window(list_page(services, actor, list_view.read_wanted(of), page))


def _whole_page(services: Services, actor: Actor, _zone: ZoneInfo, of: str, page: int) -> Block:
    return whole_view.whole_window(show_entry(services, actor, of), page)


def _answer(services: Services, actor: Actor, word: str, rest: str, zone: ZoneInfo) -> Answer:
    if word in ("", "help"):
        return "How to use it", entry_view.help_blocks()
    if word == "history":
        return entry_history(services, actor, rest, zone)
    known = show_entry(services, actor, rest if word == "show" else f"{word} {rest}".strip())
    added = in_entry(services, actor, known.initiative.key, zone)
    blocks = entry_view.shown(known, _names(services, actor, known), zone, added)
    return f"Registry entry of {known.initiative.key}", blocks


def _list(kind: ListKind) -> Callable[[Services, Actor, str], Block]:
    def window(services: Services, actor: Actor, rest: str) -> Block:
        return list_view.list_window(list_page(services, actor, Wanted(kind, rest)))

    return window


_WINDOWS: dict[str, Callable[[Services, Actor, str], Block]] = {
    "edit": edit_form,
    "new": new_form,
    "milestone": new_milestone_form,
    "link": new_link_form,
    "overlaps": overlap_window,
    **{kind.value: _list(kind) for kind in ListKind},
}


def _picture(services: Services, actor: Actor, rest: str, _zone: ZoneInfo, trigger_id: str) -> None:
    ask_for_surroundings(services, actor, rest, trigger_id)


def _timeline(services: Services, actor: Actor, rest: str, zone: ZoneInfo, trigger_id: str) -> None:
    today = services.now().astimezone(zone).date()
    ask_for_quarter(services, actor, rest, today, trigger_id)


_PICTURES = {"picture": _picture, "timeline": _timeline}


def _names(services: Services, actor: Actor, known: Shown) -> dict[str, str]:
    return names_of(services, actor.workspace_id, known.people_ids)


def _unknown(error: UnknownInitiativeError, *, is_command: bool) -> str:
    words = [] if is_command else closest_words(error.wanted.partition(" ")[0], PROJECT.words)
    closest = [f"`{entry_view.COMMAND} {word}`" for word in words]
    closest += [] if words else error.closest
    hint = f" Did you mean {' or '.join(closest)}?" if closest else ""
    return f"I can't find an initiative or command called “{error.wanted}”.{hint}"
