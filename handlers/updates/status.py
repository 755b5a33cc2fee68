"""The /ai-status command: open the form, or read what was filed."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.answering import Answer, answer_privately
from handlers.away import answer_away
from handlers.blocks.text import Block
from handlers.people import actor_in_zone
from handlers.updates import answers, notices
from handlers.updates.command import STATUS
from handlers.updates.filing import built_form
from handlers.which import ask_which, asks_which
from workflows.errors import NoInitiativeError, UnknownInitiativeError
from workflows.people import names_of
from workflows.registry.choosing import own_initiatives
from workflows.registry.names import closest_words
from workflows.services import Actor, Services
from workflows.updates.missing import missing_in_round
from workflows.updates.opening import my_initiatives
from workflows.updates.reading import HISTORY_LENGTH, Shown, show_updates


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.command(answers.COMMAND)(answer_command)


def answer_command(
    ack: Ack, command: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Answer a question privately, or open the form."""
    actor, zone = actor_in_zone(context, services, client)
    word, _, rest = (command.get("text") or "").strip().partition(" ")
    answer = _ANSWERS.get(word.casefold())
    try:
        if _says_too_little(services, actor, word.casefold(), rest.strip()):
            trigger_id = command["trigger_id"]
            ask_which(client, trigger_id, services, actor, answers.COMMAND, word.casefold())
            ack()
        elif answer is not None:
            answer_privately(ack, answer(services, actor, rest.strip(), zone))
        else:
            _open(command, client, services, actor, zone)
            ack()
    except UnknownInitiativeError as error:
        sentence = _unknown(error)
        answer_privately(ack, (sentence, answers.help_blocks(sentence)))
    except NoInitiativeError as error:
        week = missing_in_round(services, actor.workspace_id, most=0)
        sentence = f"{error} This week: {week.filed} of {week.total} filed."
        answer_privately(ack, (sentence, answers.help_blocks(sentence)))


def _open(
    command: dict[str, Any], client: WebClient, services: Services, actor: Actor, zone: ZoneInfo
) -> None:
    """Open the form of the initiative that was named, or of the only one; else ask which."""
    wanted = (command.get("text") or "").strip()
    mine = [] if wanted else my_initiatives(services, actor)
    if len(mine) > 1:
        client.views_open(trigger_id=command["trigger_id"], view=notices.chooser(mine))
    else:
        form = built_form(services, actor, wanted or mine[0].key, zone)
        client.views_open(trigger_id=command["trigger_id"], view=form)


def _show(services: Services, actor: Actor, rest: str, zone: ZoneInfo) -> Answer:
    found = show_updates(services, actor, _named(services, actor, rest))
    return _answer_about(services, actor, found, answers.shown, zone)


def _history(services: Services, actor: Actor, rest: str, zone: ZoneInfo) -> Answer:
    found = show_updates(services, actor, _named(services, actor, rest), HISTORY_LENGTH)
    return _answer_about(services, actor, found, answers.history, zone)


def _missing(services: Services, actor: Actor, rest: str, zone: ZoneInfo) -> Answer:
    found = missing_in_round(services, actor.workspace_id, answers.MOST_LISTED)
    return f"{found.count} of {found.total} not filed yet", answers.missing(found, zone)


def _away(services: Services, actor: Actor, rest: str, zone: ZoneInfo) -> Answer:
    return answer_away(services, actor, rest)


def _help(services: Services, actor: Actor, rest: str, zone: ZoneInfo) -> Answer:
    return "How to use it", answers.help_blocks()


_ANSWERS: dict[str, Callable[[Services, Actor, str, ZoneInfo], Answer]] = {
    "show": _show,
    "history": _history,
    "missing": _missing,
    "away": _away,
    "help": _help,
}


def _says_too_little(services: Services, actor: Actor, word: str, rest: str) -> bool:
    """Tell whether it has to be asked which initiative is meant: not if there is one of theirs."""
    is_asked = not rest and asks_which(answers.COMMAND, word)
    return is_asked and len(own_initiatives(services, actor)) != 1


def _named(services: Services, actor: Actor, wanted: str) -> str:
    """Return what was named; where nothing was, the one initiative that somebody answers for."""
    return wanted or own_initiatives(services, actor)[0].key


def _answer_about(
    services: Services,
    actor: Actor,
    found: Shown,
    build: Callable[[Shown, dict[str, str], ZoneInfo], list[Block]],
    zone: ZoneInfo,
) -> Answer:
    names = names_of(services, actor.workspace_id, {update.author_id for update in found.updates})
    return f"Updates of {found.initiative.key}", build(found, names, zone)


def _unknown(error: UnknownInitiativeError) -> str:
    commands = closest_words(error.wanted.partition(" ")[0], STATUS.words)
    closest = [f"`{answers.COMMAND} {word}`" for word in commands]
    closest += [] if commands else error.closest
    hint = f" Did you mean {' or '.join(closest)}?" if closest else ""
    return f"I can't find an initiative or command called “{error.wanted}”.{hint}"
