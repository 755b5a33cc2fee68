"""What the workspace tells the app, as Slack shapes it."""

import secrets
from dataclasses import dataclass
from typing import Any

from sandbox import windows
from sandbox.telling import as_json
from sandbox.user_groups import Change
from sandbox.workspace import Channel, Json, Message, OpenView, User, Workspace

# Older apps check it; a signature or a socket has replaced it.
VERIFICATION_TOKEN = "sandbox"


@dataclass(frozen=True)
class Pressed:
    """An element that somebody used: a button, or a field that tells of each change."""

    block_id: str
    action_id: str
    facts: Json  # type, value, selected_option …


def slash_command(
    workspace: Workspace, user: User, channel: Channel, command: str, text: str
) -> Json:
    """Return a command, without trigger and response_url."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": user.team_id or workspace.team_id,
        "team_domain": "sandbox",
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_im else channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
    }


def event(workspace: Workspace, inner: Json) -> Json:
    """Return an event in its wrapping; its event_id stays the same when it is delivered again."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team_id,
        "api_app_id": workspace.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(workspace.clock.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def members_changed(workspace: Workspace, change: Change) -> Json:
    """Return who came into a group and who went, without who stayed."""
    before, after = change.before, change.after
    told: Json = {
        "type": "subteam_members_changed",
        "subteam_id": after.id,
        "team_id": workspace.team_id,
        "date_previous_update": before.updated if before else 0,
        "date_update": after.updated,
    }
    for name, user_ids in (("added_users", change.added), ("removed_users", change.removed)):
        if user_ids:
            told |= {name: user_ids, f"{name}_count": len(user_ids)}
    return told


def pressed_in_message(
    workspace: Workspace, user: User, channel: Channel, message: Message, pressed: Pressed
) -> Json:
    """Return a click in a message; an ephemeral message isn't told back, as in Slack."""
    is_ephemeral = message.ephemeral_to is not None
    payload = _interaction(workspace, user, "block_actions") | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": is_ephemeral,
        },
        "channel": _place(channel),
        "state": {"values": {}},
        "actions": [_action(workspace, pressed)],
    }
    return payload if is_ephemeral else payload | {"message": as_json(workspace, channel, message)}


def message_shortcut(
    workspace: Workspace, user: User, channel: Channel, message: Message, callback_id: str
) -> Json:
    """Return a shortcut chosen in a message's menu, without trigger and response_url."""
    return _interaction(workspace, user, "message_action") | {
        "callback_id": callback_id,
        "action_ts": f"{workspace.clock.now().timestamp():.6f}",
        "message_ts": message.ts,
        "channel": _place(channel),
        "message": as_json(workspace, channel, message),
    }


def pressed_in_view(workspace: Workspace, user: User, opened: OpenView, pressed: Pressed) -> Json:
    """Return a click, or a change, in a window or an App Home."""
    view = windows.as_json(workspace, opened)
    return _interaction(workspace, user, "block_actions") | {
        "container": {"type": "view", "view_id": opened.id},
        "view": view,
        "state": view["state"],
        "actions": [_action(workspace, pressed)],
    }


def submitted(workspace: Workspace, user: User, opened: OpenView) -> Json:
    """Return a window that was submitted."""
    return _interaction(workspace, user, "view_submission") | {
        "view": windows.as_json(workspace, opened),
        "response_urls": [],
    }


def closed(workspace: Workspace, user: User, opened: OpenView, *, is_cleared: bool) -> Json:
    """Return a window that was closed without submitting."""
    return _interaction(workspace, user, "view_closed") | {
        "view": windows.as_json(workspace, opened),
        "is_cleared": is_cleared,
    }


def _interaction(workspace: Workspace, user: User, kind: str) -> Json:
    return {
        "type": kind,
        "team": {"id": user.team_id or workspace.team_id, "domain": "sandbox"},
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team_id or workspace.team_id,
        },
        "api_app_id": workspace.app_id,
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _place(channel: Channel) -> Json:
    return {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name}


def _action(workspace: Workspace, pressed: Pressed) -> dict[str, Any]:
    return {
        **pressed.facts,
        "block_id": pressed.block_id,
        "action_id": pressed.action_id,
        "action_ts": f"{workspace.clock.now().timestamp():.6f}",
    }
