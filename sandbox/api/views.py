"""views.*: windows and App Homes."""

from sandbox import windows
from sandbox.api.method import Arguments, Call, JsonObject, Method
from sandbox.conversations import find_user
from sandbox.slack_error import SlackError
from sandbox.workspace import Json


class _Open(Arguments):
    trigger_id: str
    view: JsonObject


class _Update(Arguments):
    view: JsonObject
    view_id: str | None = None
    external_id: str | None = None
    hash: str | None = None


class _Publish(Arguments):
    user_id: str
    view: JsonObject
    hash: str | None = None


def open_(call: Call, asked: _Open) -> Json:
    """Open a window for whoever has just done something."""
    windows.check(call.workspace, asked.view, "modal")
    trigger = call.tickets.use_trigger(asked.trigger_id)
    opened = windows.open_modal(call.workspace, trigger.user_id, asked.view)
    return {"view": windows.as_json(call.workspace, opened)}


def push(call: Call, asked: _Open) -> Json:
    """Open a window on top of the one in which something was done."""
    windows.check(call.workspace, asked.view, "modal")
    trigger = call.tickets.use_trigger(asked.trigger_id)
    opened = windows.push_modal(call.workspace, trigger.user_id, asked.view)
    return {"view": windows.as_json(call.workspace, opened)}


def update(call: Call, asked: _Update) -> Json:
    """Change a window that is open."""
    if (asked.view_id is None) == (asked.external_id is None):
        raise SlackError("invalid_arguments")
    opened = windows.find_view(call.workspace, asked.view_id, asked.external_id)
    windows.check_hash(opened, asked.hash)
    windows.change_modal(call.workspace, opened, asked.view)
    return {"view": windows.as_json(call.workspace, opened)}


def publish(call: Call, asked: _Publish) -> Json:
    """Set somebody's App Home."""
    user = find_user(call.workspace, asked.user_id)
    if user.id in call.workspace.homes:
        windows.check_hash(call.workspace.homes[user.id], asked.hash)
    opened = windows.publish_home(call.workspace, user.id, asked.view)
    return {"view": windows.as_json(call.workspace, opened)}


METHODS = {
    "views.open": Method(open_, _Open),
    "views.push": Method(push, _Open),
    "views.update": Method(update, _Update),
    "views.publish": Method(publish, _Publish),
}
