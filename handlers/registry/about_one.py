"""The uses of /ai-project that are about one initiative, where its key is left out."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from handlers.answering import Answer
from handlers.blocks.text import Block
from handlers.blocks.windows import notice, window
from handlers.contributed import in_entry
from handlers.registry import entry_view, list_view
from handlers.registry.entering import edit_form, overlap_window
from handlers.registry.planning import new_link_form, new_milestone_form
from handlers.subcommands import AboutOne, Show
from workflows.people import names_of
from workflows.pictures.asking import ask_for_surroundings
from workflows.registry.entries import read_history, show_entry
from workflows.registry.listing import ListKind, Wanted, list_page
from workflows.services import Actor, Services

DRAWING = "I'm drawing it. You'll get it as a direct message in a moment."


def entry_history(services: Services, actor: Actor, wanted: str, zone: ZoneInfo) -> Answer:
    """Return who changed what in an entry."""
    initiative, changes = read_history(services, actor, wanted)
    named = {user_id for change in changes for user_id in change.people_ids}
    names = names_of(services, actor.workspace_id, named)
    blocks = entry_view.history(initiative, changes, names, zone)
    return f"History of {initiative.key}", blocks


def _form(open_form: Callable[[Services, Actor, str], Block]) -> Show:
    return lambda services, actor, key, _zone, _trigger: open_form(services, actor, key)


def _entry(services: Services, actor: Actor, key: str, zone: ZoneInfo, _trigger: str) -> Block:
    known = show_entry(services, actor, key)
    names = names_of(services, actor.workspace_id, known.people_ids)
    added = in_entry(services, actor, known.initiative.key, zone)
    return entry_view.entry_window(known, names, zone, added)


def _changes(services: Services, actor: Actor, key: str, zone: ZoneInfo, _trigger: str) -> Block:
    return window("History", entry_history(services, actor, key, zone)[1])


def _picture(services: Services, actor: Actor, key: str, _zone: ZoneInfo, trigger: str) -> Block:
    ask_for_surroundings(services, actor, key, trigger)
    return notice(DRAWING, title="Picture")


def _found(services: Services, actor: Actor, words: str, _zone: ZoneInfo, _trigger: str) -> Block:
    return list_view.list_window(list_page(services, actor, Wanted(ListKind.FIND, words)))


ABOUT_ONE = (
    AboutOne(entry_view.COMMAND, "edit", _form(edit_form)),
    AboutOne(entry_view.COMMAND, "milestone", _form(new_milestone_form)),
    AboutOne(entry_view.COMMAND, "link", _form(new_link_form)),
    AboutOne(entry_view.COMMAND, "overlaps", _form(overlap_window)),
    AboutOne(entry_view.COMMAND, "show", _entry),
    AboutOne(entry_view.COMMAND, "history", _changes),
    AboutOne(entry_view.COMMAND, "picture", _picture),
    AboutOne(entry_view.COMMAND, "find", _found, is_search=True),
)
