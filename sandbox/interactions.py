"""What people do, and what becomes of it: commands, messages, clicks, submissions."""

from dataclasses import dataclass
from typing import Any

from sandbox import files, payloads, windows
from sandbox.app_transport import AppTransport, Unanswered
from sandbox.conversations import direct_message, find_message, find_user, say, thread_in
from sandbox.events import Events
from sandbox.files import Upload
from sandbox.manifest import Manifest
from sandbox.payloads import Pressed
from sandbox.responses import answer_in_place
from sandbox.slack_error import SlackError
from sandbox.submission import faults_of
from sandbox.tickets import Tickets
from sandbox.user_groups import put_group
from sandbox.workspace import Channel, Json, Message, OpenView, User, Workspace

_TROUBLE = "We had some trouble connecting. Try again?"


@dataclass
class Interactions:
    """Everything a person can do in the workspace.

    Each returns what the page tells the person when the app didn't take it, or nothing.
    """

    workspace: Workspace
    manifest: Manifest
    tickets: Tickets
    transport: AppTransport
    events: Events
    base_url: str  # of the server, for response urls

    async def run_command(self, user_id: str, channel_id: str, text: str) -> str:
        """Send a slash command; `text` begins with it. Only its sender sees it."""
        user, channel = self._somewhere(user_id, channel_id)
        command, _, rest = text.strip().partition(" ")
        if not any(known.command == command for known in self.manifest.commands):
            return f"{command} is not a valid command. Type / to see those there are."
        payload = payloads.slash_command(self.workspace, user, channel, command, rest.strip())
        payload["trigger_id"] = self.tickets.issue_trigger(user.id)
        payload["response_url"] = self._response_url(user, channel)
        try:
            answer = await self.transport.deliver("slash_commands", payload)
        except Unanswered:
            return f"{command} failed because the app did not respond. Please try again."
        try:
            answer_in_place(self.workspace, user, channel, answer)
        except SlackError as refusal:
            return f"{command} failed with the error “{refusal.code}”."
        finally:
            await self.workspace.touch()
        return ""

    async def post_message(
        self,
        user_id: str,
        channel_id: str,
        text: str,
        thread_ts: str | None = None,
        *,
        is_broadcast: bool = False,
    ) -> str:
        """Say something; what is typed is escaped, as Slack does before it tells anybody."""
        user, channel = self._speaker(user_id, channel_id)
        message = say(
            self.workspace,
            channel,
            user.id,
            _escaped(text),
            thread_ts=thread_in(channel, thread_ts),
            is_broadcast=is_broadcast and thread_ts is not None,
        )
        self.events.message_posted(channel, message)
        await self.workspace.touch()
        return ""

    async def upload(
        self,
        user_id: str,
        channel_id: str,
        upload: Upload,
        thread_ts: str | None = None,
        *,
        is_broadcast: bool = False,
    ) -> str:
        """Share a file; the app hears of the message, and of the file if it asked to."""
        user, channel = self._speaker(user_id, channel_id)
        thread_ts = thread_in(channel, thread_ts)
        file = await files.take(self.workspace, user.id, upload)
        message = say(
            self.workspace,
            channel,
            user.id,
            _escaped(upload.text),
            thread_ts=thread_ts,
            is_broadcast=is_broadcast and thread_ts is not None,
            file_ids=[file.id],
        )
        self.events.message_posted(channel, message)
        self.events.file_shared(channel, file)
        await self.workspace.touch()
        return ""

    async def press_in_message(
        self, user_id: str, channel_id: str, ts: str, pressed: Pressed
    ) -> str:
        """Use an element of a message."""
        user, channel = self._somewhere(user_id, channel_id)
        message = _seen_message(channel, user, ts)
        payload = payloads.pressed_in_message(self.workspace, user, channel, message, pressed)
        payload["response_url"] = self._response_url(user, channel, message)
        return await self._press(user, payload, None)

    async def use_shortcut(self, user_id: str, channel_id: str, ts: str, callback_id: str) -> str:
        """Choose a shortcut of the app in a message's menu; ephemeral messages have none."""
        user, channel = self._somewhere(user_id, channel_id)
        known = {shortcut.callback_id for shortcut in self.manifest.message_shortcuts}
        if callback_id not in known:
            raise SlackError("shortcut_not_found")
        message = find_message(channel, ts)
        payload = payloads.message_shortcut(self.workspace, user, channel, message, callback_id)
        payload["response_url"] = self._response_url(user, channel)
        return await self._press(user, payload, None)

    async def press_in_view(self, user_id: str, view_id: str, pressed: Pressed) -> str:
        """Use an element of a window or an App Home."""
        user, opened = self._own_view(user_id, view_id)
        payload = payloads.pressed_in_view(self.workspace, user, opened, pressed)
        return await self._press(user, payload, opened)

    async def fill(
        self, user_id: str, view_id: str, block_id: str, action_id: str, state: Json
    ) -> str:
        """Fill a field in; `state` is as Slack keeps it. The app hears of it on submission."""
        _, opened = self._own_view(user_id, view_id)
        field = opened.values.setdefault(block_id, {})
        if field.get(action_id) != state:  # told late, it is what the error was about
            opened.errors.pop(block_id, None)
        field[action_id] = state
        return ""

    async def submit_view(self, user_id: str, view_id: str) -> str:
        """Submit a window: it closes, changes, or says what is wrong next to the field."""
        user, opened = self._own_view(user_id, view_id)
        opened.errors = faults_of(opened)
        if opened.errors:
            await self.workspace.touch()
            return ""
        payload = payloads.submitted(self.workspace, user, opened)
        payload["trigger_id"] = self.tickets.issue_trigger(user.id, opened.id)
        try:
            answer = await self.transport.deliver("interactive", payload)
            return self._follow(opened, answer)
        except (Unanswered, SlackError):
            return _TROUBLE
        finally:
            await self.workspace.touch()

    async def close_view(self, user_id: str, view_id: str, *, every: bool = False) -> str:
        """Close a window, or all of them; an app that asked for it hears so."""
        user, opened = self._own_view(user_id, view_id)
        stack = self.workspace.modals[user.id]
        gone = list(stack) if every else stack[stack.index(opened) :]
        windows.close_modal(self.workspace, gone[0])
        for one in reversed(gone):
            if one.view.get("notify_on_close"):
                payload = payloads.closed(self.workspace, user, one, is_cleared=every)
                await self._tell(payload)
        await self.workspace.touch()
        return ""

    async def open_home(self, user_id: str, tab: str = "home") -> str:
        """Look at the app's own place; the app hears so and draws it."""
        user = find_user(self.workspace, user_id)
        channel = direct_message(self.workspace, user.id, self.workspace.bot_user_id)
        self.events.home_opened(user, channel, tab)
        return ""

    async def change_user(self, user_id: str, **facts: Any) -> str:
        """Change somebody's profile, or deactivate them; the app hears so."""
        user = find_user(self.workspace, user_id)
        for name, fact in facts.items():
            setattr(user, name, fact)
        if user.deleted:
            for channel in self.workspace.channels.values():
                if not channel.is_direct:
                    channel.members.discard(user.id)
        self.events.user_changed(user)
        await self.workspace.touch()
        return ""

    async def change_group(self, group_id: str, **facts: Any) -> str:
        """Make or change a user group; the app hears so."""
        self.events.group_changed(put_group(self.workspace, group_id, **facts))
        await self.workspace.touch()
        return ""

    async def _press(self, user: User, payload: Json, opened: OpenView | None) -> str:
        is_modal = opened is not None and opened.view["type"] == "modal"
        view_id = opened.id if opened is not None and is_modal else None
        payload["trigger_id"] = self.tickets.issue_trigger(user.id, view_id)
        try:
            await self.transport.deliver("interactive", payload)
        except Unanswered:
            return "That did not reach the app. Please try again."
        await self.workspace.touch()
        return ""

    async def _tell(self, payload: Json) -> None:
        try:
            await self.transport.deliver("interactive", payload)
        except Unanswered:
            return  # Slack tells of a closed window once, too

    def _follow(self, opened: OpenView, answer: Any) -> str:
        """Do with a submitted window what the app answered."""
        told: Json = answer if isinstance(answer, dict) else {}
        kind = told.get("response_action")
        if kind is None:
            windows.close_modal(self.workspace, opened)
        elif kind == "clear":
            self.workspace.modals[opened.user_id].clear()
        elif kind == "update":
            windows.change_modal(self.workspace, opened, told.get("view"))
        elif kind == "push":
            windows.push_modal(self.workspace, opened.user_id, told.get("view"))
        elif kind == "errors":
            return _show_errors(opened, told.get("errors"))
        else:
            return _TROUBLE
        return ""

    def _response_url(self, user: User, channel: Channel, message: Message | None = None) -> str:
        now = self.workspace.clock.now()
        ts = message.ts if message else None
        name = self.tickets.issue_response(user.id, channel.id, now, ts)
        return f"{self.base_url}/response/{name}"

    def _somewhere(self, user_id: str, channel_id: str) -> tuple[User, Channel]:
        user = find_user(self.workspace, user_id)
        channel = self.workspace.channels.get(channel_id)
        hidden = channel is not None and (channel.is_private or channel.is_im)
        if channel is None or (hidden and user.id not in channel.members):
            raise SlackError("channel_not_found")
        return user, channel

    def _speaker(self, user_id: str, channel_id: str) -> tuple[User, Channel]:
        user, channel = self._somewhere(user_id, channel_id)
        if user.id not in channel.members:
            raise SlackError("not_in_channel")
        return user, channel

    def _own_view(self, user_id: str, view_id: str) -> tuple[User, OpenView]:
        user = find_user(self.workspace, user_id)
        opened = windows.find_view(self.workspace, view_id)
        if opened.user_id != user.id:
            raise SlackError("not_found")
        return user, opened


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _seen_message(channel: Channel, user: User, ts: str) -> Message:
    for message in channel.messages:
        if message.ts == ts and message.ephemeral_to == user.id:
            return message
    return find_message(channel, ts)


def _show_errors(opened: OpenView, errors: object) -> str:
    """Put the app's errors next to their fields; all of them have to name a block of the view."""
    known = {block["block_id"] for block in opened.view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= known:
        return _TROUBLE
    opened.errors = {block_id: str(fault) for block_id, fault in errors.items()}
    return ""
