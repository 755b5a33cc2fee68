"""Asking Slack who holds the levels: user groups, and people whom only the policy names."""

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.people import read_again
from bot.workspaces import Workspace
from workflows.escalations.holders import groups_to_read, keep_group, unknown_holders
from workflows.people import set_aside
from workflows.services import Services

_log = structlog.get_logger("rollcall.levels")
_AT_ONCE = 50  # a minute: half of what Slack takes


def read_levels(services: Services, workspace: Workspace) -> None:
    """Read the groups that have to be read, then whoever holds a level and isn't known yet."""
    for group_id in groups_to_read(services, workspace.id):
        keep_group(services, workspace.id, group_id, _members(workspace, group_id))
    for user_id in unknown_holders(services, workspace.id, _AT_ONCE):
        try:
            read_again(services, workspace.posting, workspace.id, user_id)
        except (SlackApiError, SlackClientError, OSError) as error:
            _log.warning("holder_unread", person=user_id, error=type(error).__name__)
            set_aside(services, workspace.id, user_id)


def _members(workspace: Workspace, group_id: str) -> list[str] | None:
    """Return who is in a group; None where Slack doesn't say."""
    try:
        answer = workspace.posting.usergroups_users_list(usergroup=group_id)
    except (SlackApiError, SlackClientError, OSError) as error:
        code = error.response["error"] if isinstance(error, SlackApiError) else ""
        _log.warning("group_unread", group=group_id, error=code or type(error).__name__)
        return None
    return [str(user_id) for user_id in answer["users"]]
