"""What every Web API method has: a name, arguments, the scopes that open it, a function."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from sandbox.limits import check_blocks
from sandbox.pictures import picture_faults
from sandbox.slack_error import SlackError, invalid
from sandbox.tickets import Tickets
from sandbox.workspace import Channel, Json, Workspace


@dataclass(frozen=True)
class Call:
    """Who calls, and what the call may touch."""

    workspace: Workspace
    tickets: Tickets
    scopes: frozenset[str]
    host: str  # host:port that the caller reached, for addresses handed out


class Arguments(BaseModel):
    """The arguments of a method; any other is refused."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    token: str | None = None  # it may stand here or in the Authorization header
    team_id: str | None = None  # slack-bolt's client sends it with every call


@dataclass(frozen=True)
class Method:
    """A method; any one of `scopes` opens it, none named means that any token does."""

    run: Callable[[Call, Any], Json]
    arguments: type[Arguments] = Arguments
    scopes: tuple[str, ...] = ()
    by_app_token: bool = False
    by_anybody: bool = False


def from_json(given: object) -> object:
    """Read what a form carries as text; a JSON body carries it as it is."""
    return json.loads(given) if isinstance(given, str) else given


JsonObject = Annotated[dict[str, Any], BeforeValidator(from_json)]
JsonList = Annotated[list[Any], BeforeValidator(from_json)]


def read_arguments(method: Method, given: Json) -> Arguments:
    """Read the arguments.

    Raises:
        SlackError: one is unknown, missing or of another type.
    """
    try:
        return method.arguments.model_validate(given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
    if unknown := [str(fault["loc"][0]) for fault in faults if fault["type"] == "extra_forbidden"]:
        raise invalid("invalid_arg_name", [f"[ERROR] unknown argument: {n}" for n in unknown])
    raise invalid("invalid_arguments", [_fault(fault) for fault in faults])


def require_scopes(call: Call, any_of: tuple[str, ...]) -> None:
    """Refuse a call that no scope of the manifest covers.

    Raises:
        SlackError: missing_scope, with what is needed and what there is.
    """
    if any_of and not call.scopes.intersection(any_of):
        raise SlackError(
            "missing_scope", needed=",".join(any_of), provided=",".join(sorted(call.scopes))
        )


def require_scope_for(call: Call, channel: Channel, ending: str) -> None:
    """Refuse a call that needs the scope of this kind of place, such as `im:history`."""
    require_scopes(call, (f"{channel.kind}:{ending}",))


def checked_blocks(workspace: Workspace, blocks: list[Any] | None) -> list[Json]:
    """Return the blocks of a message.

    Raises:
        SlackError: invalid_blocks, with every fault.
    """
    if blocks is None:
        return []
    if faults := check_blocks(blocks, "message") or picture_faults(workspace, blocks):
        raise invalid("invalid_blocks", faults)
    return blocks


def _fault(fault: Any) -> str:
    name = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "missing":
        return f"[ERROR] missing required field: {name}"
    return f"[ERROR] {fault['msg']} [json-pointer:/{name}]"
