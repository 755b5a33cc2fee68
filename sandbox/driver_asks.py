"""What the driver is asked, as JSON."""

from base64 import b64decode
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sandbox.faults import FaultKind
from sandbox.workspace import Json


class Asked(BaseModel):
    """What every request shares: no other key is allowed."""

    model_config = ConfigDict(extra="forbid")


class Command(Asked):
    """A slash command, typed somewhere."""

    user: str
    channel: str
    text: str


class Message(Command):
    """Something said, in a thread or not."""

    thread_ts: str | None = None
    reply_broadcast: bool = False  # in a thread: also send to the channel


class Press(Asked):
    """An element used, of a message or of a view."""

    user: str
    block_id: str
    action_id: str
    facts: Json = {"type": "button"}
    channel: str | None = None
    ts: str | None = None
    view_id: str | None = None


class Upload(Asked):
    """A file, shared somewhere."""

    user: str
    channel: str
    name: Annotated[str, Field(min_length=1)]
    content_base64: Annotated[bytes, AfterValidator(lambda given: b64decode(given, validate=True))]
    text: str = ""
    thread_ts: str | None = None


class Shortcut(Asked):
    """A shortcut of the app, chosen in a message's menu."""

    user: str
    channel: str
    ts: str
    callback_id: str


class Fill(Asked):
    """A field filled in."""

    user: str
    view_id: str
    block_id: str
    action_id: str
    state: Json


class View(Asked):
    """A window."""

    user: str
    view_id: str


class User(Asked):
    """Somebody."""

    user: str


class Facts(Asked):
    """What can be changed of a profile."""

    name: str = ""
    real_name: str = ""
    title: str = ""
    email: str = ""
    tz: Annotated[str, AfterValidator(lambda name: ZoneInfo(name).key)] = ""
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    team_id: str = ""


class Profile(User):
    """A profile, changed."""

    facts: Facts


class Group(Asked):
    """A user group, made or changed: what isn't said stays."""

    id: Annotated[str, Field(pattern=r"^S[A-Z0-9]+$")]
    handle: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=21)] = ""
    name: Annotated[str, Field(min_length=1)] = ""
    users: list[str] = []
    disabled: bool = False


class Plan(Asked):
    """What the workspace's plan comprises."""

    user_groups: bool


class Clock(Asked):
    """Time that passes."""

    by_seconds: float | None = None  # None: to the next thing that is due


class Fault(Asked):
    """A fault, for the next calls of a method."""

    method: str  # or "*" for any
    kind: FaultKind
    times: int = 1
    seconds: float = 1


class Sockets(Asked):
    """Trouble with the app's sockets."""

    drop: bool = False
    cut: bool = False
    silence: bool = False
    refresh: bool = False
