"""Events: told to the app until it acknowledges them, three times more at most."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox import payloads, windows
from sandbox.api.users import user_as_json
from sandbox.app_transport import AppTransport, Unanswered
from sandbox.manifest import Manifest
from sandbox.telling import as_json
from sandbox.user_groups import Change
from sandbox.user_groups import as_json as group_as_json
from sandbox.workspace import Channel, File, Json, Message, User, Workspace

_SCOPES = {  # without which Slack tells nothing of it, subscribed to or not
    "user_change": "users:read",
    "file_shared": "files:read",
    **dict.fromkeys(
        ("subteam_created", "subteam_updated", "subteam_members_changed"), "usergroups:read"
    ),
    **{f"message.{kind}": f"{kind}:history" for kind in ("channels", "groups", "im", "mpim")},
}
_MOST_USERS_OF_A_GROUP = 500  # in an event; their count is that of all
RETRY_AFTER_SECONDS = (0.0, 60.0, 300.0)  # Slack's: at once, after a minute, after five


@dataclass
class Events:
    """Tells the app what it asked to hear in its manifest."""

    workspace: Workspace
    manifest: Manifest
    transport: AppTransport
    retry_after_seconds: Sequence[float] = RETRY_AFTER_SECONDS
    _under_way: "set[asyncio.Task[None]]" = field(default_factory=set)

    def home_opened(self, user: User, channel: Channel, tab: str) -> None:
        """Tell that somebody looks at the app's place."""
        told: Json = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": tab}
        if tab == "home" and user.id in self.workspace.homes:
            told["view"] = windows.as_json(self.workspace, self.workspace.homes[user.id])
        self._tell("app_home_opened", told)

    def user_changed(self, user: User) -> None:
        """Tell that somebody's profile is another now."""
        with_email = "users:read.email" in self.manifest.scopes
        told = user_as_json(self.workspace, user, with_email=with_email)
        self._tell("user_change", {"type": "user_change", "user": told})

    def message_posted(self, channel: Channel, message: Message) -> None:
        """Tell what somebody said where the app is."""
        if self.workspace.bot_user_id not in channel.members:
            return
        told = as_json(self.workspace, channel, message)
        if message.file_ids:
            told["subtype"] = "file_share"
        channel_type = channel.kind.removesuffix("s")
        self._tell(
            f"message.{channel.kind}", told | {"channel": channel.id, "channel_type": channel_type}
        )

    def file_shared(self, channel: Channel, file: File) -> None:
        """Tell that somebody shared a file where the app is; what is in it, the app asks for."""
        if self.workspace.bot_user_id not in channel.members:
            return
        told: Json = {"type": "file_shared", "file_id": file.id, "user_id": file.user_id}
        self._tell("file_shared", told | {"file": {"id": file.id}, "channel_id": channel.id})

    def group_changed(self, change: Change) -> None:
        """Tell that there is a new group, or what is new of one; of nothing, nothing."""
        before, after = change.before, change.after
        if before == after:
            return
        name = "subteam_updated" if before else "subteam_created"
        told = group_as_json(self.workspace, after, with_users=True, with_count=True)
        told |= {"users": told["users"][:_MOST_USERS_OF_A_GROUP], "channel_count": 0}
        self._tell(name, {"type": name, "subteam": told})
        if before and (change.added or change.removed):
            self._tell("subteam_members_changed", payloads.members_changed(self.workspace, change))

    @property
    def unacknowledged(self) -> int:
        """Return how many events the app has still to acknowledge."""
        return len(self._under_way)

    async def finish(self) -> None:
        """Stop telling what is still under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _tell(self, name: str, inner: Json) -> None:
        scope = _SCOPES.get(name)
        if name not in self.manifest.events or (scope and scope not in self.manifest.scopes):
            return
        inner["event_ts"] = f"{self.workspace.clock.now().timestamp():.6f}"
        self._start(self._until_acknowledged(payloads.event(self.workspace, inner)))

    async def _until_acknowledged(self, payload: Json) -> None:
        for attempt, wait_seconds in enumerate((0.0, *self.retry_after_seconds)):
            await asyncio.sleep(wait_seconds)
            try:
                await self.transport.deliver("events_api", payload, attempt)
            except Unanswered:
                continue
            return

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
