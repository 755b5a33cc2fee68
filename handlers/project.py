"""The /ai-project command: the registry read, listed and written."""

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.blocks import entry_form, entry_view, notices
from handlers.blocks.text import Block, escape, plain
from handlers.people import actor_of, meet, zone_of
from handlers.views import change_view
from workflows.errors import EntryCrossedError, EntryInvalidError, UnknownInitiativeError
from workflows.people import names_of
from workflows.registry.entries import Known, open_entry, read_history, save_entry, show_entry
from workflows.registry.listing import list_initiatives
from workflows.registry.names import closest_words
from workflows.services import Actor, Services

Answer = tuple[str, list[Block]]  # the text for notifications, and the blocks
_LIST, _EDIT = "list", "edit"


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.command(entry_view.COMMAND)(answer_command)
    app.action(entry_view.SHOW)(press_show)
    app.action(entry_view.EDIT)(press_edit)
    app.action(re.compile(f"^{entry_view.TURN_LIST}_"))(turn_list)
    app.view(entry_form.CALLBACK_ID)(save_form)


def answer_command(
    ack: Ack, command: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Answer a question privately, or open a window."""
    actor = actor_of(context)
    zone = zone_of(meet(actor, services, client))
    word, _, rest = (command.get("text") or "").strip().partition(" ")
    word, rest = word.casefold(), rest.strip()
    try:
        if word in _WINDOWS:
            view = _WINDOWS[word](services, actor, rest)
            client.views_open(trigger_id=command["trigger_id"], view=view)
            ack()
        else:
            text, blocks = _answer(services, actor, word, rest, zone)
            ack(response_type="ephemeral", text=text, blocks=blocks)
    except UnknownInitiativeError as error:
        sentence = _unknown(error)
        ack(response_type="ephemeral", text=sentence, blocks=entry_view.help_blocks(sentence))


def press_show(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Show an entry on top of the list that it was picked from."""
    actor = actor_of(context)
    zone = zone_of(meet(actor, services, client))
    known = show_entry(services, actor, action["value"])
    view = entry_view.entry_window(known, _names(services, actor, known), zone)
    client.views_push(trigger_id=body["trigger_id"], view=view)
    ack()


def press_edit(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Open the form from a button: in place of the window that it is in, or as a new one."""
    form = _form(services, actor_of(context), action["value"])
    view = body.get("view") or {}
    if view.get("type") == "modal":
        change_view(client, view, form)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=form)
    ack()


def turn_list(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Show another page in the same window."""
    number, wanted = entry_view.read_turn(action["value"])
    page = list_initiatives(services, actor_of(context), wanted, number)
    change_view(client, body["view"], entry_view.list_window(page))
    ack()


def save_form(ack: Ack, view: dict[str, Any], context: BoltContext, services: Services) -> None:
    """Save one step; then the next, or the confirmation. What can't be is said beside its field."""
    actor, remembered = actor_of(context), entry_form.form_key(view)
    typed = entry_form.parse(view)
    try:
        known = save_entry(services, actor, remembered.key, remembered.version, typed)
    except EntryInvalidError as error:
        ack(response_action="errors", errors=error.faults)
    except EntryCrossedError as error:
        ack(response_action="update", view=_crossed(services, actor, view, error))
    else:
        is_last = remembered.step == entry_form.PLAN
        fresh = _saved(known) if is_last else entry_form.build(known, entry_form.PLAN)
        ack(response_action="update", view=fresh)


def _answer(services: Services, actor: Actor, word: str, rest: str, zone: ZoneInfo) -> Answer:
    if word in ("", "help"):
        return "How to use it", entry_view.help_blocks()
    if word == "history":
        initiative, changes = read_history(services, actor, rest)
        authors = {change.author_id for change in changes}
        names = names_of(services, actor.workspace_id, authors)
        blocks = entry_view.history(initiative, changes, names, zone)
        return f"History of {initiative.key}", blocks
    known = show_entry(services, actor, rest if word == "show" else f"{word} {rest}".strip())
    blocks = entry_view.shown(known, _names(services, actor, known), zone)
    return f"The registry on {known.initiative.key}", blocks


def _list(services: Services, actor: Actor, rest: str) -> Block:
    return entry_view.list_window(list_initiatives(services, actor, rest))


def _form(services: Services, actor: Actor, rest: str) -> Block:
    return entry_form.build(open_entry(services, actor, rest), entry_form.PURPOSE)


_WINDOWS: dict[str, Callable[[Services, Actor, str], Block]] = {_LIST: _list, _EDIT: _form}
_WORDS = ["show", "history", "help", *_WINDOWS]


def _crossed(services: Services, actor: Actor, view: Block, error: EntryCrossedError) -> Block:
    """Return the step again with all that was typed, saying who was faster."""
    remembered = entry_form.form_key(view)
    known = open_entry(services, actor, remembered.key)
    names = names_of(services, actor.workspace_id, {error.author_id})
    who = escape(names.get(error.author_id, error.author_id))
    lines = ", ".join(entry_view.LABELS[name] for name in error.names)
    notice = (
        f"✋ *{who} changed this while the form was open:* {lines}. What you typed is below, "
        "complete. Save again to put it in place of theirs; both versions are kept, and "
        f"`{entry_view.COMMAND} history {remembered.key}` shows them."
    )
    return entry_form.build(known, remembered.step, entry_form.parse(view), notice)


def _saved(known: Known) -> Block:
    key, name = known.initiative.key, escape(known.facts.name)
    words = f"✅ *{key} · {name}* is saved. This is version {known.version} of its entry."
    return {**notices.notice(words, title="Saved"), "close": plain("Done")}


def _names(services: Services, actor: Actor, known: Known) -> dict[str, str]:
    return names_of(services, actor.workspace_id, known.people_ids)


def _unknown(error: UnknownInitiativeError) -> str:
    words = closest_words(error.wanted.partition(" ")[0], _WORDS)
    closest = [f"`{entry_view.COMMAND} {word}`" for word in words]
    closest += [] if words else [escape(name) for name in error.closest]
    hint = f" Did you mean {' or '.join(closest)}?" if closest else ""
    return f"I know no initiative or command “{escape(error.wanted)}”.{hint}"
