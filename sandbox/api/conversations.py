"""conversations.*: places, and reading back what was said there."""

from decimal import Decimal, InvalidOperation
from typing import ClassVar

from sandbox.api.method import Arguments, Call, Method, require_scope_for, require_scopes
from sandbox.api.pages import page_of
from sandbox.conversations import (
    direct_message,
    find_addressee,
    group_message,
    visible_channel,
)
from sandbox.slack_error import SlackError
from sandbox.telling import all_as_json
from sandbox.workspace import Channel, Json, Kind, Message

_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_LARGEST_GROUP = 8  # people, the app itself not counted
_READ = ("channels:read", "groups:read", "im:read", "mpim:read")


class _Open(Arguments):
    channel: str | None = None
    users: str | None = None
    return_im: bool = False
    prevent_creation: bool = False


class _Which(Arguments):
    channel: str
    include_locale: bool = False
    include_num_members: bool = False


class _List(Arguments):
    cursor: str | None = None
    exclude_archived: bool = False
    limit: int = 100
    types: str = "public_channel"


class _Members(Arguments):
    channel: str
    cursor: str | None = None
    limit: int = 100


class _History(Arguments):
    channel: str
    cursor: str | None = None
    include_all_metadata: bool = False
    inclusive: bool = False
    latest: str | None = None
    limit: int = 100
    oldest: str = "0"
    most: ClassVar[int] = 999  # on a page, whatever is asked for


class _Replies(_History):
    ts: str
    limit: int = 1000
    most: ClassVar[int] = 1000


def open_(call: Call, asked: _Open) -> Json:
    """Open the direct message with somebody, or that of a group; or find one by its id."""
    if asked.channel is not None:
        channel = _resumed(call, asked.channel)
    else:
        channel = _opened(call, [one.strip() for one in (asked.users or "").split(",")])
    told = _told(channel, call.workspace.bot_user_id) if asked.return_im else {"id": channel.id}
    return {"channel": told}


def _resumed(call: Call, channel_id: str) -> Channel:
    channel = visible_channel(call.workspace, channel_id)
    if not channel.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    require_scope_for(call, channel, "write")
    return channel


def _opened(call: Call, named: list[str]) -> Channel:
    named = [user_id for user_id in named if user_id]
    if not named:
        raise SlackError("users_list_not_supplied")
    user_ids = list(dict.fromkeys(named))
    if len(user_ids) > _LARGEST_GROUP:
        raise SlackError("too_many_users")
    if len(user_ids) == 1 < len(named):  # a group of one, named twice
        raise SlackError("not_enough_users")
    require_scopes(call, ("im:write",) if len(user_ids) == 1 else ("mpim:write",))
    workspace = call.workspace
    others = [find_addressee(workspace, user_id) for user_id in user_ids]
    if len(others) == 1:
        return direct_message(workspace, others[0].id, workspace.bot_user_id)
    return group_message(workspace, workspace.users[workspace.bot_user_id], others)


def info(call: Call, asked: _Which) -> Json:
    """Tell about a place."""
    channel = visible_channel(call.workspace, asked.channel)
    require_scope_for(call, channel, "read")
    told = _told(channel, call.workspace.bot_user_id)
    if asked.include_num_members:
        told["num_members"] = len(channel.members)
    return {"channel": told}


def list_(call: Call, asked: _List) -> Json:
    """Tell about the places that the app may know of."""
    bot_id = call.workspace.bot_user_id
    types = {one.strip() for one in asked.types.split(",")}
    if not types <= _KIND_OF_TYPE.keys():
        raise SlackError("invalid_types")
    wanted = {_KIND_OF_TYPE[one] for one in types}
    for kind in wanted:
        require_scopes(call, (f"{kind}:read",))
    known = [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in wanted
        and (bot_id in channel.members or channel.kind == "channels")
        and not (asked.exclude_archived and channel.is_archived)
    ]
    page, cursor = page_of(known, asked.limit, asked.cursor)
    told = [_told(channel, bot_id) for channel in page]
    return {"channels": told, "response_metadata": {"next_cursor": cursor}}


def members(call: Call, asked: _Members) -> Json:
    """Tell who is in a place."""
    channel = visible_channel(call.workspace, asked.channel)
    require_scope_for(call, channel, "read")
    page, cursor = page_of(sorted(channel.members), asked.limit, asked.cursor)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def history(call: Call, asked: _History) -> Json:
    """Tell what was said in a place, the newest first."""
    channel = _readable(call, asked.channel)
    said = [message for message in channel.messages if message.is_top_level]
    return _pages(call, channel, asked, _within(said, asked)[::-1])


def replies(call: Call, asked: _Replies) -> Json:
    """Tell what was said in a thread, its first message first."""
    channel = _readable(call, asked.channel)
    thread = [m for m in channel.messages if asked.ts in (m.ts, m.thread_ts)]
    if not any(message.ts == asked.ts for message in thread):
        raise SlackError("thread_not_found")
    root = [m for m in thread if m.ts == asked.ts]  # which always comes along
    replies = _within([m for m in thread if m.ts != asked.ts], asked)
    return _pages(call, channel, asked, root + replies)


def _pages(call: Call, channel: Channel, asked: _History, said: list[Message]) -> Json:
    page, cursor = page_of(
        [message for message in said if message.ephemeral_to is None],
        min(asked.limit, asked.most),
        asked.cursor,
    )
    metadata = asked.include_all_metadata
    answer: Json = {
        "messages": all_as_json(call.workspace, channel, page, with_metadata=metadata),
        "has_more": bool(cursor),
    }
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _within(said: list[Message], asked: _History) -> list[Message]:
    """Return what was said between two instants; on the edge only if so asked."""
    oldest = _instant(asked.oldest, "invalid_ts_oldest")
    latest = _instant(asked.latest or "Infinity", "invalid_ts_latest")
    edges = {oldest, latest} if asked.inclusive else set()
    return [m for m in said if oldest < Decimal(m.ts) < latest or Decimal(m.ts) in edges]


def _instant(ts: str, refusal: str) -> Decimal:
    try:
        instant = Decimal(ts)
    except InvalidOperation:
        raise SlackError(refusal) from None
    if instant.is_nan():
        raise SlackError(refusal)
    return instant


def _readable(call: Call, channel_id: str) -> Channel:
    channel = visible_channel(call.workspace, channel_id)
    require_scope_for(call, channel, "history")
    if call.workspace.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _told(channel: Channel, bot_user_id: str = "") -> Json:
    if channel.is_im:
        others = sorted(channel.members - {bot_user_id})
        return {"id": channel.id, "is_im": True, "user": others[0] if others else bot_user_id}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channels",
        "is_group": channel.kind == "groups",
        "is_im": False,
        "is_mpim": channel.is_mpim,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_member": bot_user_id in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
    }


_KIND_OF_TYPE: dict[str, Kind] = {
    "public_channel": "channels",
    "private_channel": "groups",
    "im": "im",
    "mpim": "mpim",
}


METHODS = {
    "conversations.open": Method(open_, _Open, ("im:write", "mpim:write")),
    "conversations.info": Method(info, _Which, _READ),
    "conversations.list": Method(list_, _List, _READ),
    "conversations.members": Method(members, _Members, _READ),
    "conversations.history": Method(history, _History, _HISTORY),
    "conversations.replies": Method(replies, _Replies, _HISTORY),
}
