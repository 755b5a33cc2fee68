"""What is done to elements on the page, as the workspace takes it."""

from starlette.datastructures import FormData

from sandbox import windows
from sandbox.conversations import find_user
from sandbox.page.controls import TYPED, Control, controls_of, find_control, state_of
from sandbox.page.people import zone_of
from sandbox.payloads import Pressed
from sandbox.sandbox import Sandbox
from sandbox.slack_error import SlackError
from sandbox.workspace import Json, User


async def press_in_message(
    sandbox: Sandbox, user_id: str, channel_id: str, ts: str, form: FormData
) -> str:
    """Use an element of a message."""
    channel = sandbox.workspace.channels.get(channel_id)
    said = channel.messages if channel else []
    blocks = next((message.blocks for message in said if message.ts == ts), [])
    pressed = _pressed(sandbox, user_id, _control(blocks, form), form)
    return await sandbox.interactions.press_in_message(user_id, channel_id, ts, pressed)


async def press_in_view(sandbox: Sandbox, user_id: str, view_id: str, form: FormData) -> str:
    """Use an element of a window or of the Home."""
    opened = windows.find_view(sandbox.workspace, view_id)
    control = _control(opened.view["blocks"], form)
    pressed = _pressed(sandbox, user_id, control, form)
    if control.element["type"] not in ("button", "overflow"):
        await _keep(sandbox, user_id, view_id, control, pressed.facts)
    return await sandbox.interactions.press_in_view(user_id, view_id, pressed)


async def fill_field(sandbox: Sandbox, user_id: str, view_id: str, form: FormData) -> str:
    """Fill a field in; the app hears of it where the field says so."""
    opened = windows.find_view(sandbox.workspace, view_id)
    control = _control(opened.view["blocks"], form)
    pressed = _pressed(sandbox, user_id, control, form)
    await _keep(sandbox, user_id, view_id, control, pressed.facts)
    if not _dispatches(control, str(form.get("event", "change"))):
        return ""
    return await sandbox.interactions.press_in_view(user_id, view_id, pressed)


async def submit(sandbox: Sandbox, user_id: str, view_id: str, form: FormData) -> str:
    """Fill every field in as the form has it, and submit the window."""
    opened = windows.find_view(sandbox.workspace, view_id)
    user = find_user(sandbox.workspace, user_id)
    for control in list(controls_of(opened.view["blocks"])):
        if control.element["type"] not in ("button", "overflow"):
            state = _state(user, control, _sent(form, control.key))
            await _keep(sandbox, user_id, view_id, control, state)
    return await sandbox.interactions.submit_view(user_id, view_id)


def _control(blocks: list[Json], form: FormData) -> Control:
    control = find_control(blocks, str(form.get("key", "")))
    if control is None:  # the app has changed the blocks since they were looked at
        raise SlackError("message_not_found")
    return control


def _pressed(sandbox: Sandbox, user_id: str, control: Control, form: FormData) -> Pressed:
    user = find_user(sandbox.workspace, user_id)
    facts = _state(user, control, _sent(form, "value"))
    if control.element["type"] == "button":
        facts["text"] = control.element["text"]
    return Pressed(control.block_id, control.action_id, facts)


def _state(user: User, control: Control, sent: list[str]) -> Json:
    try:
        return state_of(control.element, sent, zone_of(user))
    except ValueError:
        return state_of(control.element, [], zone_of(user))


def _sent(form: FormData, name: str) -> list[str]:
    return [str(held).replace("\r\n", "\n") for held in form.getlist(name)]


async def _keep(
    sandbox: Sandbox, user_id: str, view_id: str, control: Control, state: Json
) -> None:
    await sandbox.interactions.fill(user_id, view_id, control.block_id, control.action_id, state)


def _dispatches(control: Control, event: str) -> bool:
    """Tell whether the app hears of it: choices at once, text as its field asked for."""
    if not control.dispatches:
        return False
    if control.element["type"] not in TYPED:
        return True
    config = control.element.get("dispatch_action_config", {})
    wanted = config.get("trigger_actions_on", ["on_enter_pressed"])
    return {"enter": "on_enter_pressed", "character": "on_character_entered"}.get(event) in wanted
