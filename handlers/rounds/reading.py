"""Reading every update of a round, from the button under a summary or digest."""

import re
from datetime import date
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.blocks.text import Block
from handlers.people import actor_of, meet, zone_of
from handlers.rounds import round_view, summary
from handlers.views import change_view
from workflows.people import names_of
from workflows.services import Services
from workflows.updates.reading import report_round


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(summary.READ_ROUND)(press_read)
    app.action(re.compile(f"^{round_view.TURN_PAGE}_"))(turn_page)


def press_read(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Open every update of the round."""
    view = _page(context, client, services, date.fromisoformat(action["value"]), 0)
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def turn_page(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Show another page in the same window."""
    call_on, page = round_view.read_turn(action["value"])
    view = _page(context, client, services, call_on, page)
    change_view(client, body["view"], view)
    ack()


def _page(
    context: BoltContext, client: WebClient, services: Services, call_on: date, page: int
) -> Block:
    actor = actor_of(context)
    zone = zone_of(meet(actor, services, client))
    report = report_round(services, actor.workspace_id, call_on)
    authors = {update.author_id for _, update in report.filed}
    return round_view.build(report, names_of(services, actor.workspace_id, authors), zone, page)
