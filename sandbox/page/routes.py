"""The page's addresses: what is looked at, and what is done there."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.conversations import direct_message
from sandbox.files import Upload, chunks_of
from sandbox.page.files import file_answer, openable_file
from sandbox.page.page import AppFacts, Asked, Page
from sandbox.page.pages import channel_page, home_page, no_messages_page
from sandbox.page.people import people_of
from sandbox.page.places import app_channel, may_see
from sandbox.page.stream import event_stream
from sandbox.page.use import fill_field, press_in_message, press_in_view, submit
from sandbox.sandbox import Sandbox
from sandbox.slack_error import SlackError
from sandbox.told import Tell, Told
from sandbox.workspace import User

_FOLDER = Path(__file__).parent.parent
_MOVES = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_REFUSALS = {
    "channel_not_found": "That place is not open to you.",
    "message_not_found": "That message is gone.",
    "not_found": "That window is closed already.",
    "shortcut_not_found": "The app has no such shortcut any more.",
    "not_in_channel": "You are not a member of this channel.",
    "thread_not_found": "That thread is gone.",
    "no_text": "There is nothing to send yet.",
    "file_is_empty": "There is nothing in that file.",
    "file_upload_size_restricted": "That file is larger than 250 MB, too large for here.",
    "msg_too_long": "That is too long for one message.",
}
Work = Callable[[Request, FormData], Awaitable[str]]


def page_routes(
    sandbox: Sandbox, first_user_id: str | None = None, tell: Tell = Told
) -> list[BaseRoute]:
    """Return the page's routes; `/` leads to the first person's view."""
    page = _Pages(sandbox, first_user_id, tell)
    return [
        Route("/", page.enter),
        Route("/archives/{channel}/{message}", page.permalink),
        Route("/files/{user}/{file}/{name}", page.file_permalink),
        Route("/as/{user}/files/{file}", page.file),
        Route("/clock", page.acting(page.move_clock), methods=["POST"]),
        Mount("/static", StaticFiles(directory=_FOLDER / "static")),
        Route("/as/{user}/events", page.events),
        Route("/as/{user}/views/{view}/press", page.acting(page.press_view), methods=["POST"]),
        Route("/as/{user}/views/{view}/fill", page.acting(page.fill), methods=["POST"]),
        Route("/as/{user}/views/{view}/submit", page.acting(page.submit), methods=["POST"]),
        Route("/as/{user}/views/{view}/close", page.acting(page.close), methods=["POST"]),
        Route("/as/{user}/{place}/read", page.acting(page.read), methods=["POST"]),
        Route("/as/{user}/{place}/say", page.acting(page.say), methods=["POST"]),
        Route("/as/{user}/{place}/{ts}/press", page.acting(page.press), methods=["POST"]),
        Route("/as/{user}/{place}/{ts}/shortcut", page.acting(page.shortcut), methods=["POST"]),
        Route("/as/{user}/{place}", page.show),
    ]


class _Pages:
    """Shows places and takes what is done there."""

    def __init__(self, sandbox: Sandbox, first_user_id: str | None, tell: Tell) -> None:
        self._sandbox, self._first_user_id, self._tell = sandbox, first_user_id, tell
        self._templates = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def enter(self, request: Request) -> Response:
        """Lead to somebody's view."""
        workspace = self._sandbox.workspace
        return RedirectResponse(self._app_url(workspace.users[self._first()]), status_code=303)

    async def permalink(self, request: Request) -> Response:
        """Lead to the channel of a message, or to its thread."""
        place = request.path_params["channel"]
        thread_ts = request.query_params.get("thread_ts")
        thread = f"?{urlencode({'thread': thread_ts})}" if thread_ts else ""
        return RedirectResponse(f"/as/{self._first()}/{place}{thread}", status_code=303)

    async def file_permalink(self, request: Request) -> Response:
        """Lead to a file."""
        file_id = request.path_params["file"]
        return RedirectResponse(f"/as/{self._first()}/files/{file_id}", status_code=303)

    async def file(self, request: Request) -> Response:
        """Show a picture, or hand out any other file, to somebody who may open it."""
        workspace = self._sandbox.workspace
        user = workspace.users.get(request.path_params["user"])
        file = openable_file(workspace, user, request.path_params["file"]) if user else None
        if file is None:
            return HTMLResponse("That file is not open to you.", 404, headers=_SECURITY)
        return file_answer(workspace, file)

    async def show(self, request: Request) -> Response:
        """Show a channel, a direct message, or the app's Home."""
        user = self._sandbox.workspace.users.get(request.path_params["user"])
        if user is None or user.is_bot or user.deleted:
            return RedirectResponse("/", status_code=303)
        page = await self._page(request, user)
        if page is None:  # somebody else may look there, but not this person
            return RedirectResponse(self._app_url(user), status_code=303)
        html = self._templates.get_template(page.template).render(page=page)
        return HTMLResponse(html, headers=_SECURITY)

    async def events(self, request: Request) -> Response:
        """Tell the browser of every change."""
        return event_stream(self._sandbox.workspace, request)

    def acting(self, work: Work) -> Callable[[Request], Awaitable[Response]]:
        """Return an endpoint that does something and says only what went wrong."""

        async def act(request: Request) -> Response:
            async with request.form() as form:
                try:
                    notice = await work(request, form)
                except SlackError as refusal:
                    notice = _REFUSALS.get(refusal.code, f"That did not work: {refusal.code}.")
            if not notice:
                return Response(status_code=204)
            told = json.dumps({"notice": {"text": notice}})
            return Response(status_code=422, headers={"HX-Trigger": told})

        return act

    async def say(self, request: Request, form: FormData) -> str:
        """Send a message, with a file or without, or a command."""
        user_id, channel_id = request.path_params["user"], request.path_params["place"]
        text = _text(form, "text").strip()
        thread_ts = _text(form, "thread_ts") or None
        is_broadcast = bool(_text(form, "reply_broadcast"))
        interactions = self._sandbox.interactions
        sent = form.get("file")
        if isinstance(sent, UploadFile) and sent.filename:
            upload = Upload(sent.filename, sent.size or 0, chunks_of(sent), text)
            return await interactions.upload(
                user_id, channel_id, upload, thread_ts, is_broadcast=is_broadcast
            )
        if text.startswith("/"):
            return await interactions.run_command(user_id, channel_id, text)
        return await interactions.post_message(
            user_id, channel_id, text, thread_ts, is_broadcast=is_broadcast
        )

    async def read(self, request: Request, form: FormData) -> str:
        """Note up to where somebody has read."""
        channel = self._sandbox.workspace.channels.get(request.path_params["place"])
        if channel is None:
            return ""
        channel.read_up_to[request.path_params["user"]] = _text(form, "ts")
        await self._sandbox.workspace.touch()
        return ""

    async def press(self, request: Request, form: FormData) -> str:
        """Use an element of a message."""
        where = request.path_params
        return await press_in_message(
            self._sandbox, where["user"], where["place"], where["ts"], form
        )

    async def shortcut(self, request: Request, form: FormData) -> str:
        """Choose a shortcut of the app in a message's menu."""
        where = request.path_params
        return await self._sandbox.interactions.use_shortcut(
            where["user"], where["place"], where["ts"], _text(form, "callback_id")
        )

    async def press_view(self, request: Request, form: FormData) -> str:
        """Use an element of a window or of the Home."""
        where = request.path_params
        return await press_in_view(self._sandbox, where["user"], where["view"], form)

    async def fill(self, request: Request, form: FormData) -> str:
        """Fill a field in."""
        where = request.path_params
        return await fill_field(self._sandbox, where["user"], where["view"], form)

    async def submit(self, request: Request, form: FormData) -> str:
        """Submit a window."""
        where = request.path_params
        return await submit(self._sandbox, where["user"], where["view"], form)

    async def close(self, request: Request, form: FormData) -> str:
        """Close a window."""
        where = request.path_params
        every = _text(form, "every") == "all"
        return await self._sandbox.interactions.close_view(
            where["user"], where["view"], every=every
        )

    async def move_clock(self, request: Request, form: FormData) -> str:
        """Let time pass."""
        by = _MOVES.get(_text(form, "by"))
        rehearsal = self._sandbox.rehearsal
        if by is None and await rehearsal.due_at() is None:
            return "Nothing is due. Move the clock by an hour or a day instead."
        kept_up = await (rehearsal.advance(by) if by else rehearsal.to_next_due())
        return "" if kept_up else "The bot has not caught up with the clock. Is it running?"

    async def _page(self, request: Request, user: User) -> Page | None:
        workspace, place_id = self._sandbox.workspace, request.path_params["place"]
        app, asked = await self._app(), _asked(request)
        if place_id == "home":
            if "hx-request" not in request.headers:  # looked at, and not only drawn anew
                await self._sandbox.interactions.open_home(user.id)
            return home_page(workspace, user, app, asked)
        channel = workspace.channels.get(place_id)
        if place_id == "messages":
            channel = app_channel(workspace, user)
            if channel is None and app.messages_read_only:
                return no_messages_page(workspace, user, app, asked)
            channel = channel or direct_message(workspace, user.id, workspace.bot_user_id)
        if channel is None or not may_see(channel, user):
            return None
        return channel_page(workspace, user, channel, app, asked)

    async def _app(self) -> AppFacts:
        manifest = self._sandbox.manifest
        return AppFacts(
            name=manifest.bot_name,
            commands=manifest.commands,
            shortcuts=manifest.message_shortcuts,
            messages_read_only=manifest.features.app_home.messages_tab_read_only_enabled,
            due_at=await self._sandbox.rehearsal.due_at(),
            told=await asyncio.to_thread(self._tell),
        )

    def _first(self) -> str:
        return self._first_user_id or people_of(self._sandbox.workspace)[0].id

    def _app_url(self, user: User) -> str:
        channel = app_channel(self._sandbox.workspace, user)
        return f"/as/{user.id}/{channel.id if channel else 'home'}"


def _asked(request: Request) -> Asked:
    query = request.query_params
    theme = request.cookies.get("theme", "")
    return Asked(
        thread_ts=query.get("thread", ""),
        new_from=query.get("new_from"),
        theme=theme if theme in ("light", "dark") else "",
    )


def _text(form: FormData, name: str) -> str:
    """Return a field as people typed it: browsers send line ends as CRLF."""
    held: Any = form.get(name, "")
    return str(held).replace("\r\n", "\n")
