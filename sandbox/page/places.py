"""Where somebody can be: channels and direct messages, and what is unread there."""

from dataclasses import dataclass

from sandbox.page.people import Face, by_name, face_of
from sandbox.workspace import Channel, Message, User, Workspace


@dataclass(frozen=True)
class Place:
    """A line of the sidebar."""

    url: str
    name: str
    unread: int
    is_current: bool
    is_private: bool = False
    face: Face | None = None  # of the other one, in a direct message
    others: int = 0  # how many, in the direct message of a group


@dataclass(frozen=True)
class Sidebar:
    """All places of one person."""

    channels: list[Place]
    direct: list[Place]
    app: Place

    @property
    def unread(self) -> int:
        """Count what is unread anywhere, for the title of the tab."""
        return sum(place.unread for place in [*self.channels, *self.direct, self.app])


def sidebar_of(workspace: Workspace, user: User, current_id: str) -> Sidebar:
    """Return the places of one person; `current_id` is a channel, or `home`."""
    mine = [c for c in workspace.channels.values() if user.id in c.members and not c.is_archived]
    channels = sorted((c for c in mine if not c.is_direct), key=lambda channel: channel.name)
    app = app_channel(workspace, user)
    # A group that was opened shows itself with the first that is said there.
    said = [c for c in mine if not c.is_mpim or c.messages or c.id == current_id]
    direct = [c for c in said if c.is_direct and c is not app]
    return Sidebar(
        channels=[_place(workspace, channel, user, current_id) for channel in channels],
        direct=[_place(workspace, channel, user, current_id) for channel in direct],
        app=_app_place(workspace, user, current_id),
    )


def app_channel(workspace: Workspace, user: User) -> Channel | None:
    """Return somebody's direct messages with the app, once there are any."""
    pair = {user.id, workspace.bot_user_id}
    return next((c for c in workspace.channels.values() if c.is_im and c.members == pair), None)


def other_member(workspace: Workspace, channel: Channel, user: User) -> User:
    """Return the other one of a direct message; oneself where one talks to oneself."""
    others = sorted(channel.members - {user.id})
    return workspace.users.get(others[0], user) if others else user


def other_members(workspace: Workspace, channel: Channel, user_id: str) -> list[User]:
    """Return the others of a group, by name; the app is the last."""
    others = by_name(workspace.users[one] for one in channel.members - {user_id})
    return sorted(others, key=lambda other: other.is_bot)


def group_name(workspace: Workspace, channel: Channel, user_id: str) -> str:
    """Return what a group's direct message is called: the names of the others."""
    others = other_members(workspace, channel, user_id)
    return ", ".join(other.real_name or other.name for other in others)


def visible_messages(channel: Channel, user_id: str) -> list[Message]:
    """Return what one person sees: everything but the ephemerals of others."""
    return [m for m in channel.messages if m.ephemeral_to in (None, user_id)]


def unread_count(channel: Channel, user_id: str) -> int:
    """Count what others said in the channel itself since somebody last looked."""
    seen = channel.read_up_to.get(user_id, "0")
    return sum(
        message.ts > seen and message.user_id != user_id and message.is_top_level
        for message in visible_messages(channel, user_id)
    )


def may_see(channel: Channel, user: User) -> bool:
    """Tell whether somebody may look: members, and everybody but guests in a public channel."""
    if user.id in channel.members:
        return True
    is_closed = channel.is_private or channel.is_direct
    return not (is_closed or user.is_restricted or user.is_ultra_restricted)


def _place(workspace: Workspace, channel: Channel, user: User, current_id: str) -> Place:
    other = other_member(workspace, channel, user) if channel.is_im else None
    face = face_of(other, workspace.clock.now()) if other else None
    name = group_name(workspace, channel, user.id) if channel.is_mpim else channel.name
    return Place(
        url=f"/as/{user.id}/{channel.id}",
        name=face.name if face else name,
        unread=unread_count(channel, user.id),
        is_current=channel.id == current_id,
        is_private=channel.is_private,
        face=face,
        others=len(channel.members) - 1 if channel.is_mpim else 0,
    )


def _app_place(workspace: Workspace, user: User, current_id: str) -> Place:
    channel = app_channel(workspace, user)
    bot = workspace.users[workspace.bot_user_id]
    return Place(
        url=f"/as/{user.id}/{channel.id if channel else 'home'}",
        name=bot.real_name or bot.name,
        unread=unread_count(channel, user.id) if channel else 0,
        is_current=current_id in ("home", "messages", channel.id if channel else "home"),
        face=face_of(bot, workspace.clock.now()),
    )
