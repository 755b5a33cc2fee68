"""Who somebody is: Slack is asked once, and tells of changes by itself."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from slack_bolt import App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from storage.models import Person
from workflows.people import FALLBACK_ZONE, Profile, known_person, remember
from workflows.services import Actor, Services
from workflows.storable import storable_text
from workflows.zones import is_zone

_LOOK_UPS = 10  # at once
_SLACKBOT = "USLACKBOT"  # of which Slack says that it is no bot
SUBMISSION = "submission_id"  # in the context of a request: its key in the inbox
_log = structlog.get_logger("rollcall.people")


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.event("user_change")(follow_change)


def follow_change(
    event: dict[str, Any], context: BoltContext, services: Services, client: WebClient
) -> None:
    """Keep up with somebody who moved, left or became a guest."""
    team_id = context.team_id or ""
    profile = read_profile(event["user"], team_id)
    if known_person(services, team_id, profile.user_id) is not None:
        remember(services, team_id, profile)


def actor_of(context: BoltContext) -> Actor:
    """Return who pressed or typed."""
    return Actor(
        workspace_id=context.team_id or "",
        user_id=context.user_id or "",
        submission_id=context.get(SUBMISSION) or "",
    )


def meet(actor: Actor, services: Services, client: WebClient) -> Person | None:
    """Return what is known of somebody, asking Slack at the first meeting."""
    person = known_person(services, actor.workspace_id, actor.user_id)
    if person is not None:
        return person
    profile = ask_slack(client, actor)
    return remember(services, actor.workspace_id, profile) if profile else None


def ask_slack(client: WebClient, actor: Actor) -> Profile | None:
    """Return how Slack describes somebody at this moment; None where it doesn't say."""
    try:
        answer = client.users_info(user=actor.user_id)
    except (SlackClientError, OSError) as error:
        _log.warning("person_unread", actor=actor.user_id, error=type(error).__name__)
        return None
    return read_profile(answer["user"], actor.workspace_id)


def learn(
    actor: Actor, services: Services, client: WebClient, user_ids: Iterable[str]
) -> dict[str, str]:
    """Ask Slack about those of these people who were never met.

    Return the names of those that are apps, by their ids: they can be picked, too, and aren't kept.
    """
    several = [Actor(actor.workspace_id, user_id) for user_id in user_ids]
    if not several:
        return {}
    # Side by side: one after the other, many take longer than Slack waits.
    with ThreadPoolExecutor(_LOOK_UPS) as pool:
        met = list(pool.map(lambda one: _app_named(one, services, client), several))
    return {one.user_id: name for one, name in zip(several, met, strict=True) if name}


def _app_named(actor: Actor, services: Services, client: WebClient) -> str:
    """Return an app's name, which is not kept; nothing for a person, who is remembered."""
    if known_person(services, actor.workspace_id, actor.user_id) is not None:
        return ""
    profile = ask_slack(client, actor)
    if profile is None or profile.bot:
        return profile.name if profile else ""
    remember(services, actor.workspace_id, profile)
    return ""


def actor_in_zone(
    context: BoltContext, services: Services, client: WebClient
) -> tuple[Actor, ZoneInfo]:
    """Return who acts, and the timezone they read times in."""
    actor = actor_of(context)
    return actor, zone_of(meet(actor, services, client))


def zone_of(person: Person | None) -> ZoneInfo:
    """Return the timezone somebody reads times in."""
    return ZoneInfo(person.timezone if person else FALLBACK_ZONE)


def read_profile(user: dict[str, Any], workspace_id: str | None = None) -> Profile:
    """Read a user object of Slack's; one of another workspace than this is a stranger."""
    profile = user.get("profile") or {}
    timezone = user.get("tz") or ""
    shared = (user.get("enterprise_user") or {}).get("teams") or []  # on Enterprise Grid
    names = (profile.get("real_name"), user.get("real_name"), user.get("name"), user["id"])
    home = user.get("team_id") or workspace_id
    is_elsewhere = workspace_id is not None and workspace_id not in (home, *shared)
    return Profile(
        user_id=user["id"],
        name=storable_text(next(name for name in names if name)),
        timezone=timezone if is_zone(timezone) else None,
        deactivated=bool(user.get("deleted")),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        bot=bool(user.get("is_bot")) or user["id"] == _SLACKBOT,
        stranger=bool(user.get("is_stranger")) or is_elsewhere,
    )
