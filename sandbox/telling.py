"""Messages as Slack tells them: by itself, and in the thread that it stands in."""

from collections import defaultdict
from collections.abc import Sequence

from sandbox import files
from sandbox.workspace import Channel, Json, Message, Workspace


def as_json(
    workspace: Workspace, channel: Channel, message: Message, *, with_metadata: bool = False
) -> Json:
    """Return a message as Slack tells it."""
    key = _thread_key(message)
    thread = [other for other in channel.messages if _thread_key(other) == key]
    return _told(workspace, message, thread, with_metadata=with_metadata)


def all_as_json(
    workspace: Workspace,
    channel: Channel,
    messages: Sequence[Message],
    *,
    with_metadata: bool = False,
) -> list[Json]:
    """Return messages of one place as Slack tells them, looking for their threads once."""
    threads = defaultdict(list)
    for message in channel.messages:
        threads[_thread_key(message)].append(message)
    return [
        _told(workspace, message, threads[_thread_key(message)], with_metadata=with_metadata)
        for message in messages
    ]


def _thread_key(message: Message) -> str:
    return message.thread_ts or message.ts


def _told(
    workspace: Workspace, message: Message, thread: list[Message], *, with_metadata: bool = False
) -> Json:
    shown: Json = {
        "type": "message",
        "user": message.user_id,
        "text": message.text,
        "ts": message.ts,
        "team": _team_of(workspace, message.user_id),
    }
    if message.user_id == workspace.bot_user_id:
        shown |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.edited_ts:
        shown["edited"] = {"user": message.user_id, "ts": message.edited_ts}
    if with_metadata and message.metadata:
        shown["metadata"] = message.metadata
    if message.file_ids:
        told = [files.as_json(workspace, workspace.files[id_]) for id_ in message.file_ids]
        shown |= {"files": told, "upload": True}
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in message.reactions.items()
        ]
    return shown | _in_its_thread(workspace, message, thread)


def _in_its_thread(workspace: Workspace, message: Message, thread: list[Message]) -> Json:
    """Return what a reply tells of its first message, and that one of its replies."""
    if not message.is_reply:
        return _answered(message, thread)
    first = next((other for other in thread if not other.is_reply), None)
    told: Json = {"thread_ts": message.thread_ts}
    if message.is_broadcast:
        root = {"root": _told(workspace, first, thread)} if first else {}
        return told | {"subtype": "thread_broadcast"} | root
    return told | ({"parent_user_id": first.user_id} if first else {})


def _answered(message: Message, thread: list[Message]) -> Json:
    replies = [other for other in thread if other.is_reply and other.ephemeral_to is None]
    if not replies:
        return {}
    authors = list(dict.fromkeys(reply.user_id for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(authors),
        "latest_reply": replies[-1].ts,
        "reply_users": authors,
        "is_locked": False,
    }


def _team_of(workspace: Workspace, user_id: str) -> str:
    user = workspace.users.get(user_id)
    return (user.team_id if user else "") or workspace.team_id
