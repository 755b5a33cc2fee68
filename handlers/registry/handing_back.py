"""The *Not mine* button under the first prompt for what somebody else named one's own."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from handlers.people import actor_of
from handlers.registry.handed_back import NOT_MINE
from workflows.registry.handing_back import hand_back
from workflows.services import Services


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(NOT_MINE)(press_not_mine)


def press_not_mine(
    ack: Ack, action: dict[str, Any], context: BoltContext, services: Services
) -> None:
    """Take their name off; the message they pressed it in changes to how things stand."""
    hand_back(services, actor_of(context), action["value"])
    ack()
