"""A command without its key asks which initiative is meant, and then does what was asked."""

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.answering import Answer
from handlers.blocks import which_form
from handlers.blocks.text import Block, plain
from handlers.people import actor_of, meet, zone_of
from handlers.registry import entry_view, list_view
from handlers.registry.entering import edit_form, overlap_window
from handlers.registry.planning import new_link_form, new_milestone_form
from handlers.updates import answers, notices
from handlers.views import change_view
from workflows.people import names_of
from workflows.pictures.asking import ask_for_surroundings
from workflows.registry.choosing import may_be_meant, own_initiatives
from workflows.registry.entries import read_history, show_entry
from workflows.registry.listing import ListKind, Wanted, list_page
from workflows.services import Actor, Services
from workflows.updates.reading import HISTORY_LENGTH, show_updates

DRAWING = "I'm drawing it. You'll get it as a direct message in a moment."
FIND = "find"
_NOTHING = "Nothing is called “{words}”, and no entry has these words. Try fewer or other ones."


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(which_form.MINE)(pick_mine)
    app.action(re.compile(f"^{which_form.FOUND}_"))(pick_found)
    app.view(which_form.CALLBACK_ID)(look_up)


def asks_which(command: str, word: str) -> bool:
    """Tell whether a word of a command needs an initiative, or words to look for."""
    return (command, word) in _DONE or (command, word) == (entry_view.COMMAND, FIND)


def ask_which(
    client: WebClient, trigger_id: str, services: Services, actor: Actor, command: str, word: str
) -> None:
    """Ask which initiative a command is about."""
    mine = [] if word == FIND else own_initiatives(services, actor)
    view = which_form.build(which_form.FormKey(command=command, word=word), mine)
    client.views_open(trigger_id=trigger_id, view=view)


def pick_mine(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Go on with the initiative that was picked from the menu."""
    _go_on(body, action["selected_option"]["value"], context, client, services)
    ack()


def pick_found(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Go on with one of those that were found."""
    _go_on(body, action["value"], context, client, services)
    ack()


def look_up(
    ack: Ack,
    body: dict[str, Any],
    view: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Go on with what was typed; where several are meant, show them."""
    actor, asked, words = actor_of(context), which_form.form_key(view), which_form.typed_words(view)
    if not words:
        ack(response_action="errors", errors={which_form.WORDS: which_form.NOTHING_TYPED})
        return
    if asked.word == FIND:
        page = list_page(services, actor, Wanted(ListKind.FIND, words))
        ack(response_action="update", view=list_view.list_window(page))
        return
    found = may_be_meant(services, actor, words)
    if not found:
        errors = {which_form.WORDS: _NOTHING.format(words=words[:60])}
        ack(response_action="errors", errors=errors)
    elif len(found) > 1:
        ack(response_action="update", view=which_form.build(asked, [], words, found))
    else:
        zone = zone_of(meet(actor, services, client))
        done = _DONE[asked.command, asked.word]
        shown = done(services, actor, found[0].key, zone, body["trigger_id"])
        ack(response_action="update", view=shown)


def entry_history(services: Services, actor: Actor, wanted: str, zone: ZoneInfo) -> Answer:
    """Return who changed what in an entry."""
    initiative, changes = read_history(services, actor, wanted)
    named = {user_id for change in changes for user_id in change.people_ids}
    names = names_of(services, actor.workspace_id, named)
    blocks = entry_view.history(initiative, changes, names, zone)
    return f"History of {initiative.key}", blocks


def _go_on(
    body: dict[str, Any], key: str, context: BoltContext, client: WebClient, services: Services
) -> None:
    actor, asked = actor_of(context), which_form.form_key(body["view"])
    zone = zone_of(meet(actor, services, client))
    done = _DONE[asked.command, asked.word]
    change_view(client, body["view"], done(services, actor, key, zone, body["trigger_id"]))


Done = Callable[[Services, Actor, str, ZoneInfo, str], Block]  # key, zone, trigger: the window


def _form(open_form: Callable[[Services, Actor, str], Block]) -> Done:
    return lambda services, actor, key, _zone, _trigger: open_form(services, actor, key)


def _entry(services: Services, actor: Actor, key: str, zone: ZoneInfo, _trigger: str) -> Block:
    known = show_entry(services, actor, key)
    names = names_of(services, actor.workspace_id, known.people_ids)
    return entry_view.entry_window(known, names, zone)


def _changes(services: Services, actor: Actor, key: str, zone: ZoneInfo, _trigger: str) -> Block:
    return _window("History", entry_history(services, actor, key, zone)[1])


def _picture(services: Services, actor: Actor, key: str, _zone: ZoneInfo, trigger: str) -> Block:
    ask_for_surroundings(services, actor, key, trigger)
    return notices.notice(DRAWING, title="Picture")


def _updates(services: Services, actor: Actor, key: str, zone: ZoneInfo, length: int) -> Block:
    found = show_updates(services, actor, key, length)
    authors = {update.author_id for update in found.updates}
    names = names_of(services, actor.workspace_id, authors)
    build = answers.shown if length == 1 else answers.history
    return _window("Updates", build(found, names, zone))


def _window(title: str, blocks: list[Block]) -> Block:
    return {"type": "modal", "title": plain(title), "close": plain("Close"), "blocks": blocks}


_DONE: dict[tuple[str, str], Done] = {
    (entry_view.COMMAND, "edit"): _form(edit_form),
    (entry_view.COMMAND, "milestone"): _form(new_milestone_form),
    (entry_view.COMMAND, "link"): _form(new_link_form),
    (entry_view.COMMAND, "overlaps"): _form(overlap_window),
    (entry_view.COMMAND, "show"): _entry,
    (entry_view.COMMAND, "history"): _changes,
    (entry_view.COMMAND, "picture"): _picture,
    (answers.COMMAND, "show"): lambda services, actor, key, zone, _trigger: _updates(
        services, actor, key, zone, 1
    ),
    (answers.COMMAND, "history"): lambda services, actor, key, zone, _trigger: _updates(
        services, actor, key, zone, HISTORY_LENGTH
    ),
}
