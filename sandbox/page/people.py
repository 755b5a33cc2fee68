"""People as the page shows them: a name, a face, what they do, what time it is for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.page.dates import clock_time
from sandbox.page.mrkdwn import Reader
from sandbox.workspace import User, Workspace

HUES = 10  # of the faces; each is a class of the stylesheet


@dataclass(frozen=True)
class Face:
    """Somebody at a glance."""

    id: str
    name: str
    handle: str
    title: str
    initials: str
    hue: int
    is_bot: bool
    note: str  # «guest», «deactivated», or nothing
    place: str  # the last part of the timezone, in words: «Sao Paulo»
    local_time: str
    role: str = ""  # what the app says they do, and what they have not done


def zone_of(user: User) -> ZoneInfo:
    """Return somebody's timezone; UTC where the name is missing or unknown."""
    try:
        return ZoneInfo(user.tz or "Etc/UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("Etc/UTC")


def face_of(user: User, now: datetime) -> Face:
    """Return somebody's face."""
    name = user.real_name or user.name
    return Face(
        id=user.id,
        name=name,
        handle=user.name,
        title=user.title,
        initials=initials_of(name),
        hue=sum(user.id.encode()) % HUES,
        is_bot=user.is_bot,
        note=_note(user),
        place=user.tz.rsplit("/", 1)[-1].replace("_", " "),
        local_time=clock_time(now.astimezone(zone_of(user))),
    )


def initials_of(name: str) -> str:
    """Return the initials of the first and the last name."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    ends = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


def people_of(workspace: Workspace) -> list[User]:
    """Return the people one can act as, by name; the bots are not among them."""
    return by_name(user for user in workspace.users.values() if not user.is_bot)


def by_name(users: Iterable[User]) -> list[User]:
    """Sort as a directory does, whatever the accents and capitals."""
    return sorted(users, key=lambda user: (user.deleted, (user.real_name or user.name).casefold()))


def reader_of(workspace: Workspace, user: User) -> Reader:
    """Return how somebody reads: in whose timezone, under which names."""
    return Reader(
        user_id=user.id,
        zone=zone_of(user),
        now=workspace.clock.now(),
        user_name=lambda user_id: _name(workspace, user_id),
        channel_name=lambda channel_id: _channel_name(workspace, channel_id, user.id),
        group_handle=lambda group_id: _group_handle(workspace, group_id),
        my_groups=frozenset(
            group.id
            for group in workspace.user_groups.values()
            if user.id in group.users and not group.is_disabled
        ),
    )


def _name(workspace: Workspace, user_id: str) -> str:
    found = workspace.users.get(user_id.partition("|")[0])
    return (found.real_name or found.name) if found else user_id


def _group_handle(workspace: Workspace, group_id: str) -> str:
    group = workspace.user_groups.get(group_id)
    return group.handle if group else ""


def _channel_name(workspace: Workspace, channel_id: str, user_id: str) -> str:
    """Keep the name of a private channel from those outside it, as Slack does."""
    channel = workspace.channels.get(channel_id.partition("|")[0])
    if channel is None:
        return channel_id
    hidden = (channel.is_private or channel.is_direct) and user_id not in channel.members
    return "private channel" if hidden else channel.name


def _note(user: User) -> str:
    if user.deleted:
        return "deactivated"
    return "guest" if user.is_restricted or user.is_ultra_restricted else ""
