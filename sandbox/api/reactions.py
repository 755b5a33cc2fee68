"""reactions.*: emoji under messages."""

import re

from sandbox.api.method import Arguments, Call, Method
from sandbox.conversations import find_message, open_channel
from sandbox.slack_error import SlackError
from sandbox.telling import as_json
from sandbox.workspace import Json

_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


class _Reaction(Arguments):
    channel: str
    timestamp: str
    name: str


class _Which(Arguments):
    channel: str
    timestamp: str
    full: bool = False


def add(call: Call, asked: _Reaction) -> Json:
    """Put an emoji under a message."""
    message = find_message(open_channel(call.workspace, asked.channel), asked.timestamp)
    if not _NAME.fullmatch(asked.name):
        raise SlackError("invalid_name")
    users = message.reactions.setdefault(asked.name, [])
    if call.workspace.bot_user_id in users:
        raise SlackError("already_reacted")
    users.append(call.workspace.bot_user_id)
    return {}


def remove(call: Call, asked: _Reaction) -> Json:
    """Take an emoji of the app back."""
    message = find_message(open_channel(call.workspace, asked.channel), asked.timestamp)
    users = message.reactions.get(asked.name, [])
    if call.workspace.bot_user_id not in users:
        raise SlackError("no_reaction")
    users.remove(call.workspace.bot_user_id)
    if not users:
        del message.reactions[asked.name]
    return {}


def get(call: Call, asked: _Which) -> Json:
    """Tell which emoji stand under a message."""
    channel = open_channel(call.workspace, asked.channel)
    message = find_message(channel, asked.timestamp)
    told = as_json(call.workspace, channel, message)
    return {"type": "message", "channel": channel.id, "message": told}


METHODS = {
    "reactions.add": Method(add, _Reaction, ("reactions:write",)),
    "reactions.remove": Method(remove, _Reaction, ("reactions:write",)),
    "reactions.get": Method(get, _Which, ("reactions:read",)),
}
