"""The app's manifest, as far as the workspace goes by it."""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, Field


class Command(BaseModel):
    """A slash command, as the composer completes it."""

    command: str
    description: str
    usage_hint: str = ""


class Shortcut(BaseModel):
    """A shortcut of the app: on a message, or from anywhere."""

    name: Annotated[str, Field(min_length=1, max_length=24)]
    type: Literal["message", "global"]
    callback_id: Annotated[str, Field(min_length=1, max_length=255)]
    description: Annotated[str, Field(max_length=150)]


class _AppHome(BaseModel):
    home_tab_enabled: bool = False
    messages_tab_enabled: bool = False
    messages_tab_read_only_enabled: bool = False


class _BotUser(BaseModel):
    display_name: str


class _Features(BaseModel):
    app_home: _AppHome = _AppHome()
    bot_user: _BotUser
    slash_commands: list[Command] = Field(default_factory=list)
    shortcuts: Annotated[list[Shortcut], Field(default_factory=list, max_length=10)]


class _Scopes(BaseModel):
    bot: list[str]


class _OAuth(BaseModel):
    scopes: _Scopes


class _Events(BaseModel):
    bot_events: list[str] = Field(default_factory=list)


class _Settings(BaseModel):
    event_subscriptions: _Events = _Events()


class Manifest(BaseModel):
    """What the app asked for."""

    features: _Features
    oauth_config: _OAuth
    settings: _Settings = _Settings()

    @property
    def commands(self) -> list[Command]:
        """Return the slash commands."""
        return self.features.slash_commands

    @property
    def message_shortcuts(self) -> list[Shortcut]:
        """Return the shortcuts that every message has in its menu."""
        return [one for one in self.features.shortcuts if one.type == "message"]

    @property
    def scopes(self) -> list[str]:
        """Return the bot's scopes."""
        return self.oauth_config.scopes.bot

    @property
    def events(self) -> list[str]:
        """Return the events that the app hears."""
        return self.settings.event_subscriptions.bot_events

    @property
    def bot_name(self) -> str:
        """Return what the bot is called."""
        return self.features.bot_user.display_name


def read_manifest(file: Path) -> Manifest:
    """Read manifest.yml.

    Raises:
        pydantic.ValidationError: it is no manifest.
    """
    return Manifest.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
