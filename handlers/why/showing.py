"""“Why am I getting this?”, from the menu of each message."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.blocks import gathered
from handlers.people import actor_of, meet, zone_of
from handlers.why import why_view
from workflows.services import Services
from workflows.why import reason_of


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(gathered.EXPLAIN)(press_explain)


def press_explain(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Open the window that gives the clause, the facts and the arithmetic."""
    actor = actor_of(context)
    reason = reason_of(services, actor, action["selected_option"]["value"])
    zone = zone_of(meet(actor, services, client))
    client.views_open(trigger_id=body["trigger_id"], view=why_view.build(reason, zone))
    ack()
