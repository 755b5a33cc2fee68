"""usergroups.*: who stands behind a handle such as @ai-coe."""

from sandbox.api.method import Arguments, Call, Method
from sandbox.slack_error import SlackError
from sandbox.user_groups import as_json, find_group
from sandbox.workspace import Json


class _List(Arguments):
    include_count: bool = False
    include_disabled: bool = False
    include_users: bool = False


class _Users(Arguments):
    usergroup: str
    include_disabled: bool = False


def list_(call: Call, asked: _List) -> Json:
    """Tell about all groups, the disabled ones if so asked."""
    _check_plan(call)
    told = [
        as_json(
            call.workspace, group, with_users=asked.include_users, with_count=asked.include_count
        )
        for group in call.workspace.user_groups.values()
        if asked.include_disabled or not group.is_disabled
    ]
    return {"usergroups": told}


def list_users(call: Call, asked: _Users) -> Json:
    """Tell who is in a group."""
    _check_plan(call)
    group = find_group(call.workspace, asked.usergroup, disabled=asked.include_disabled)
    return {"users": list(group.users)}


def _check_plan(call: Call) -> None:
    if not call.workspace.has_user_groups:
        raise SlackError("plan_upgrade_required")


METHODS = {
    "usergroups.list": Method(list_, _List, ("usergroups:read",)),
    "usergroups.users.list": Method(list_users, _Users, ("usergroups:read",)),
}
