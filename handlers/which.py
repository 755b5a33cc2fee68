"""A command without its key asks which initiative is meant, and then does what was asked."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.blocks import which_form
from handlers.forms import FormWords
from handlers.people import actor_of, meet, zone_of
from handlers.subcommands import AboutOne
from handlers.views import change_view
from workflows.registry.choosing import may_be_meant, own_initiatives
from workflows.services import Actor, Services

FORM = FormWords(which_form.CALLBACK_ID, "Not done", lambda _: "Please type the command again.")
_NOTHING = "Nothing is called “{words}”, and no entry has these words. Try fewer or other ones."


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(which_form.MINE)(pick_mine)
    app.action(re.compile(f"^{which_form.FOUND}_"))(pick_found)
    app.view(which_form.CALLBACK_ID)(look_up)


def asks_which(command: str, word: str) -> bool:
    """Tell whether a word of a command needs an initiative, or words to look for."""
    return (command, word) in _about_one()


def ask_which(
    client: WebClient, trigger_id: str, services: Services, actor: Actor, command: str, word: str
) -> None:
    """Ask which initiative a command is about."""
    asked = which_form.FormKey(command=command, word=word)
    if _about_one()[command, word].is_search:
        view = which_form.search(asked)
    else:
        view = which_form.build(asked, own_initiatives(services, actor))
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
    about = _about_one()[asked.command, asked.word]
    zone = zone_of(meet(actor, services, client))
    if about.is_search:
        shown = about.show(services, actor, words, zone, body["trigger_id"])
        ack(response_action="update", view=shown)
        return
    found = may_be_meant(services, actor, words)
    if not found:
        errors = {which_form.WORDS: _NOTHING.format(words=words[:60])}
        ack(response_action="errors", errors=errors)
    elif len(found) > 1:
        ack(response_action="update", view=which_form.build(asked, [], words, found))
    else:
        shown = about.show(services, actor, found[0].key, zone, body["trigger_id"])
        ack(response_action="update", view=shown)


def _go_on(
    body: dict[str, Any], key: str, context: BoltContext, client: WebClient, services: Services
) -> None:
    actor, asked = actor_of(context), which_form.form_key(body["view"])
    zone = zone_of(meet(actor, services, client))
    about = _about_one()[asked.command, asked.word]
    change_view(client, body["view"], about.show(services, actor, key, zone, body["trigger_id"]))


@cache
def _about_one() -> Mapping[tuple[str, str], AboutOne]:
    # Imported here: the list names every room, and rooms ask which initiative is meant.
    from handlers.features import FEATURES

    return {(one.command, one.word): one for feature in FEATURES for one in feature.about_one}
