"""Windows on people's screens: opened, stacked, changed, closed; and their App Home."""

import copy
import secrets
from typing import Any, cast

from sandbox.conversations import name_blocks
from sandbox.limits import check_view
from sandbox.pictures import picture_faults
from sandbox.slack_error import SlackError, invalid
from sandbox.workspace import Json, OpenView, Workspace

MOST_STACKED = 3


def open_modal(workspace: Workspace, user_id: str, view: Json) -> OpenView:
    """Put a window on somebody's screen, in place of any other."""
    opened = _fresh(user_id, _checked(workspace, view, "modal"))
    opened.root_view_id = opened.id
    workspace.modals[user_id] = [opened]
    return opened


def push_modal(workspace: Workspace, user_id: str, view: object) -> OpenView:
    """Put a window on top of the one that is open.

    Raises:
        SlackError: three are open already, or none.
    """
    stack = workspace.modals[user_id]
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= MOST_STACKED:
        raise SlackError("push_limit_reached")
    opened = _fresh(user_id, _checked(workspace, view, "modal"))
    opened.root_view_id, opened.previous_view_id = stack[0].id, stack[-1].id
    stack.append(opened)
    return opened


def change_modal(workspace: Workspace, opened: OpenView, view: object) -> OpenView:
    """Change an open window; a field whose ids stay the same keeps what was typed."""
    opened.view = _checked(workspace, view, opened.view["type"])
    opened.hash = _new_hash()
    opened.errors = {}
    kept = opened.values
    opened.values = initial_values(opened.view)
    for block_id, actions in opened.values.items():
        for action_id, initial in actions.items():
            before = kept.get(block_id, {}).get(action_id)
            if before is not None and before.get("type") == initial["type"]:
                actions[action_id] = before
    return opened


def publish_home(workspace: Workspace, user_id: str, view: Json) -> OpenView:
    """Set somebody's App Home."""
    home = _fresh(user_id, _checked(workspace, view, "home"))
    home.root_view_id = home.id
    if user_id in workspace.homes:
        home.id = home.root_view_id = workspace.homes[user_id].id
    workspace.homes[user_id] = home
    return home


def find_view(
    workspace: Workspace, view_id: str | None, external_id: str | None = None
) -> OpenView:
    """Return an open window, or an App Home, by its id.

    Raises:
        SlackError: it is not open any more.
    """
    stacked = [opened for stack in workspace.modals.values() for opened in stack]
    for opened in [*stacked, *workspace.homes.values()]:
        if view_id == opened.id or (external_id and external_id == opened.external_id):
            return opened
    raise SlackError("not_found")


def check_hash(opened: OpenView, expected: str | None) -> None:
    """Refuse a change that was made from an older state.

    Raises:
        SlackError: the window has changed since.
    """
    if expected is not None and expected != opened.hash:
        raise SlackError("hash_conflict")


def check(workspace: Workspace, view: object, kind: str) -> None:
    """Refuse a view that Slack would refuse.

    Raises:
        SlackError: invalid_arguments, with every fault.
    """
    faults = check_view(view)
    if not isinstance(view, dict) or view.get("type") != kind:
        faults = faults or [f"[ERROR] must be of type {kind} [json-pointer:/type]"]
    if isinstance(view, dict) and not faults:
        faults = picture_faults(workspace, view["blocks"])
    if faults:
        raise invalid("invalid_arguments", faults)


def close_modal(workspace: Workspace, opened: OpenView) -> None:
    """Take a window, and those on top of it, off the screen."""
    stack = workspace.modals[opened.user_id]
    if opened in stack:
        del stack[stack.index(opened) :]


def as_json(workspace: Workspace, opened: OpenView) -> Json:
    """Return a window as Slack tells it."""
    return {
        **opened.view,
        "id": opened.id,
        "team_id": workspace.team_id,
        "app_id": workspace.app_id,
        "bot_id": workspace.bot_id,
        "state": {"values": copy.deepcopy(opened.values)},
        "hash": opened.hash,
        "root_view_id": opened.root_view_id,
        "previous_view_id": opened.previous_view_id,
        "external_id": opened.external_id,
        "callback_id": opened.view.get("callback_id", ""),
        "private_metadata": opened.view.get("private_metadata", ""),
    }


def initial_values(view: Json) -> Json:
    """Return what a view's elements hold before anybody touches them."""
    values: Json = {}
    for block in view["blocks"]:
        for element in elements_of(block):
            if element["type"] in ("button", "image", "overflow") or "action_id" not in element:
                continue
            values.setdefault(block["block_id"], {})[element["action_id"]] = _initial(element)
    return values


def elements_of(block: Json) -> list[Json]:
    """Return what can be pressed or filled in in a block."""
    if block["type"] == "actions":
        return list(block["elements"])
    if block["type"] == "input":
        return [block["element"]]
    return [block["accessory"]] if "accessory" in block else []


def _initial(element: Json) -> Json:
    kind = element["type"]
    fields: dict[str, tuple[str, str]] = {  # element type -> where it is given, where it is kept
        "static_select": ("initial_option", "selected_option"),
        "radio_buttons": ("initial_option", "selected_option"),
        "multi_static_select": ("initial_options", "selected_options"),
        "checkboxes": ("initial_options", "selected_options"),
        "users_select": ("initial_user", "selected_user"),
        "multi_users_select": ("initial_users", "selected_users"),
        "conversations_select": ("initial_conversation", "selected_conversation"),
        "multi_conversations_select": ("initial_conversations", "selected_conversations"),
        "channels_select": ("initial_channel", "selected_channel"),
        "multi_channels_select": ("initial_channels", "selected_channels"),
        "rich_text_input": ("initial_value", "rich_text_value"),
        "datepicker": ("initial_date", "selected_date"),
        "timepicker": ("initial_time", "selected_time"),
        "datetimepicker": ("initial_date_time", "selected_date_time"),
    }
    given, kept = fields.get(kind, ("initial_value", "value"))
    nothing: list[Any] | None = [] if kept.endswith("s") else None
    return {"type": kind, kept: element.get(given, nothing)}


def _fresh(user_id: str, view: Json) -> OpenView:
    return OpenView(
        id=f"V{secrets.token_hex(5).upper()}",
        user_id=user_id,
        view=view,
        hash=_new_hash(),
        root_view_id="",
        external_id=view.get("external_id", ""),
        values=initial_values(view),
    )


def _checked(workspace: Workspace, view: object, kind: str) -> Json:
    check(workspace, view, kind)
    copied: Json = copy.deepcopy(cast(Json, view))
    name_blocks(copied["blocks"])
    return copied


def _new_hash() -> str:
    return secrets.token_hex(8)
