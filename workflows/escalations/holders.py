"""Who holds the levels, read ahead: Slack's user groups, and people named by the policy alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage import people, user_groups
from storage.models import UserGroup
from storage.reading import Reader
from workflows import policies
from workflows.errors import NoPolicyError
from workflows.escalations.rules import Levels
from workflows.policy_document import PolicyDocument, Switch
from workflows.services import Services

_FRESH = timedelta(hours=1)
_TRUSTED = timedelta(days=1)  # what a group that can't be read was, is what it still is


def named_ids(document: PolicyDocument) -> set[str]:
    """Return everybody whom the levels name one by one."""
    levels = document.levels
    every = (levels.coe, levels.steering, levels.finance)
    named = [
        *(one for level in every for one in level.people),
        *(level.fallback for level in every),
        *(levels.coe.rotation.people if levels.coe.rotation else ()),
        *levels.steering.executives.values(),
        levels.steering.chair,
        document.people.programme_manager,
    ]
    return {one for one in named if one}


def members_by_group(
    reader: Reader, workspace_id: str, levels: Levels, now: datetime
) -> dict[str, list[str]]:
    """Return who is in the groups that hold levels; those unreadable for a day have nobody."""
    wanted = set(_groups(levels))
    if not wanted:
        return {}
    return {
        one.group_id: one.user_ids
        for one in user_groups.every(reader, workspace_id)
        if one.group_id in wanted and is_trusted(one, now)
    }


def is_trusted(group: UserGroup, now: datetime) -> bool:
    """Return whether what is known of a group counts."""
    since = group.unreadable_since_at
    return since is None or now - since < _TRUSTED


def groups_to_read(services: Services, workspace_id: str) -> list[str]:
    """Return the groups to ask Slack about: never asked, not for an hour, or changed since."""
    now = services.now()
    with services.reading() as reader:
        document = _document(reader, workspace_id)
        if document is None:
            return []
        known = {one.group_id: one for one in user_groups.every(reader, workspace_id)}
    return [
        group_id
        for group_id in _groups(document.levels)
        if (one := known.get(group_id)) is None or one.is_changed or now - one.asked_at >= _FRESH
    ]


def keep_group(
    services: Services, workspace_id: str, group_id: str, user_ids: Sequence[str] | None
) -> None:
    """Keep who is in a group; None: Slack doesn't say, and what was known stays for a day."""
    now = services.now()
    with services.transaction() as session:
        groups = user_groups.every(session, workspace_id)
        before = next((one for one in groups if one.group_id == group_id), None)
        since = None
        if user_ids is None:
            since = (before.unreadable_since_at if before else None) or now
        known = list(before.user_ids) if before else []
        user_groups.save(
            session,
            UserGroup(
                workspace_id=workspace_id,
                group_id=group_id,
                user_ids=known if user_ids is None else list(user_ids),
                asked_at=now,
                unreadable_since_at=since,
            ),
        )


def note_changed(services: Services, workspace_id: str, group_id: str) -> None:
    """Note that a group is otherwise now, so that it is read again."""
    with services.transaction() as session:
        if group := user_groups.to_change(session, workspace_id, group_id):
            group.is_changed = True


def unknown_holders(services: Services, workspace_id: str, limit: int) -> list[str]:
    """Return some of those who hold a level and of whom nothing is known yet."""
    with services.reading() as reader:
        document = _document(reader, workspace_id)
        if document is None:
            return []
        groups = members_by_group(reader, workspace_id, document.levels, services.now())
        named = named_ids(document) | {one for ids in groups.values() for one in ids}
        known = people.among(reader, workspace_id, named)
    return sorted(named - known.keys())[:limit]


def _groups(levels: Levels) -> list[str]:
    several = (levels.coe.group, levels.steering.group, levels.finance.group)
    return list(dict.fromkeys(group for group in several if group))


def _document(reader: Reader, workspace_id: str) -> PolicyDocument | None:
    """Return the policy in force, where it switches escalations on."""
    try:
        document = policies.in_force(reader, workspace_id).document
    except NoPolicyError:
        return None
    return document if Switch.ESCALATIONS in document.features else None
