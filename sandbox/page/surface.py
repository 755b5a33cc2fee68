"""What blocks stand on: a message, a modal or a Home tab. The templates ask it for everything."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from sandbox.page.controls import Control, key_of, options_of, shown_of
from sandbox.page.files import Attached, picture_of
from sandbox.page.mrkdwn import Reader, mrkdwn, plain
from sandbox.page.people import people_of
from sandbox.page.rich_text import rich_text
from sandbox.workspace import Message, OpenView, Workspace

Json = dict[str, Any]


@dataclass(frozen=True)
class Option:
    """Something to choose."""

    value: str
    label: Markup
    description: Markup
    is_chosen: bool

    @property
    def key(self) -> str:
        """Return what stands for the value where HTML wants an id."""
        return key_of("", self.value)


@dataclass(frozen=True)
class Field:
    """An interactive element, ready to be shown."""

    key: str
    id: str
    kind: str
    element: Json
    label: str  # for those who cannot see where it stands
    values: list[str]
    groups: list[tuple[str, list[Option]]]
    dispatches: bool
    confirm: Json | None

    @property
    def value(self) -> str:
        """Return the single value; empty without one."""
        return self.values[0] if self.values else ""

    @property
    def placeholder(self) -> str:
        """Return what stands in an empty field."""
        return str((self.element.get("placeholder") or {}).get("text", ""))

    @property
    def options(self) -> list[Option]:
        """Return all options, whatever their group."""
        return [option for _, options in self.groups for option in options]

    @property
    def chosen(self) -> list[Option]:
        """Return the options that are chosen."""
        return [option for option in self.options if option.is_chosen]


@dataclass(frozen=True)
class Surface:
    """Blocks, who reads them, and where to send what is done to them."""

    id: str
    url: str
    blocks: list[Json]
    reader: Reader
    people: Callable[[], list[tuple[str, str]]]  # id and name
    channels: Callable[[], list[tuple[str, str]]]
    picture: Callable[[Json], Attached | None]  # that an image shows
    values: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, composed: Json | None) -> Markup:
        """Return a text object as HTML."""
        if not composed:
            return Markup("")
        if composed.get("type") == "mrkdwn":
            return mrkdwn(str(composed.get("text", "")), self.reader)
        return plain(str(composed.get("text", "")))

    def rich_text(self, block: Json) -> Markup:
        """Return a rich_text block as HTML."""
        return rich_text(block, self.reader)

    def field(self, block: Json, element: Json) -> Field:
        """Return an interactive element, with what is filled in."""
        control = Control(block, element)
        state = self.values.get(control.block_id, {}).get(control.action_id)
        values = shown_of(element, state, self.reader.zone)
        return Field(
            key=control.key,
            id=f"{self.id}-{control.key}",
            kind=str(element["type"]),
            element=element,
            label=_label(block, element),
            values=values,
            groups=self._groups(element, set(values)),
            dispatches=control.dispatches,
            confirm=element.get("confirm"),
        )

    def _groups(self, element: Json, chosen: set[str]) -> list[tuple[str, list[Option]]]:
        kind = str(element["type"])
        if "users" in kind:
            return [("", _named(self.people(), chosen))]
        if "conversations" in kind or "channels" in kind:
            return [("", _named(self.channels(), chosen))]
        return [
            (name, [self._option(option, chosen) for option in options])
            for name, options in options_of(element)
        ]

    def _option(self, option: Json, chosen: set[str]) -> Option:
        return Option(
            value=str(option.get("value", "")),
            label=self.text(option.get("text")),
            description=self.text(option.get("description")),
            is_chosen=str(option.get("value", "")) in chosen,
        )


def message_surface(
    workspace: Workspace, reader: Reader, channel_id: str, message: Message
) -> Surface:
    """Return a message as a surface."""
    return Surface(
        id=f"m-{message.ts.replace('.', '-')}",
        url=f"/as/{reader.user_id}/{channel_id}/{message.ts}",
        blocks=message.blocks,
        reader=reader,
        people=lambda: _people(workspace),
        channels=lambda: _channels(workspace, reader.user_id),
        picture=lambda element: picture_of(workspace, reader.user_id, element),
    )


def view_surface(workspace: Workspace, reader: Reader, opened: OpenView) -> Surface:
    """Return a modal or a Home tab as a surface."""
    return Surface(
        id=f"v-{opened.id}",
        url=f"/as/{reader.user_id}/views/{opened.id}",
        blocks=list(opened.view.get("blocks", [])),
        reader=reader,
        people=lambda: _people(workspace),
        channels=lambda: _channels(workspace, reader.user_id),
        picture=lambda element: picture_of(workspace, reader.user_id, element),
        values=opened.values,
        errors=opened.errors,
    )


def _people(workspace: Workspace) -> list[tuple[str, str]]:
    return [(user.id, user.real_name or user.name) for user in people_of(workspace)]


def _channels(workspace: Workspace, user_id: str) -> list[tuple[str, str]]:
    mine = [c for c in workspace.channels.values() if not c.is_direct and user_id in c.members]
    return [(channel.id, f"#{channel.name}") for channel in mine]


def _named(pairs: list[tuple[str, str]], chosen: set[str]) -> list[Option]:
    return [Option(key, escape(name), Markup(""), key in chosen) for key, name in pairs]


def _label(block: Json, element: Json) -> str:
    """Return a name for screen readers: what the app says, or the text next to the element."""
    sources = (element.get("accessibility_label"), block.get("label"), element.get("placeholder"))
    for source in (*sources, element.get("text"), block.get("text")):
        text = source.get("text") if isinstance(source, dict) else source
        if text:
            return str(text)
    return str(element["type"]).replace("_", " ")
