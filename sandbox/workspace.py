"""The state of the workspace: who is there, what was said, which forms are open.

Only the server's event loop touches it, so nothing here is locked.
"""

import asyncio
import shutil
import tempfile
import weakref
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from sandbox.clock import SandboxClock

Json = dict[str, Any]  # a Slack object, shaped as Slack documents it
Kind = Literal["channels", "groups", "im", "mpim"]  # as scopes and subscriptions name places


@dataclass
class User:
    """A person, or the bot itself."""

    id: str
    name: str  # the handle, without @
    real_name: str
    title: str = ""
    email: str = ""
    tz: str = "America/New_York"
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False  # a guest
    is_ultra_restricted: bool = False  # a guest of one channel
    is_stranger: bool = False  # from another organisation, in a shared channel
    team_id: str = ""  # of another workspace; empty: of this one


@dataclass(frozen=True)
class UserGroup:
    """People under one handle; the members of a disabled group are still known."""

    id: str
    handle: str  # without @
    name: str
    created: int  # seconds since 1970
    updated: int
    users: tuple[str, ...] = ()
    deleted: int = 0  # since when it is disabled

    @property
    def is_disabled(self) -> bool:
        """Tell whether its handle calls nobody any more."""
        return self.deleted > 0


@dataclass
class Channel:
    """A channel (C…), a direct message between two (D…), or one of a group (C…, once G…)."""

    id: str
    name: str
    members: set[str]
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False  # of a group; then it is private, too
    is_archived: bool = False
    topic: str = ""
    purpose: str = ""
    messages: list["Message"] = field(default_factory=list)  # oldest first, threads included
    read_up_to: dict[str, str] = field(default_factory=dict)  # user id -> ts

    @property
    def kind(self) -> Kind:
        """Return what scopes (`mpim:read`) and subscriptions (`message.mpim`) call it."""
        if self.is_im:
            return "im"
        if self.is_mpim:
            return "mpim"
        return "groups" if self.is_private else "channels"

    @property
    def is_direct(self) -> bool:
        """Tell whether it is named by who is in it, and nobody joins or leaves."""
        return self.is_im or self.is_mpim


@dataclass
class Message:
    """Something said. An ephemeral one is seen by one person and absent from history."""

    ts: str  # "1732521600.000100": seconds of the workspace's clock and a counter, unique
    user_id: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None  # of the first message, where this one is a reply
    is_broadcast: bool = False  # a reply that stands in the channel, too
    metadata: Json | None = None
    edited_ts: str | None = None
    ephemeral_to: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)  # emoji name -> user ids
    file_ids: list[str] = field(default_factory=list)

    @property
    def is_reply(self) -> bool:
        """Tell whether it stands in the thread of another message."""
        return self.thread_ts not in (None, self.ts)

    @property
    def is_top_level(self) -> bool:
        """Tell whether it stands in the channel itself, and not in a thread alone."""
        return self.is_broadcast or not self.is_reply


@dataclass
class File:
    """Something uploaded, by the app or by a person; its bytes lie in the workspace's folder."""

    id: str
    user_id: str
    name: str
    title: str
    size: int  # bytes
    created: int  # seconds since 1970
    alt_text: str = ""
    is_snippet: bool = False
    is_complete: bool = False  # before that, nobody sees it
    is_deleted: bool = False
    width: int = 0  # pixels, of a picture; 0 where that isn't known
    height: int = 0


@dataclass
class OpenView:
    """A modal on somebody's screen, or somebody's App Home."""

    id: str
    user_id: str
    view: Json  # as the app gave it
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    external_id: str = ""
    values: Json = field(default_factory=dict)  # block_id -> action_id -> what is filled in
    errors: dict[str, str] = field(default_factory=dict)  # block_id -> what the app refused


@dataclass
class Workspace:
    """One team, one app."""

    clock: SandboxClock
    team_id: str = "T0SANDBOX"
    team_name: str = "Rollcall rehearsal"
    app_id: str = "A0ROLLCALL"
    bot_user_id: str = "U0ROLLCALL"
    bot_id: str = "B0ROLLCALL"
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    user_groups: dict[str, UserGroup] = field(default_factory=dict)
    has_user_groups: bool = True  # they are part of paid plans only
    files: dict[str, File] = field(default_factory=dict)
    modals: dict[str, list[OpenView]] = field(default_factory=lambda: defaultdict(list))  # a stack
    homes: dict[str, OpenView] = field(default_factory=dict)
    base_url: str = ""  # of the server, for addresses that are handed out
    last_ts_micros: int = 0  # of the last message, so that no two are named the same
    is_closed: bool = False
    revision: int = 0  # grows with every change that a page may show
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @cached_property
    def folder(self) -> Path:
        """Return where the bytes of files are; it goes when the workspace goes."""
        folder = Path(tempfile.mkdtemp(prefix="workspace-files-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder

    async def touch(self) -> None:
        """Tell every waiting page that something changed."""
        async with self._changed:
            self.revision += 1
            self._changed.notify_all()

    async def wait_for_change(self, seen: int) -> int:
        """Return the revision once it is past `seen`, or the workspace is closed."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.revision > seen or self.is_closed)
            return self.revision

    async def close(self) -> None:
        """Let go of every waiting page: the server ends."""
        self.is_closed = True
        await self.touch()
