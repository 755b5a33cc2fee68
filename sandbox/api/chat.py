"""chat.*: saying, changing, taking back."""

from typing import Any

from sandbox.api.method import (
    Arguments,
    Call,
    JsonList,
    JsonObject,
    Method,
    checked_blocks,
    require_scopes,
)
from sandbox.conversations import (
    find_message,
    find_user,
    new_ts,
    open_channel,
    say,
    thread_in,
    visible_channel,
)
from sandbox.conversations import name_blocks as named
from sandbox.slack_error import SlackError
from sandbox.telling import as_json
from sandbox.workspace import Channel, Json, Message

_LARGEST_METADATA = 8000  # characters of JSON
_MOST_BLOCK_TEXT = 13_000  # characters in all; no page says so, Slack does (bolt-js #2509)


class _Content(Arguments):
    channel: str
    text: str = ""
    blocks: JsonList | None = None
    attachments: JsonList | None = None
    link_names: bool = False
    parse: str | None = None
    mrkdwn: bool = True


class _Post(_Content):
    thread_ts: str | None = None
    reply_broadcast: bool = False
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None
    metadata: JsonObject | None = None
    markdown_text: str | None = None
    username: str | None = None
    icon_emoji: str | None = None
    icon_url: str | None = None


class _Update(_Content):
    ts: str
    metadata: JsonObject | None = None
    markdown_text: str | None = None
    reply_broadcast: bool = False


class _Ephemeral(_Content):
    user: str
    thread_ts: str | None = None
    username: str | None = None
    icon_emoji: str | None = None
    icon_url: str | None = None


class _Delete(Arguments):
    channel: str
    ts: str


class _Permalink(Arguments):
    channel: str
    message_ts: str


def post_message(call: Call, asked: _Post) -> Json:
    """Say something in a channel, or to a person by their id."""
    if asked.username or asked.icon_emoji or asked.icon_url:
        require_scopes(call, ("chat:write.customize",))
    channel = open_channel(call.workspace, asked.channel)
    blocks = checked_blocks(call.workspace, asked.blocks)
    if _length(blocks) > _MOST_BLOCK_TEXT:
        raise SlackError("msg_blocks_too_long")
    thread_ts = thread_in(channel, asked.thread_ts)
    message = say(
        call.workspace,
        channel,
        call.workspace.bot_user_id,
        asked.text or asked.markdown_text or "",
        blocks=blocks,
        thread_ts=thread_ts,
        is_broadcast=asked.reply_broadcast and thread_ts is not None,
        metadata=_checked_metadata(asked.metadata),
    )
    told = as_json(call.workspace, channel, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": told}


def update(call: Call, asked: _Update) -> Json:
    """Change what the app said."""
    channel = open_channel(call.workspace, asked.channel)
    message = _own_message(call, channel, asked.ts, "cant_update_message")
    if asked.reply_broadcast and not message.is_broadcast:
        _broadcast(message, asked)
    else:
        _change(call, message, asked)
    told = as_json(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": told}


def _broadcast(message: Message, asked: _Update) -> None:
    """Show a reply in the channel, too; it stays as it is."""
    if asked.text or asked.markdown_text or asked.blocks is not None:
        raise SlackError("no_dual_broadcast_content_update")
    if not message.is_reply:
        raise SlackError("cant_broadcast_message")
    message.is_broadcast = True


def _change(call: Call, message: Message, asked: _Update) -> None:
    blocks = checked_blocks(call.workspace, asked.blocks)
    if not (asked.text or asked.markdown_text or blocks):
        raise SlackError("no_text")
    message.text = asked.text or asked.markdown_text or message.text
    if asked.blocks is not None or asked.text:
        message.blocks = blocks
        named(message.blocks)
    if asked.metadata is not None:
        message.metadata = _checked_metadata(asked.metadata)
    message.edited_ts = new_ts(call.workspace)


def delete(call: Call, asked: _Delete) -> Json:
    """Take back what the app said."""
    channel = open_channel(call.workspace, asked.channel)
    channel.messages.remove(_own_message(call, channel, asked.ts, "cant_delete_message"))
    return {"channel": channel.id, "ts": asked.ts}


def post_ephemeral(call: Call, asked: _Ephemeral) -> Json:
    """Say something that one person sees, and no history keeps."""
    channel = open_channel(call.workspace, asked.channel)
    user = find_user(call.workspace, asked.user)
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = say(
        call.workspace,
        channel,
        call.workspace.bot_user_id,
        asked.text,
        blocks=checked_blocks(call.workspace, asked.blocks),
        thread_ts=asked.thread_ts,
        ephemeral_to=user.id,
    )
    return {"message_ts": message.ts}


def get_permalink(call: Call, asked: _Permalink) -> Json:
    """Return the address of a message on the page."""
    channel = visible_channel(call.workspace, asked.channel)
    message = find_message(channel, asked.message_ts)
    address = f"http://{call.host}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}


def _length(content: Any) -> int:
    """Count the characters of every text in some blocks."""
    if isinstance(content, list):
        return sum(_length(part) for part in content)
    if isinstance(content, dict):
        return sum(
            len(part) if name == "text" and isinstance(part, str) else _length(part)
            for name, part in content.items()
        )
    return 0


def _own_message(call: Call, channel: Channel, ts: str, refusal: str) -> Message:
    message = find_message(channel, ts)
    if message.user_id != call.workspace.bot_user_id:
        raise SlackError(refusal)
    return message


def _checked_metadata(metadata: dict[str, Any] | None) -> Json | None:
    if metadata is None:
        return None
    shape = {"event_type": str, "event_payload": dict}
    if set(metadata) != set(shape) or any(not isinstance(metadata[k], shape[k]) for k in shape):
        raise SlackError("invalid_metadata_format")
    if len(str(metadata)) > _LARGEST_METADATA:
        raise SlackError("metadata_too_large")
    return metadata


METHODS = {
    "chat.postMessage": Method(post_message, _Post, ("chat:write",)),
    "chat.update": Method(update, _Update, ("chat:write",)),
    "chat.delete": Method(delete, _Delete, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, _Ephemeral, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink, _Permalink),
}
