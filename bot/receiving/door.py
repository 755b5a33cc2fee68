"""The door: only what members and guests of this workspace want comes before a listener."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt import App, BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.workspaces import Workspaces
from handlers.home.home_view import closed_home
from handlers.people import actor_of, ask_slack
from workflows.audit import naming
from workflows.errors import StrangerError, UnknownPersonError, UserError
from workflows.escalations.hearing import Said, hear
from workflows.people import welcome
from workflows.registry.rights import keep_refusal
from workflows.services import Actor, Services

Next = Callable[[], None]
_DONE = BoltResponse(status=200, body="")
_SAID_BY_PEOPLE = (None, "file_share")  # subtypes of messages; the others tell of changes
_SAID_IN_THREADS = (*_SAID_BY_PEOPLE, "thread_broadcast")
_TS = re.compile(r"\d{1,11}\.\d{1,6}")
_log = structlog.get_logger("rollcall.door")


def overhear_nothing(app: App, services: Services, workspaces: Workspaces) -> None:
    """Have what people say among themselves dropped before anything of it is kept.

    Of what they say in the bot's own threads, who and when is kept: it counts as activity.
    """

    @app.use
    def look_at_place(
        body: dict[str, Any], context: BoltContext, next_: Next
    ) -> BoltResponse | None:
        event = body.get("event") or {}
        if event.get("type") != "message" or event.get("channel_type") == "im":
            next_()
            return None
        workspace_id = workspaces.receiving(context.team_id).id
        said = _said_in_thread(event)
        if said is not None and is_of(body, workspace_id):
            hear(services, workspace_id, said)
        return _DONE


def _said_in_thread(event: dict[str, Any]) -> Said | None:
    """Return that somebody said something in a thread; None for all other messages."""
    parts = [event.get(name) for name in ("channel", "thread_ts", "user", "ts")]
    channel_id, thread_ts, user_id, ts = (part if isinstance(part, str) else "" for part in parts)
    is_said = event.get("subtype") in _SAID_IN_THREADS and not event.get("bot_id")
    if not (is_said and channel_id and thread_ts and user_id and _TS.fullmatch(ts)):
        return None
    at = datetime.fromtimestamp(int(ts.partition(".")[0]), UTC)
    return Said(channel_id, thread_ts, user_id, at)


def refuse_strangers(app: App, services: Services, workspaces: Workspaces) -> None:
    """Have what comes from other workspaces refused before anything of it is kept."""

    @app.use
    def look_at_team(
        body: dict[str, Any], context: BoltContext, next_: Next
    ) -> BoltResponse | None:
        workspace_id = workspaces.receiving(context.team_id).id
        if is_of(body, workspace_id):
            next_()
            return None
        who = Actor(workspace_id, context.user_id or "")
        return _refuse(services, who, body, StrangerError())


def let_known_people_in(app: App) -> None:
    """Have everybody known before a listener sees what they want; it is as they are now."""

    @app.use
    def look_at_person(
        body: dict[str, Any],
        context: BoltContext,
        client: WebClient,
        services: Services,
        next_: Next,
    ) -> BoltResponse | None:
        actor = actor_of(context)
        try:
            if _is_somebodys_act(body):
                welcome(services, actor, lambda: ask_slack(client, actor))
        except UserError as error:
            _show_closed_home(body, client, actor, error)
            return _refuse(services, actor, body, error)
        next_()
        return None


def is_of(body: dict[str, Any], workspace_id: str) -> bool:
    """Tell whether all workspaces that a payload names as its sender's are this one.

    On Enterprise Grid an event can name the organisation of the installation instead.
    """
    event, own = body.get("event") or {}, {workspace_id}
    for installed in body.get("authorizations") or []:
        own.add(installed.get("enterprise_id"))
    named = [
        body.get("team_id"),
        _id_of(body.get("team")),
        *(event.get(name) for name in ("team", "user_team", "source_team")),
        _team_of(body.get("user")),
    ]
    return all(team_id in own for team_id in named if team_id)


def _id_of(team: object) -> object:
    return team.get("id") if isinstance(team, dict) else team


def _team_of(user: object) -> object:
    return user.get("team_id") if isinstance(user, dict) else None


def _is_somebodys_act(body: dict[str, Any]) -> bool:
    """Tell whether somebody did this; an event can also tell of them, or of the bot itself."""
    event = body.get("event")
    if event is None:
        return True
    is_said = event.get("subtype") in _SAID_BY_PEOPLE and not event.get("bot_id")
    return is_said and isinstance(event.get("user"), str)


def _refuse(
    services: Services, actor: Actor, body: dict[str, Any], refusal: UserError
) -> BoltResponse | None:
    """Keep the attempt; whoever waits for an answer gets the sentence.

    An event of somebody that Slack would not describe stays in the inbox, and is taken up later.

    Raises:
        UserError: for the error boundary to answer.
    """
    keep_refusal(services, actor, "enter", naming(actor.user_id), refusal)
    if "event" not in body:
        raise refusal
    return BoltResponse(status=503) if isinstance(refusal, UnknownPersonError) else _DONE


def _show_closed_home(
    body: dict[str, Any], client: WebClient, actor: Actor, refusal: UserError
) -> None:
    """Show why the App Home is closed, in place of what somebody saw before they moved."""
    if (body.get("event") or {}).get("type") != "app_home_opened":
        return
    try:
        client.views_publish(user_id=actor.user_id, view=closed_home(str(refusal)))
    except (SlackClientError, OSError) as error:
        _log.warning("home_unpublished", actor=actor.user_id, error=type(error).__name__)
