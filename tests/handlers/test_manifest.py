"""The manifest asks for everything that the code uses, and for nothing more."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from handlers.features import FEATURES
from sandbox.api import METHODS
from sandbox.manifest import read_manifest

ROOT = Path(__file__).parents[2]
MANIFEST = read_manifest(ROOT / "manifest.yml")
# What Slack documents for each event and feature; those of the methods are the sandbox's.
SCOPES_OF_EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "user_change": ("users:read",),
}

_SUBSCRIBED = {"message": [f"message.{kind}" for kind in ("channels", "groups", "im", "mpim")]}


class RecordingApp:
    """Stands in for Bolt's app: notes what is listened to."""

    def __init__(self) -> None:
        self.heard: dict[str, set[str]] = {}

    def __getattr__(self, kind: str) -> Callable[[Any], Callable[[Any], None]]:
        def listen(matched: Any) -> Callable[[Any], None]:
            self.heard.setdefault(kind, set()).add(str(matched))
            return lambda listener: None

        return listen


@pytest.fixture(scope="module")
def heard() -> dict[str, set[str]]:
    app = RecordingApp()
    for feature in FEATURES:
        feature.register(cast(App, app))
    # A manifest says of which kind of place messages are heard.
    app.heard["event"] = {
        one for event in app.heard["event"] for one in _SUBSCRIBED.get(event, [event])
    }
    return app.heard


def web_api_methods() -> Iterator[str]:
    """Yield the Web API methods that the code names, as Slack spells them."""
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = node.attr if isinstance(node, ast.Attribute) else ""
            if name in _SEVERAL:
                yield from _SEVERAL[name]
            elif "_" in name and name[0] != "_" and callable(getattr(WebClient, name, None)):
                yield _WITH_APP_TOKEN.get(name) or name.replace("_", ".", 1)


# What a convenience of the SDK's calls.
_SEVERAL = {
    "usergroups_users_list": ("usergroups.users.list",),  # two dots
    "files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal"),
}
# Called with the app token, whose one scope is no scope of the bot's.
_WITH_APP_TOKEN = {"apps_connections_open": "apps.connections.open"}
CALLED = sorted(set(web_api_methods()) - {"api.call", *_WITH_APP_TOKEN.values()})


def test_the_code_calls_what_it_is_known_to_call() -> None:
    assert CALLED == [
        "auth.test",
        "chat.getPermalink",
        "chat.postMessage",
        "chat.update",
        "conversations.history",
        "conversations.open",
        "conversations.replies",
        "files.completeUploadExternal",
        "files.getUploadURLExternal",
        "files.info",
        "usergroups.users.list",
        "users.info",
        "users.lookupByEmail",
        "views.open",
        "views.publish",
        "views.push",
        "views.update",
    ]


@pytest.mark.parametrize("method", CALLED)
def test_every_method_that_is_called_is_covered_by_a_scope(method: str) -> None:
    needed = METHODS[method].scopes

    assert not needed or set(needed) & set(MANIFEST.scopes)


def test_every_scope_is_used(heard: dict[str, set[str]]) -> None:
    used = {scope for method in CALLED for scope in METHODS[method].scopes}
    used |= {scope for event in heard["event"] for scope in SCOPES_OF_EVENTS[event]}
    used |= {"commands"} if heard["command"] else set()

    assert set(MANIFEST.scopes) - used == set()


def test_every_command_that_is_heard_is_in_the_manifest(heard: dict[str, set[str]]) -> None:
    assert heard["command"] == {command.command for command in MANIFEST.commands}


def test_every_event_that_is_heard_is_in_the_manifest(heard: dict[str, set[str]]) -> None:
    assert heard["event"] == set(MANIFEST.events)


def test_every_shortcut_that_is_heard_is_in_the_manifest(heard: dict[str, set[str]]) -> None:
    assert not {"shortcut", "global_shortcut"} & set(heard)
    assert heard["message_shortcut"] == {
        shortcut.callback_id for shortcut in MANIFEST.message_shortcuts
    }


def test_where_scopes_differ_by_kind_of_place_all_that_are_posted_to_are_asked_for() -> None:
    # The coordination channel, open or not; people; the parties of a conflict.
    posted_to = {"channels", "groups", "im", "mpim"}

    assert {f"{kind}:history" for kind in posted_to} <= set(MANIFEST.scopes)
