"""What is shown page by page in a window: the two buttons, and another page in place."""

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.blocks.text import Block, button
from handlers.people import actor_in_zone
from handlers.views import change_view
from workflows.services import Actor, Services

Draw = Callable[[Services, Actor, ZoneInfo, str, int], Block]  # of what, and its page from 0


def page_buttons(action_id: str, of: str, page: int, pages: int) -> list[Block]:
    """Return the buttons to the page before and after; nothing where there is only one.

    Their action ids begin with `action_id`; `of` says what it is that has pages.
    """
    targets = [("Previous", page - 1), ("Next", page + 1)]
    buttons = [
        button(label, f"{action_id}_{label.lower()}", f"{target} {of}")
        for label, target in targets
        if 0 <= target < pages
    ]
    return [{"type": "actions", "elements": buttons}] if buttons else []


def listen_to_pages(app: App, action_id: str, draw: Draw) -> None:
    """Have `draw` show another page in the same window."""

    def show_page(
        ack: Ack,
        body: dict[str, Any],
        action: dict[str, Any],
        context: BoltContext,
        client: WebClient,
        services: Services,
    ) -> None:
        actor, zone = actor_in_zone(context, services, client)
        page, _, of = action["value"].partition(" ")
        change_view(client, body["view"], draw(services, actor, zone, of, int(page)))
        ack()

    app.action(re.compile(f"^{action_id}_"))(show_page)
