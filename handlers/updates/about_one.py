"""The uses of /ai-status that are about one initiative, where its key is left out."""

from zoneinfo import ZoneInfo

from handlers.blocks.text import Block
from handlers.blocks.windows import window
from handlers.subcommands import AboutOne
from handlers.updates import answers
from workflows.people import names_of
from workflows.services import Actor, Services
from workflows.updates.reading import HISTORY_LENGTH, show_updates


def _latest(services: Services, actor: Actor, key: str, zone: ZoneInfo, _trigger: str) -> Block:
    return _updates(services, actor, key, zone, 1)


def _history(services: Services, actor: Actor, key: str, zone: ZoneInfo, _trigger: str) -> Block:
    return _updates(services, actor, key, zone, HISTORY_LENGTH)


def _updates(services: Services, actor: Actor, key: str, zone: ZoneInfo, length: int) -> Block:
    found = show_updates(services, actor, key, length)
    authors = {update.author_id for update in found.updates}
    names = names_of(services, actor.workspace_id, authors)
    build = answers.shown if length == 1 else answers.history
    return window("Updates", build(found, names, zone))


ABOUT_ONE = (
    AboutOne(answers.COMMAND, "show", _latest),
    AboutOne(answers.COMMAND, "history", _history),
)
