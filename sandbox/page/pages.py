"""Gathers everything that one page shows, before a template writes it down."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from sandbox.page.conversation import days_of, thread_of
from sandbox.page.mrkdwn import Reader, mrkdwn
from sandbox.page.page import AppFacts, Asked, Modal, Page, Tab, Thread
from sandbox.page.people import Face, face_of, people_of, reader_of
from sandbox.page.places import (
    app_channel,
    group_name,
    other_member,
    sidebar_of,
    unread_count,
    visible_messages,
)
from sandbox.page.surface import view_surface
from sandbox.page.week import week_clock
from sandbox.workspace import Channel, User, Workspace


def channel_page(
    workspace: Workspace, user: User, channel: Channel, app: AppFacts, asked: Asked
) -> Page:
    """Return a channel or a direct message, with a thread beside it if one is asked for."""
    reader = reader_of(workspace, user)
    seen = channel.read_up_to.get(user.id, "0")
    new_from = seen if asked.new_from is None else asked.new_from
    page = _frame(workspace, user, channel.id, app, asked.theme)
    visible = visible_messages(channel, user.id)
    said = thread_of(workspace, channel, user, reader, asked.thread_ts) if asked.thread_ts else []
    page = replace(
        page,
        refresh_url=_refresh_url(page.place_url, asked.thread_ts, new_from),
        days=days_of(workspace, channel, user, reader, new_from),
        thread=Thread(asked.thread_ts, said) if asked.thread_ts else None,
        last_ts=visible[-1].ts if visible else "",
        has_unread=unread_count(channel, user.id) > 0,
    )
    return _in_words(page, workspace, channel, app, reader)


def home_page(workspace: Workspace, user: User, app: AppFacts, asked: Asked) -> Page:
    """Return the Home tab of the app."""
    reader = reader_of(workspace, user)
    opened = workspace.homes.get(user.id)
    page = _frame(workspace, user, "home", app, asked.theme)
    return replace(
        page,
        title=app.name,
        other=_app_face(workspace),
        tabs=_app_tabs(workspace, user, "Home"),
        home=view_surface(workspace, reader, opened) if opened else None,
    )


def no_messages_page(workspace: Workspace, user: User, app: AppFacts, asked: Asked) -> Page:
    """Return the Messages tab of the app for somebody whom it never wrote to."""
    page = _frame(workspace, user, "messages", app, asked.theme)
    return replace(
        page,
        title=app.name,
        other=_app_face(workspace),
        tabs=_app_tabs(workspace, user, "Messages"),
        **_app_words(page, app),
    )


def _frame(workspace: Workspace, user: User, place_id: str, app: AppFacts, theme: str) -> Page:
    now = workspace.clock.now()
    reader = reader_of(workspace, user)
    place_url = f"/as/{user.id}/{place_id}"
    return Page(
        user=user,
        me=face_of(user, now),
        people=[
            replace(face_of(somebody, now), role=app.told.roles.get(somebody.id, ""))
            for somebody in people_of(workspace)
        ],
        team_name=workspace.team_name,
        app_name=app.name,
        theme=theme,
        revision=workspace.revision,
        sidebar=sidebar_of(workspace, user, place_id),
        clock=week_clock(now, reader.zone, app.due_at, app.told.next_due),
        commands=app.commands,
        shortcuts=app.shortcuts,
        place_id=place_id,
        place_url=place_url,
        refresh_url=place_url,
        title="",
        modal=_modal(workspace, user, reader),
    )


def _modal(workspace: Workspace, user: User, reader: Reader) -> Modal | None:
    stack = workspace.modals.get(user.id)
    if not stack:
        return None
    top = stack[-1]
    return Modal(top.id, top.view, view_surface(workspace, reader, top), depth=len(stack))


def _in_words(
    page: Page, workspace: Workspace, channel: Channel, app: AppFacts, reader: Reader
) -> Page:
    if channel.is_im:
        other = other_member(workspace, channel, page.user)
        return _direct_in_words(page, workspace, other, app)
    if channel.is_mpim:
        return _group_in_words(page, workspace, channel)
    return replace(
        page,
        title=channel.name,
        topic=mrkdwn(channel.topic, reader),
        is_private=channel.is_private,
        member_count=sum(not workspace.users[who].is_bot for who in channel.members),
        can_write=page.user.id in channel.members and not channel.is_archived,
        closed_text=_closed_text(channel),
        composer_label=f"Message #{channel.name}",
        empty_title=f"The beginning of #{channel.name}",
        empty_text="Nothing was said here yet.",
    )


def _direct_in_words(page: Page, workspace: Workspace, other: User, app: AppFacts) -> Page:
    face = face_of(other, workspace.clock.now())
    if other.id == workspace.bot_user_id:
        tabs = _app_tabs(workspace, page.user, "Messages")
        words = _app_words(page, app)
        return replace(page, title=app.name, other=face, tabs=tabs, takes_files=True, **words)
    return replace(
        page,
        title=face.name,
        other=face,
        topic=Markup("{} · {} in {}").format(face.title, face.local_time, face.place),
        can_write=True,
        composer_label=f"Message {face.name}",
        empty_title=face.name,
        empty_text="You have not written to each other yet.",
    )


def _group_in_words(page: Page, workspace: Workspace, channel: Channel) -> Page:
    name = group_name(workspace, channel, page.user.id)
    return replace(
        page,
        title=name,
        others=len(channel.members) - 1,
        can_write=True,
        composer_label=f"Message {name}",
        empty_title=name,
        empty_text="What is said here stays among you.",
    )


def _app_words(page: Page, app: AppFacts) -> dict[str, Any]:
    return {
        "can_write": not app.messages_read_only,
        "closed_text": f"{app.name} writes here and does not read. Commands work in any channel.",
        "composer_label": f"Message {app.name}",
        "empty_title": app.name,
        "empty_text": f"What {app.name} has for you alone arrives here.",
    }


def _closed_text(channel: Channel) -> str:
    if channel.is_archived:
        return "This channel is archived."
    return f"You are looking at #{channel.name} without being a member."


def _app_face(workspace: Workspace) -> Face:
    return face_of(workspace.users[workspace.bot_user_id], workspace.clock.now())


def _app_tabs(workspace: Workspace, user: User, current: str) -> list[Tab]:
    channel = app_channel(workspace, user)
    url = f"/as/{user.id}/"
    unread = unread_count(channel, user.id) if channel else 0
    messages = url + (channel.id if channel else "messages")
    return [
        Tab("Home", f"{url}home", current == "Home"),
        Tab("Messages", messages, current == "Messages", unread),
    ]


def _refresh_url(place_url: str, thread_ts: str, new_from: str) -> str:
    query = {"new_from": new_from} | ({"thread": thread_ts} if thread_ts else {})
    return f"{place_url}?{urlencode(query)}"
