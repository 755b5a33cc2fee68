"""Asking Slack who people are: now and then for those known, once for those to be imported."""

from collections.abc import Sequence

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.workspaces import Workspace
from handlers.people import read_profile
from workflows.people import Profile, remember, set_aside, stalest
from workflows.services import Services

_log = structlog.get_logger("rollcall.people")
_AT_ONCE = 5  # a minute: far below Slack's hundred


def read_stalest(services: Services, workspace: Workspace) -> None:
    """Read again those that Slack was not asked about for a day; events may have been missed."""
    for user_id in stalest(services, workspace.id, _AT_ONCE):
        try:
            read_again(services, workspace.posting, workspace.id, user_id)
        except (SlackApiError, SlackClientError, OSError) as error:
            _log.warning("person_unread", person=user_id, error=type(error).__name__)
            set_aside(services, workspace.id, user_id)


def read_again(services: Services, client: WebClient, workspace_id: str, user_id: str) -> None:
    """Learn how somebody is at this moment.

    Raises:
        SlackApiError, SlackClientError, OSError: Slack doesn't say.
    """
    answer = client.users_info(user=user_id)
    remember(services, workspace_id, read_profile(answer["user"], workspace_id))


def find_people(
    services: Services, client: WebClient, workspace_id: str, references: Sequence[str]
) -> dict[str, str]:
    """Return the user ids of those whom Slack knows by an email or user id; they are remembered.

    Raises:
        SlackApiError, SlackClientError, OSError: Slack doesn't say.
    """
    found: dict[str, str] = {}
    for reference in references:
        try:
            profile = look_up(client, reference, workspace_id)
        except SlackApiError as error:
            if error.response["error"] != "missing_scope":
                raise
            _log.warning("emails_not_allowed")
            break
        if profile is not None and not profile.bot:
            remember(services, workspace_id, profile)
            found[reference] = profile.user_id
    return found


def look_up(client: WebClient, reference: str, workspace_id: str | None = None) -> Profile | None:
    """Return the person of an email or a Slack user id, or None if Slack knows nobody by it."""
    try:
        if "@" in reference:
            answer = client.users_lookupByEmail(email=reference)
        else:
            answer = client.users_info(user=reference)
    except SlackApiError as error:
        if error.response["error"] in ("users_not_found", "user_not_found", "user_not_visible"):
            return None
        raise
    return read_profile(answer["user"], workspace_id)
