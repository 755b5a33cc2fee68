"""The driver: what tests and people do to the workspace by JSON, under /driver/.

It stands on the same objects as the page: what can be done there can be done here.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import driver_asks as asks
from sandbox import windows
from sandbox.faults import Fault
from sandbox.files import Upload
from sandbox.payloads import Pressed
from sandbox.sandbox import Sandbox
from sandbox.slack_error import SlackError
from sandbox.telling import all_as_json
from sandbox.workspace import Json

Act = Callable[[Sandbox, Json], Awaitable[Any]]


async def run_command(sandbox: Sandbox, given: Json) -> Json:
    """Type a slash command."""
    asked = asks.Command.model_validate(given)
    said = await sandbox.interactions.run_command(asked.user, asked.channel, asked.text)
    return {"notice": said}


async def post_message(sandbox: Sandbox, given: Json) -> Json:
    """Say something."""
    asked = asks.Message.model_validate(given)
    await sandbox.interactions.post_message(
        asked.user, asked.channel, asked.text, asked.thread_ts, is_broadcast=asked.reply_broadcast
    )
    return {}


async def upload(sandbox: Sandbox, given: Json) -> Json:
    """Share a file."""
    asked = asks.Upload.model_validate(given)
    content = asked.content_base64
    handed = Upload(asked.name, len(content), _at_once(content), asked.text)
    await sandbox.interactions.upload(asked.user, asked.channel, handed, asked.thread_ts)
    return {}


async def press(sandbox: Sandbox, given: Json) -> Json:
    """Use an element of a message, or of a view."""
    asked = asks.Press.model_validate(given)
    pressed = Pressed(asked.block_id, asked.action_id, asked.facts)
    if asked.view_id is not None:
        said = await sandbox.interactions.press_in_view(asked.user, asked.view_id, pressed)
    else:
        said = await sandbox.interactions.press_in_message(
            asked.user, asked.channel or "", asked.ts or "", pressed
        )
    return {"notice": said}


async def use_shortcut(sandbox: Sandbox, given: Json) -> Json:
    """Choose a shortcut in a message's menu."""
    asked = asks.Shortcut.model_validate(given)
    said = await sandbox.interactions.use_shortcut(
        asked.user, asked.channel, asked.ts, asked.callback_id
    )
    return {"notice": said}


async def fill(sandbox: Sandbox, given: Json) -> Json:
    """Fill a field in."""
    asked = asks.Fill.model_validate(given)
    await sandbox.interactions.fill(
        asked.user, asked.view_id, asked.block_id, asked.action_id, asked.state
    )
    return {}


async def submit(sandbox: Sandbox, given: Json) -> Json:
    """Submit a window."""
    asked = asks.View.model_validate(given)
    said = await sandbox.interactions.submit_view(asked.user, asked.view_id)
    return {"notice": said, "views": _views(sandbox, asked.user)}


async def close(sandbox: Sandbox, given: Json) -> Json:
    """Close a window."""
    asked = asks.View.model_validate(given)
    await sandbox.interactions.close_view(asked.user, asked.view_id)
    return {}


async def open_home(sandbox: Sandbox, given: Json) -> Json:
    """Look at the App Home."""
    await sandbox.interactions.open_home(asks.User.model_validate(given).user)
    return {}


async def change_user(sandbox: Sandbox, given: Json) -> Json:
    """Change somebody's profile: `{"user": "U…", "facts": {"tz": …, "deleted": true}}`."""
    asked = asks.Profile.model_validate(given)
    facts = asked.facts.model_dump(exclude_unset=True)
    await sandbox.interactions.change_user(asked.user, **facts)
    return {}


async def change_group(sandbox: Sandbox, given: Json) -> Json:
    """Make or change a user group: `{"id": "S…", "handle", "name", "users", "disabled"}`."""
    asked = asks.Group.model_validate(given)
    await sandbox.interactions.change_group(
        asked.id, **asked.model_dump(exclude={"id"}, exclude_unset=True)
    )
    return {}


async def change_plan(sandbox: Sandbox, given: Json) -> Json:
    """Change what the workspace's plan comprises: `{"user_groups": false}`."""
    sandbox.workspace.has_user_groups = asks.Plan.model_validate(given).user_groups
    return {}


async def move_clock(sandbox: Sandbox, given: Json) -> Json:
    """Let time pass: so many seconds, or until the next thing is due."""
    asked = asks.Clock.model_validate(given)
    if asked.by_seconds is None:
        kept_up = await sandbox.rehearsal.to_next_due()
    else:
        kept_up = await sandbox.rehearsal.advance(timedelta(seconds=asked.by_seconds))
    return {"now": sandbox.workspace.clock.now().isoformat(), "kept_up": kept_up}


async def add_fault(sandbox: Sandbox, given: Json) -> Json:
    """Ask for a fault: `{"method": "chat.postMessage", "kind": "close_after_accept"}`."""
    asked = asks.Fault.model_validate(given)
    sandbox.faults.pending.append(Fault(asked.method, asked.kind, asked.times, asked.seconds))
    return {"pending": len(sandbox.faults.pending)}


async def trouble_sockets(sandbox: Sandbox, given: Json) -> Json:
    """Drop the app's sockets, cut them, let them go silent, or ask the app to connect again."""
    asked = asks.Sockets.model_validate(given)
    if asked.drop:
        await sandbox.sockets.drop()
    if asked.cut:
        sandbox.sockets.cut()
    if asked.silence:
        sandbox.sockets.go_silent()
    if asked.refresh:
        await sandbox.sockets.refresh()
    return {"open": len(sandbox.sockets.open)}


async def state(sandbox: Sandbox, given: Json) -> Json:
    """Tell how things are."""
    return {
        "now": sandbox.workspace.clock.now().isoformat(),
        "sockets": [
            {"number": one.number, "envelopes": one.envelopes} for one in sandbox.sockets.open
        ],
        "users": [user.id for user in sandbox.workspace.users.values()],
        "channels": {c.id: c.name for c in sandbox.workspace.channels.values()},
        "user_groups": {one.id: one.handle for one in sandbox.workspace.user_groups.values()},
        "faults": len(sandbox.faults.pending),
    }


async def messages(sandbox: Sandbox, given: Json) -> Json:
    """Tell what was said in `channel`, ephemerals included, oldest first."""
    channel = sandbox.workspace.channels.get(given["channel"])
    if channel is None:
        return {"messages": []}
    said = channel.messages
    told = all_as_json(sandbox.workspace, channel, said, with_metadata=True)
    for message, one in zip(said, told, strict=True):
        if message.ephemeral_to:
            one["ephemeral_to"] = message.ephemeral_to
    return {"messages": told}


async def views(sandbox: Sandbox, given: Json) -> Json:
    """Tell which windows are open for `user`, the topmost last, and their App Home."""
    home = sandbox.workspace.homes.get(given["user"])
    told = windows.as_json(sandbox.workspace, home) if home else None
    return {"views": _views(sandbox, given["user"]), "home": told}


async def calls(sandbox: Sandbox, given: Json) -> Json:
    """Tell which methods were called and how that ended, oldest first."""
    return {
        "calls": [
            {"method": one.method, "error": one.error, "fault": one.fault, "at": one.at.isoformat()}
            for one in sandbox.web_api.calls
        ]
    }


_ACTS: dict[str, Act] = {
    "command": run_command,
    "message": post_message,
    "upload": upload,
    "press": press,
    "shortcut": use_shortcut,
    "fill": fill,
    "submit": submit,
    "close": close,
    "home": open_home,
    "user": change_user,
    "group": change_group,
    "plan": change_plan,
    "clock": move_clock,
    "faults": add_fault,
    "sockets": trouble_sockets,
}
_QUESTIONS: dict[str, Act] = {
    "state": state,
    "messages": messages,
    "views": views,
    "calls": calls,
}


def driver_routes(sandbox: Sandbox) -> list[Route]:
    """Return the driver's routes: acts are posted as JSON, questions asked by query."""
    acts = [
        Route(f"/driver/{name}", _endpoint(sandbox, act), methods=["POST"])
        for name, act in _ACTS.items()
    ]
    questions = [
        Route(f"/driver/{name}", _endpoint(sandbox, question), methods=["GET"])
        for name, question in _QUESTIONS.items()
    ]
    return acts + questions


def _endpoint(sandbox: Sandbox, act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            given = dict(request.query_params) if request.method == "GET" else await request.json()
            return JSONResponse({"ok": True, **await act(sandbox, given)})
        except SlackError as refusal:
            return JSONResponse({"ok": False, "error": refusal.code}, status_code=409)
        except (ValidationError, ValueError, KeyError, TypeError) as error:
            return JSONResponse({"ok": False, "error": str(error)}, status_code=400)

    return answer


async def _at_once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _views(sandbox: Sandbox, user_id: str) -> list[Json]:
    stack = sandbox.workspace.modals.get(user_id, [])
    return [windows.as_json(sandbox.workspace, one) | {"errors": one.errors} for one in stack]
