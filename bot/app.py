"""Builds the Bolt app."""

from collections.abc import Callable

from slack_bolt import BoltContext
from slack_sdk import WebClient

from bot import errors
from bot.door import let_known_people_in, turn_strangers_away
from bot.inbox import InboxApp, keep_before_answering
from bot.refusals import CountRateLimits
from bot.settings import Settings
from handlers import (
    away,
    conversations,
    entry_form,
    home,
    people,
    planning,
    project,
    rounds,
    sent_files,
    status,
    update_form,
    why,
)
from workflows.services import Services

FEATURES = (
    status,
    away,
    update_form,
    project,
    entry_form,
    planning,
    conversations,
    rounds,
    home,
    people,
    why,
    sent_files,
)
# An answer to a click is of no use after Slack's three seconds, and our own work takes some.
_ANSWER_TIMEOUT_SECONDS = 2
_REHEARSED_TIMEOUT_SECONDS = 60  # a rehearsal hurries nobody, on however slow a machine


def build_app(app: InboxApp, services: Services, workspace_id: str = "") -> InboxApp:
    """Hand every listener `services` by name and attach the listeners.

    `workspace_id` stands in where a payload names none.
    """

    @app.use
    def provide_services(context: BoltContext, next_: Callable[[], None]) -> None:
        context["services"] = services
        if workspace_id and not context.team_id:
            context["team_id"] = workspace_id
        next_()

    turn_strangers_away(app, services, workspace_id)
    keep_before_answering(app, services)
    let_known_people_in(app, services)
    for feature in FEATURES:
        feature.register(app)
    errors.register(app)
    return app


def build_bolt(settings: Settings) -> InboxApp:
    """Return an app that talks to the Slack of the settings and answers as it returns."""
    secret = settings.slack_signing_secret
    return InboxApp(
        client=answering_client(settings),
        signing_secret=secret.get_secret_value() if secret else None,
        # Bolt otherwise looks for ack() every 10 ms; here a listener records and returns.
        process_before_response=True,
        token_verification_enabled=False,  # asked once, at the start, where it can be explained
    )


def answering_client(settings: Settings) -> WebClient:
    """Return the client that answers clicks: it never sends a write twice by itself."""
    return WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=_REHEARSED_TIMEOUT_SECONDS if settings.clock_file else _ANSWER_TIMEOUT_SECONDS,
        retry_handlers=[CountRateLimits()],
    )
