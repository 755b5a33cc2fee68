"""User groups: people under one handle, as the workspace's admins make and change them."""

from dataclasses import dataclass, replace
from typing import Any

from sandbox.conversations import find_user
from sandbox.slack_error import SlackError
from sandbox.workspace import Json, UserGroup, Workspace

_BY = "USLACKBOT"  # Slack's own hand, where no person in particular made a group


@dataclass(frozen=True)
class Change:
    """What became of a group."""

    before: UserGroup | None  # None: it is new
    after: UserGroup

    @property
    def added(self) -> list[str]:
        """Return who is in it now and wasn't."""
        before = self.before.users if self.before else ()
        return [user_id for user_id in self.after.users if user_id not in before]

    @property
    def removed(self) -> list[str]:
        """Return who was in it and isn't now."""
        before = self.before.users if self.before else ()
        return [user_id for user_id in before if user_id not in self.after.users]


def find_group(workspace: Workspace, group_id: str, *, disabled: bool) -> UserGroup:
    """Return a group by its id; a disabled one only if those are asked for.

    Raises:
        SlackError: there is none.
    """
    group = workspace.user_groups.get(group_id)
    if group is None or (group.is_disabled and not disabled):
        raise SlackError("no_such_subteam")
    return group


def put_group(
    workspace: Workspace, group_id: str, *, disabled: bool | None = None, **facts: Any
) -> Change:
    """Make a group, which takes a `handle`, or change its `handle`, `name` or `users`.

    Raises:
        SlackError: groups are not part of the plan, the handle is taken, or somebody isn't there.
    """
    if not workspace.has_user_groups:
        raise SlackError("paid_teams_only")
    before = workspace.user_groups.get(group_id)
    if before is None and "handle" not in facts:
        raise SlackError("no_such_subteam")
    if facts.get("handle") in _taken_handles(workspace, group_id):
        raise SlackError("handle_already_exists")
    if "users" in facts:
        users = dict.fromkeys(facts["users"])
        facts["users"] = tuple(find_user(workspace, user_id).id for user_id in users)
    now = int(workspace.clock.now().timestamp())
    after = _changed(before, group_id, facts, disabled, now)
    workspace.user_groups[group_id] = after
    return Change(before, after)


def _changed(
    before: UserGroup | None, group_id: str, facts: Json, disabled: bool | None, now: int
) -> UserGroup:
    """Return the group as it is now; one in which nothing is new stays as it was."""
    if before is None:
        named = {"name": facts["handle"]} | facts
        deleted = now if disabled else 0
        return UserGroup(id=group_id, created=now, updated=now, deleted=deleted, **named)
    after = replace(before, **facts)
    if disabled is not None and disabled != before.is_disabled:
        after = replace(after, deleted=now if disabled else 0)
    return after if after == before else replace(after, updated=now)


def _taken_handles(workspace: Workspace, group_id: str) -> set[str]:
    """Return what is a handle already: of a person, of a channel, or of another group."""
    people = {user.name for user in workspace.users.values()}
    places = {channel.name for channel in workspace.channels.values() if not channel.is_direct}
    groups = {one.handle for one in workspace.user_groups.values() if one.id != group_id}
    return people | places | groups


def as_json(
    workspace: Workspace, group: UserGroup, *, with_users: bool = False, with_count: bool = False
) -> Json:
    """Return a group as Slack tells it."""
    told: Json = {
        "id": group.id,
        "team_id": workspace.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": group.deleted,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": _BY,
        "updated_by": _BY,
        "deleted_by": _BY if group.is_disabled else None,
        "prefs": {"channels": [], "groups": []},
    }
    if with_users:
        told["users"] = list(group.users)
    if with_count:
        told["user_count"] = len(group.users)
    return told
