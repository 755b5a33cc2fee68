"""Reading every update of a round, from the button under a summary or digest."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.blocks.text import Block
from handlers.paging import listen_to_pages
from handlers.people import actor_in_zone
from handlers.rounds import round_view, summary
from workflows.people import names_of
from workflows.services import Actor, Services
from workflows.updates.reading import report_round


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(summary.READ_ROUND)(press_read)
    listen_to_pages(app, round_view.PAGE_ACTION, _page)


def press_read(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Open every update of the round."""
    actor, zone = actor_in_zone(context, services, client)
    view = _page(services, actor, zone, action["value"], 0)
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def _page(services: Services, actor: Actor, zone: ZoneInfo, of: str, page: int) -> Block:
    report = report_round(services, actor.workspace_id, date.fromisoformat(of))
    authors = {update.author_id for _, update in report.filed}
    return round_view.build(report, names_of(services, actor.workspace_id, authors), zone, page)
