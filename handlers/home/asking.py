"""The /ai command: what waits for somebody, wherever they are."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.answering import Answer, answer_privately
from handlers.blocks.text import section
from handlers.contributed import every_command, what_waits
from handlers.home.command import AI
from handlers.people import actor_in_zone
from handlers.waiting import waiting_window
from workflows.services import Services


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.command(AI.name)(answer_command)


def answer_command(
    ack: Ack, command: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Open the list; with anything behind it, say which commands there are."""
    actor, zone = actor_in_zone(context, services, client)
    if (command.get("text") or "").strip():
        answer_privately(ack, _help())
        return
    view = waiting_window(what_waits(services, actor, zone))
    client.views_open(trigger_id=command["trigger_id"], view=view)
    ack()


def _help() -> Answer:
    others = [f"`{one.name} help`" for one in every_command() if one is not AI]
    return "How to use it", [section(f"{AI.help()}\nEverything else: {', '.join(others)}")]
