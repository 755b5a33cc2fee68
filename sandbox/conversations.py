"""Where things are said: finding places, saying, changing, reading back."""

from itertools import count
from typing import Any

from sandbox.slack_error import SlackError
from sandbox.workspace import Channel, Json, Message, User, Workspace

_LONGEST_TEXT = 40_000


def find_user(workspace: Workspace, user_id: str) -> User:
    """Return somebody by their id.

    Raises:
        SlackError: there is nobody of that id.
    """
    if (user := workspace.users.get(user_id)) is None:
        raise SlackError("user_not_found")
    return user


def find_addressee(workspace: Workspace, user_id: str) -> User:
    """Return somebody whom the bot may write to.

    Raises:
        SlackError: there is nobody of that id, they have left, or they are a bot.
    """
    user = find_user(workspace, user_id)
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    if user.deleted:
        raise SlackError("user_disabled")
    return user


def direct_message(workspace: Workspace, user_id: str, other_id: str) -> Channel:
    """Return the direct message between two, opening it if need be."""
    pair = {user_id, other_id}
    for channel in workspace.channels.values():
        if channel.is_im and channel.members == pair:
            return channel
    named = user_id if other_id == workspace.bot_user_id else other_id
    id_ = (
        f"D{named[1:]}" if len(pair & {workspace.bot_user_id}) else f"D{user_id[1:]}{other_id[1:]}"
    )
    channel = Channel(id=id_, name=named, members=pair, is_im=True)
    workspace.channels[id_] = channel
    return channel


def group_message(workspace: Workspace, creator: User, others: list[User]) -> Channel:
    """Return the direct message of a group, opening it if need be: one for the same people."""
    people = [creator, *others]
    members = {user.id for user in people}
    groups = [channel for channel in workspace.channels.values() if channel.is_mpim]
    for channel in groups:
        if channel.members == members:
            return channel
    handles = [user.name for user in people]
    channel = Channel(
        id=f"C0MPIM{len(groups) + 1:05d}",  # G… in old workspaces, C… in those of today
        name=f"mpdm-{'--'.join(handles)}-1",
        members=members,
        is_private=True,
        is_mpim=True,
        purpose=f"Group messaging with: {' '.join(f'@{handle}' for handle in handles)}",
    )
    workspace.channels[channel.id] = channel
    return channel


def open_channel(workspace: Workspace, channel_id: str) -> Channel:
    """Return a place that the bot may speak in; a user's id means the direct message with them.

    Raises:
        SlackError: it is unknown to the bot, archived, or its person can't be written to.
    """
    if channel_id.startswith(("U", "W")):
        if channel_id not in workspace.users:
            raise SlackError("channel_not_found")
        find_addressee(workspace, channel_id)
        return direct_message(workspace, channel_id, workspace.bot_user_id)
    channel = visible_channel(workspace, channel_id)
    if channel.is_archived:
        raise SlackError("is_archived")
    if workspace.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def visible_channel(workspace: Workspace, channel_id: str) -> Channel:
    """Return a place that the bot may know of: not others' direct messages or private channels.

    Raises:
        SlackError: there is none of that id, as far as the bot can tell.
    """
    channel = workspace.channels.get(channel_id)
    hidden = channel is not None and (channel.is_private or channel.is_im)
    if channel is None or (hidden and workspace.bot_user_id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def new_ts(workspace: Workspace) -> str:
    """Return the name of a message said now; no two are the same, and later ones are larger."""
    micros = int(workspace.clock.now().timestamp() * 1_000_000)
    workspace.last_ts_micros = max(micros, workspace.last_ts_micros + 1)
    return f"{workspace.last_ts_micros // 1_000_000}.{workspace.last_ts_micros % 1_000_000:06d}"


def say(workspace: Workspace, channel: Channel, user_id: str, text: str, **facts: Any) -> Message:
    """Add a message to a place.

    Raises:
        SlackError: there is nothing in it, or too much.
    """
    if not text and not facts.get("blocks") and not facts.get("file_ids"):
        raise SlackError("no_text")
    if len(text) > _LONGEST_TEXT:
        raise SlackError("msg_too_long")
    message = Message(ts=new_ts(workspace), user_id=user_id, text=text, **facts)
    name_blocks(message.blocks)
    channel.messages.append(message)
    if message.ephemeral_to is None:
        channel.read_up_to[user_id] = message.ts
    return message


def find_message(channel: Channel, ts: str) -> Message:
    """Return a message by its ts; ephemeral ones are in no history.

    Raises:
        SlackError: there is none.
    """
    for message in channel.messages:
        if message.ts == ts and message.ephemeral_to is None:
            return message
    raise SlackError("message_not_found")


def thread_in(channel: Channel, thread_ts: str | None) -> str | None:
    """Return the thread that is meant to go on, if one is.

    Raises:
        SlackError: there is no such message, or it is a reply itself. Slack's page warns of
            those and doesn't say what becomes of them; here a mistake shows.
    """
    if thread_ts is None:
        return None
    for message in channel.messages:
        if message.ts == thread_ts and message.ephemeral_to is None:
            if message.is_reply:
                raise SlackError("cannot_reply_to_message")
            return thread_ts
    raise SlackError("thread_not_found")


def name_blocks(blocks: list[Json]) -> None:
    """Give every block an id, as Slack does where the app gave none."""
    numbers = count(1)
    for block in blocks:
        block.setdefault("block_id", f"b{next(numbers)}")
