"""Elements to choose with: buttons, menus, boxes, people and channels."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sandbox.limits.strict import Id, Maybe, NonEmpty, Strict, Style, Url, fault
from sandbox.limits.texts import (
    GROUP_LIMIT,
    OPTION_LIMIT,
    BoxOption,
    Confirm,
    Option,
    OptionGroup,
    OverflowOption,
    PlainText,
    plain_to,
)

BOX_LIMIT, OVERFLOW_LIMIT = 10, 5


class Element(Strict):
    """What can be acted on."""

    action_id: Maybe[Id] = None
    confirm: Maybe[Confirm] = None


class Focusable(Element):
    """What can have the keyboard when a view opens."""

    focus_on_load: Maybe[bool] = None


class Menu(Focusable):
    """What opens a list, under a placeholder."""

    placeholder: Maybe[Annotated[PlainText, plain_to(150)]] = None


class MultiMenu(Menu):
    """A menu in which several can be chosen."""

    max_selected_items: Maybe[Annotated[int, Field(ge=1)]] = None


class Button(Element):
    """A button."""

    type: Literal["button"]
    text: Annotated[PlainText, plain_to(75)]
    url: Maybe[Url] = None
    value: Maybe[Annotated[str, Field(max_length=2000)]] = None
    style: Maybe[Style] = None
    accessibility_label: Maybe[Annotated[str, Field(max_length=75)]] = None


class Overflow(Element):
    """The menu behind three dots."""

    type: Literal["overflow"]
    options: Annotated[list[OverflowOption], Field(min_length=1, max_length=OVERFLOW_LIMIT)]


class RadioButtons(Focusable):
    """A choice of one, all of them seen."""

    type: Literal["radio_buttons"]
    options: Annotated[list[BoxOption], Field(min_length=1, max_length=BOX_LIMIT)]
    initial_option: Maybe[BoxOption] = None

    @model_validator(mode="after")
    def _begin_with_an_option(self) -> "RadioButtons":
        if self.initial_option is not None:
            _require_known(self.initial_option, self.options, "initial_option")
        return self


class Checkboxes(Focusable):
    """A choice of several, all of them seen."""

    type: Literal["checkboxes"]
    options: Annotated[list[BoxOption], Field(min_length=1, max_length=BOX_LIMIT)]
    initial_options: Maybe[Annotated[list[BoxOption], Field(min_length=1)]] = None

    @model_validator(mode="after")
    def _begin_with_options(self) -> "Checkboxes":
        for position, option in enumerate(self.initial_options or []):
            _require_known(option, self.options, "initial_options", position)
        return self


class Choices(Strict):
    """Options of a menu, plain or in groups."""

    options: Maybe[Annotated[list[Option], Field(min_length=1, max_length=OPTION_LIMIT)]] = None
    option_groups: Maybe[
        Annotated[list[OptionGroup], Field(min_length=1, max_length=GROUP_LIMIT)]
    ] = None

    @model_validator(mode="after")
    def _come_plain_or_in_groups(self) -> "Choices":
        if (self.options is None) == (self.option_groups is None):
            raise fault("must define either `options` or `option_groups`")
        return self

    @property
    def every_option(self) -> list[Option]:
        """Return the options of all groups."""
        grouped = [option for group in self.option_groups or [] for option in group.options]
        return [*(self.options or []), *grouped]


class StaticSelect(Choices, Menu):
    """A menu of options."""

    type: Literal["static_select"]
    initial_option: Maybe[Option] = None

    @model_validator(mode="after")
    def _begin_with_an_option(self) -> "StaticSelect":
        if self.initial_option is not None:
            _require_known(self.initial_option, self.every_option, "initial_option")
        return self


class MultiStaticSelect(Choices, MultiMenu):
    """A menu of options, several to choose."""

    type: Literal["multi_static_select"]
    initial_options: Maybe[Annotated[list[Option], Field(min_length=1)]] = None

    @model_validator(mode="after")
    def _begin_with_options(self) -> "MultiStaticSelect":
        for position, option in enumerate(self.initial_options or []):
            _require_known(option, self.every_option, "initial_options", position)
        return self


class UsersSelect(Menu):
    """A menu of people."""

    type: Literal["users_select"]
    initial_user: Maybe[NonEmpty] = None


class MultiUsersSelect(MultiMenu):
    """A menu of people, several to choose."""

    type: Literal["multi_users_select"]
    initial_users: Maybe[list[NonEmpty]] = None


class ChannelsSelect(Menu):
    """A menu of public channels."""

    type: Literal["channels_select"]
    initial_channel: Maybe[NonEmpty] = None
    response_url_enabled: Maybe[bool] = None


class MultiChannelsSelect(MultiMenu):
    """A menu of public channels, several to choose."""

    type: Literal["multi_channels_select"]
    initial_channels: Maybe[list[NonEmpty]] = None


class ConversationFilter(Strict):
    """Which conversations are offered."""

    include: Maybe[
        Annotated[list[Literal["im", "mpim", "private", "public"]], Field(min_length=1)]
    ] = None
    exclude_external_shared_channels: Maybe[bool] = None
    exclude_bot_users: Maybe[bool] = None

    @model_validator(mode="after")
    def _say_something(self) -> "ConversationFilter":
        if not self.model_fields_set:
            raise fault("must define at least one of its fields")
        return self


class ConversationsSelect(Menu):
    """A menu of conversations."""

    type: Literal["conversations_select"]
    initial_conversation: Maybe[NonEmpty] = None
    default_to_current_conversation: Maybe[bool] = None
    response_url_enabled: Maybe[bool] = None
    filter: Maybe[ConversationFilter] = None


class MultiConversationsSelect(MultiMenu):
    """A menu of conversations, several to choose."""

    type: Literal["multi_conversations_select"]
    initial_conversations: Maybe[list[NonEmpty]] = None
    default_to_current_conversation: Maybe[bool] = None
    filter: Maybe[ConversationFilter] = None


def _require_known(
    initial: Option | BoxOption, options: Sequence[Option | BoxOption], *path: str | int
) -> None:
    if _identity(initial) not in [_identity(option) for option in options]:
        raise fault("must be one of the provided options", *path)


def _identity(option: Option | BoxOption) -> tuple[str, str, str]:
    return option.value, option.text.type, option.text.text
