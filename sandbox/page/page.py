"""What a page holds, whoever looks at whatever; the templates ask it for everything."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup

from sandbox.manifest import Command, Shortcut
from sandbox.page.conversation import Day, Said
from sandbox.page.people import Face
from sandbox.page.places import Sidebar
from sandbox.page.surface import Surface
from sandbox.page.week import WeekClock
from sandbox.told import Told
from sandbox.workspace import User

_NOTHING = Markup("")


@dataclass(frozen=True)
class AppFacts:
    """What the page has to know of the app and of the rehearsal."""

    name: str
    commands: Sequence[Command]
    shortcuts: Sequence[Shortcut]  # of messages
    messages_read_only: bool
    due_at: datetime | None
    told: Told = field(default_factory=Told)


@dataclass(frozen=True)
class Asked:
    """What the address of a page asks for."""

    thread_ts: str = ""
    new_from: str | None = None  # the line «New» stays where it was at the first look
    theme: str = ""


@dataclass(frozen=True)
class Tab:
    """A tab of the app's conversation."""

    name: str
    url: str
    is_current: bool
    unread: int = 0


@dataclass(frozen=True)
class Thread:
    """The thread in the right pane."""

    ts: str
    said: list[Said]


@dataclass(frozen=True)
class Modal:
    """The topmost view on somebody's screen."""

    id: str
    view: dict[str, Any]
    surface: Surface
    depth: int


@dataclass(frozen=True)
class Page:
    """One page, for one person, at one place."""

    user: User
    me: Face
    people: list[Face]
    team_name: str
    app_name: str
    theme: str
    revision: int
    sidebar: Sidebar
    clock: WeekClock
    commands: Sequence[Command]
    shortcuts: Sequence[Shortcut]
    place_id: str
    place_url: str
    refresh_url: str
    title: str
    modal: Modal | None
    other: Face | None = None
    topic: Markup = _NOTHING
    is_private: bool = False
    others: int = 0  # how many, in the direct message of a group
    member_count: int = 0
    tabs: list[Tab] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    thread: Thread | None = None
    home: Surface | None = None
    last_ts: str = ""
    has_unread: bool = False
    can_write: bool = False
    takes_files: bool = False
    closed_text: str = ""
    composer_label: str = ""
    empty_title: str = ""
    empty_text: str = ""

    @property
    def template(self) -> str:
        """Return the template that writes it down."""
        return "home.html" if self.place_id == "home" else "channel.html"

    @property
    def thread_place(self) -> str:
        """Return where a reply for all goes: «Also sent …»."""
        return "as direct message" if self.other or self.others else f"to #{self.title}"

    @property
    def topic_text(self) -> str:
        """Return the topic without its markup."""
        return self.topic.striptags()
