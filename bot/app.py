"""Builds the Bolt app."""

from collections.abc import Callable, Sequence

from slack_bolt import BoltContext
from slack_bolt.authorization import AuthorizeResult

from bot import errors
from bot.clients import Introduced, answering_client
from bot.receiving.door import let_known_people_in, overhear_nothing, turn_strangers_away
from bot.receiving.inbox import InboxApp, keep_before_answering
from bot.settings import Settings
from handlers.features import FEATURES
from handlers.telling import Feature
from handlers.tellings import check
from handlers.views import WindowQueue
from workflows.features import FEATURES as OWED
from workflows.owing import Owed
from workflows.services import Services, of_one_request


def build_app(
    app: InboxApp,
    services: Services,
    workspace_id: str = "",
    features: Sequence[Feature] = FEATURES,
    owed: Sequence[Owed] = OWED,
) -> InboxApp:
    """Hand every listener `services` and `windows` by name and attach the listeners.

    `workspace_id` stands in where a payload names none.

    Raises:
        DeclarationError: what the features declare does not fit together.
    """
    windows = WindowQueue()

    @app.use
    def provide_services(context: BoltContext, next_: Callable[[], None]) -> None:
        context["services"], context["windows"] = of_one_request(services), windows
        context["client"] = app.client  # Bolt makes another for each request, without connections
        if workspace_id and not context.team_id:
            context["team_id"] = workspace_id
        next_()

    overhear_nothing(app)
    turn_strangers_away(app, services, workspace_id)
    keep_before_answering(app, services)
    let_known_people_in(app)
    check(features, owed)
    for feature in features:
        feature.register(app)
    errors.register(app)
    return app


def build_bolt(settings: Settings, introduced: Introduced) -> InboxApp:
    """Return an app that talks to the Slack of the settings and answers as it returns."""
    token = settings.slack_bot_token.get_secret_value()
    # By itself Bolt asks Slack who it is as the first event comes in; while Slack doesn't say, it
    # acknowledges events that nobody has seen, and tells people to install the app anew.
    known = AuthorizeResult(
        enterprise_id=introduced.enterprise_id,
        team_id=introduced.workspace_id,
        bot_id=introduced.bot_id,
        bot_user_id=introduced.bot_user_id,
        bot_token=token,
    )
    return InboxApp(
        client=answering_client(settings),
        authorize=lambda: known,
        # bot/receiving/http.py has looked before anything was read, and a socket needs none.
        request_verification_enabled=False,
        # Bolt otherwise looks for ack() every 10 ms; here a listener records and returns.
        process_before_response=True,
    )
