"""Being away: the words after `/ai-status away`, and the days to press where it has to be asked."""

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.answering import Answer
from handlers.blocks.text import section
from handlers.blocks.windows import notice
from handlers.people import actor_of
from handlers.updates import answers
from workflows.away import days_to_offer, set_away
from workflows.errors import DateUnreadableError
from workflows.services import Actor, Services

_BACK = frozenset(("off", "back", "over", "end", "stop", "cancel", "none"))
_NO_DAY = frozenset(("", "until", "till", "for"))


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(re.compile(f"^{answers.BACK_ON}_"))(press_back_on)


def answer_away(services: Services, actor: Actor, rest: str) -> Answer:
    """Keep until when somebody is away; where that isn't clear, ask by a press of a button."""
    words = rest.casefold().strip(" .!")
    if words in _BACK:
        said = answers.away(set_away(services, actor, None))
        return said, [section(said)]
    if words in _NO_DAY:
        return answers.ask_back_on("When are you back?", days_to_offer(services, actor))
    try:
        said = answers.away(set_away(services, actor, rest))
    except DateUnreadableError as error:
        return answers.ask_back_on(str(error), error.days)
    return said, [section(said)]


def press_back_on(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Take the day that was pressed, and say so in a window."""
    said = answers.away(set_away(services, actor_of(context), action["value"]))
    view = notice(said, title="Away")
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()
