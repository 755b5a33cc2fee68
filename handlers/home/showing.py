"""The App Home."""

from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from handlers.blocks.text import Block
from handlers.contributed import what_waits
from handlers.home import home_view
from handlers.people import actor_of, meet, zone_of
from workflows.away import set_away
from workflows.home.reading import read_home
from workflows.services import Actor, Services

_log = structlog.get_logger("rollcall.home")


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.event("app_home_opened")(open_home)
    app.action(home_view.BACK_NOW)(press_back)


def open_home(
    event: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Show somebody their week when they open the Home tab."""
    if event.get("tab", "home") == "home":
        publish_home(client, services, actor_of(context))


def press_back(ack: Ack, context: BoltContext, client: WebClient, services: Services) -> None:
    """Note that somebody is back."""
    actor = actor_of(context)
    set_away(services, actor, None)
    ack()
    publish_home(client, services, actor)


def publish_home(client: WebClient, services: Services, actor: Actor) -> None:
    """Bring somebody's App Home up to date; should Slack not take it, the next opening does it."""
    view = home_of(client, services, actor)
    try:
        client.views_publish(user_id=actor.user_id, view=view)
    except (SlackApiError, SlackRequestError, OSError) as error:
        _log.warning("home_unpublished", actor=actor.user_id, error=type(error).__name__)


def home_of(client: WebClient, services: Services, actor: Actor) -> Block:
    """Return somebody's App Home as things stand now."""
    zone = zone_of(meet(actor, services, client))
    several = what_waits(services, actor, zone)
    return home_view.build(read_home(services, actor), zone, services.now(), several)
