"""Blocks, and which elements may stand in which."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sandbox.limits import inputs, menus
from sandbox.limits.rich_text import RichText
from sandbox.limits.strict import LONG_TEXT_LIMIT, Id, Maybe, NonEmpty, Strict, fault, one_of
from sandbox.limits.table import Table
from sandbox.limits.texts import AnyText, Mrkdwn, Picture, PlainText, plain_to, text_to

SECTION_LIMIT, FIELD_LIMIT, HEADER_LIMIT, MARKDOWN_LIMIT = 3000, 2000, 150, 12_000  # characters
MOST_FIELDS, MOST_IN_CONTEXT, MOST_ACTIONS = 10, 10, 25

# Which element stands where is the table «Block elements» of Slack's reference.
_MENUS = (
    menus.StaticSelect,
    menus.MultiStaticSelect,
    menus.UsersSelect,
    menus.MultiUsersSelect,
    menus.ChannelsSelect,
    menus.MultiChannelsSelect,
    menus.ConversationsSelect,
    menus.MultiConversationsSelect,
    menus.RadioButtons,
    menus.Checkboxes,
    inputs.DatePicker,
    inputs.TimePicker,
)
_PRESSED = (menus.Button, menus.Overflow)
_TYPED = (
    inputs.PlainTextInput,
    inputs.EmailInput,
    inputs.UrlInput,
    inputs.NumberInput,
    inputs.RichTextInput,
)
_ACCESSORY = one_of(*_MENUS, *_PRESSED, inputs.ImageElement)
_ACTION = one_of(*_MENUS, *_PRESSED, inputs.DateTimePicker)
_INPUT = one_of(*_MENUS, *_TYPED, inputs.DateTimePicker)


class Block(Strict):
    """What every block can have."""

    block_id: Maybe[Id] = None


class Section(Block):
    """A text, with fields below it and an element beside it."""

    type: Literal["section"]
    text: Maybe[Annotated[AnyText, text_to(SECTION_LIMIT)]] = None
    fields: Maybe[
        Annotated[
            list[Annotated[AnyText, text_to(FIELD_LIMIT)]],
            Field(min_length=1, max_length=MOST_FIELDS),
        ]
    ] = None
    accessory: Maybe[Annotated[Any, _ACCESSORY]] = None
    expand: Maybe[bool] = None

    @model_validator(mode="after")
    def _say_something(self) -> "Section":
        if self.text is None and self.fields is None:
            raise fault("must define either `text` or `fields`")
        return self


class Header(Block):
    """A headline."""

    type: Literal["header"]
    text: Annotated[PlainText, plain_to(HEADER_LIMIT)]


class Divider(Block):
    """A line across."""

    type: Literal["divider"]


class Context(Block):
    """Small texts and pictures."""

    type: Literal["context"]
    elements: Annotated[
        list[Annotated[Any, one_of(PlainText, Mrkdwn, inputs.ImageElement)]],
        Field(min_length=1, max_length=MOST_IN_CONTEXT),
    ]


class Actions(Block):
    """Elements to act on."""

    type: Literal["actions"]
    elements: Annotated[list[Annotated[Any, _ACTION]], Field(min_length=1, max_length=MOST_ACTIONS)]


class Input(Block):
    """A labelled element to fill in."""

    type: Literal["input"]
    label: Annotated[PlainText, plain_to(LONG_TEXT_LIMIT)]
    element: Annotated[Any, _INPUT]
    hint: Maybe[Annotated[PlainText, plain_to(LONG_TEXT_LIMIT)]] = None
    optional: Maybe[bool] = None
    dispatch_action: Maybe[bool] = None


class Image(Block, Picture):
    """A picture."""

    type: Literal["image"]
    title: Maybe[Annotated[PlainText, plain_to(LONG_TEXT_LIMIT)]] = None


class Markdown(Block):
    """Text in standard Markdown."""

    type: Literal["markdown"]
    text: Annotated[NonEmpty, Field(max_length=MARKDOWN_LIMIT)]


ANYWHERE = (Section, Header, Divider, Context, Actions, Input, Image, RichText)
MESSAGES_ONLY = (Markdown, Table)
