"""What Slack posts, read: a form or JSON in, a body of a known shape out.

Only what the listeners rely on is looked at; the rest is Slack's to change.
"""

import json
from typing import Annotated, Any, NoReturn
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from slack_bolt import BoltRequest

from workflows.storable import storable

_NAMED = ("team_id", "enterprise_id", "user_id", "channel_id", "thread_ts")


class MalformedError(Exception):
    """A body is not what Slack sends."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True)


class _Named(_Part):
    id: str
    team_id: str | None = None


class _Profile(_Part):
    real_name: str | None = None
    display_name: str | None = None
    email: str | None = None


class _Person(_Named):
    name: str | None = None
    real_name: str | None = None
    profile: _Profile | None = None
    tz: str | None = None


class _File(_Named):
    name: str | None = None


class _Event(_Part):
    type: str
    team: str | None = None
    user_team: str | None = None
    source_team: str | None = None
    user: str | _Person | None = None
    subtype: str | None = None
    bot_id: str | None = None
    text: str | None = None
    ts: str | None = None
    channel: str | dict[str, Any] | None = None
    channel_type: str | None = None
    tab: str | None = None
    files: list[_File] | None = None


class _State(_Part):
    values: dict[str, dict[str, dict[str, Any]]]


class _Block(_Part):
    type: str
    block_id: str = ""


class _View(_Part):
    type: str
    id: str
    hash: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    blocks: list[_Block]
    state: _State | None = None


class _Action(_Part):
    action_id: str
    block_id: str = ""
    value: str | None = None
    selected_option: dict[str, Any] | None = None


class _Message(_Part):
    ts: str
    text: str | None = None


class _UserChange(_Event):
    user: _Person


class _Installed(_Part):
    enterprise_id: str | None = None
    team_id: str | None = None


class _Body(_Part):
    """What any body may hold."""

    type: str = ""
    event: _Event = _Event(type="")
    trigger_id: str = ""
    response_url: str | None = ""
    authorizations: list[_Installed] | None = None
    team: str | _Named | None = None
    team_id: str | None = None
    enterprise_id: str | None = None


class _Told(_Body):
    event: _Event
    event_id: str


class _ToldOfPerson(_Told):
    event: _UserChange


class _Typed(_Body):
    command: str
    trigger_id: str
    user_id: str
    text: str = ""


class _Pressed(_Body):
    user: _Named
    trigger_id: str
    actions: Annotated[list[_Action], Field(min_length=1)]
    view: _View | None = None


class _Submitted(_Body):
    user: _Named
    view: _View


class _OfMessage(_Body):
    user: _Named
    trigger_id: str
    callback_id: str
    channel: _Named
    message: _Message


_SHAPES: dict[str, type[_Body]] = {
    "event_callback": _Told,
    "event user_change": _ToldOfPerson,
    "block_actions": _Pressed,
    "view_submission": _Submitted,
    "view_closed": _Submitted,
    "message_action": _OfMessage,
}


def read_request(body: bytes, headers: dict[str, str]) -> BoltRequest:
    """Return what was posted, for Bolt. Its signature is checked already.

    Raises:
        MalformedError: it is none of what Slack sends.
    """
    try:
        read = storable(_read(body.decode("utf-8"), headers.get("content-type", "")))
        _check(read)
        # As from a socket: verified and parsed. Bolt looks for ids all over the body.
        request = BoltRequest(body=read, headers={**headers}, mode="socket_mode")
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise MalformedError(type(error).__name__) from None
    if any(not isinstance(request.context.get(name) or "", str) for name in _NAMED):
        raise MalformedError("an id is no text")
    return request


def _read(body: str, content_type: str) -> Any:
    if content_type.partition(";")[0].strip() == "application/json" or body.startswith("{"):
        return _json(body)
    fields = dict(parse_qsl(body, keep_blank_values=True))
    return _json(fields["payload"]) if "payload" in fields else fields


def _check(body: Any) -> None:
    """Compare a body with the shape of its kind; a kind that is not known is Bolt's to answer.

    Raises:
        ValueError: it has another.
    """
    if not isinstance(body, dict) or not {"type", "command", "ssl_check"} & body.keys():
        raise ValueError("no body of Slack's")
    try:
        _shape(body).model_validate(body)
    except ValidationError as error:
        raise ValueError(f"{error.error_count()} faults") from None  # its words quote the body


def _shape(body: dict[str, Any]) -> type[_Body]:
    if "command" in body:
        return _Typed
    kind = str(body.get("type"))
    if kind == "event_callback" and isinstance(event := body.get("event"), dict):
        return _SHAPES.get(f"event {event.get('type')}", _Told)
    return _SHAPES.get(kind, _Body)


def _json(text: str) -> Any:
    return json.loads(text, parse_constant=_refuse)


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")
