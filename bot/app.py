"""Builds the Bolt app."""

from collections.abc import Callable, Sequence

from slack_bolt import BoltContext
from slack_bolt.authorization import AuthorizeResult

from bot import errors
from bot.receiving.door import let_known_people_in, overhear_nothing, refuse_strangers
from bot.receiving.inbox import InboxApp, keep_before_answering
from bot.workspaces import Workspaces
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
    workspaces: Workspaces,
    features: Sequence[Feature] = FEATURES,
    owed: Sequence[Owed] = OWED,
) -> InboxApp:
    """Hand every listener `services`, `windows` and its workspace's `client`, and attach them all.

    Raises:
        DeclarationError: what the features declare does not fit together.
    """
    windows = WindowQueue()

    @app.use
    def provide_services(context: BoltContext, next_: Callable[[], None]) -> None:
        context["services"], context["windows"] = of_one_request(services), windows
        workspace = workspaces.receiving(context.team_id)
        context["client"] = workspace.answering  # Bolt makes another for each request
        if not context.team_id:
            context["team_id"] = workspace.id
        next_()

    overhear_nothing(app, services, workspaces)
    refuse_strangers(app, services, workspaces)
    keep_before_answering(app, services)
    let_known_people_in(app)
    check(features, owed)
    for feature in features:
        feature.register(app)
    errors.register(app)
    return app


def build_bolt(workspaces: Workspaces) -> InboxApp:
    """Return an app that answers as it returns, in whichever workspace something comes from."""
    known = {workspace.id: workspace.authorization for workspace in workspaces}

    # By itself Bolt asks Slack who it is as the first event comes in; while Slack doesn't say, it
    # acknowledges events that nobody has seen, and tells people to install the app anew.
    def authorize(team_id: str | None) -> AuthorizeResult:
        return known[workspaces.receiving(team_id).id]

    return InboxApp(
        client=workspaces.receiving(None).answering,
        authorize=authorize,
        # bot/receiving/http.py has looked before anything was read, and a socket needs none.
        request_verification_enabled=False,
        # Bolt otherwise looks for ack() every 10 ms; here a listener records and returns.
        process_before_response=True,
    )
