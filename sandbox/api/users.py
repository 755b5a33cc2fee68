"""users.*: who is there."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.api.method import Arguments, Call, Method
from sandbox.api.pages import page_of
from sandbox.conversations import find_user
from sandbox.slack_error import SlackError
from sandbox.workspace import Json, User, Workspace


class _Which(Arguments):
    user: str
    include_locale: bool = False


class _List(Arguments):
    cursor: str | None = None
    include_locale: bool = False
    limit: int = 100


class _ByEmail(Arguments):
    email: str


def info(call: Call, asked: _Which) -> Json:
    """Tell about somebody."""
    return {"user": _told(call, find_user(call.workspace, asked.user))}


def list_(call: Call, asked: _List) -> Json:
    """Tell about everybody."""
    page, cursor = page_of(list(call.workspace.users.values()), asked.limit, asked.cursor)
    told = [_told(call, user) for user in page]
    return {"members": told, "response_metadata": {"next_cursor": cursor}}


def lookup_by_email(call: Call, asked: _ByEmail) -> Json:
    """Find somebody by their email; those who have left are not found."""
    for user in call.workspace.users.values():
        if user.email and user.email.lower() == asked.email.strip().lower() and not user.deleted:
            return {"user": _told(call, user)}
    raise SlackError("users_not_found")


def _told(call: Call, user: User) -> Json:
    return user_as_json(
        call.workspace, user, with_email=bool({"users:read.email"} & set(call.scopes))
    )


def user_as_json(workspace: Workspace, user: User, *, with_email: bool) -> Json:
    """Return a person as Slack tells about them; those who have left have no timezone any more."""
    profile = {"real_name": user.real_name, "display_name": user.name, "title": user.title}
    if with_email and user.email:
        profile["email"] = user.email
    told: Json = {
        "id": user.id,
        "team_id": user.team_id or workspace.team_id,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
    }
    if user.deleted:
        return told
    return told | {
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": _offset_seconds(user.tz, workspace.clock.now()),
        "is_restricted": user.is_restricted or user.is_ultra_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_stranger": user.is_stranger,
    }


def _offset_seconds(zone: str, now: datetime) -> int:
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


METHODS = {
    "users.info": Method(info, _Which, ("users:read",)),
    "users.list": Method(list_, _List, ("users:read",)),
    "users.lookupByEmail": Method(lookup_by_email, _ByEmail, ("users:read.email",)),
}
