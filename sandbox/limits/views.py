"""Messages, modals and home tabs: what holds the blocks."""

from typing import Annotated, Any, Literal

from pydantic import Field

from sandbox.limits.blocks import ANYWHERE, MESSAGES_ONLY
from sandbox.limits.strict import ID_LIMIT, Maybe, Strict, one_of
from sandbox.limits.texts import PlainText, plain_to

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
VIEW_BYTES = 250_000  # of compact JSON
TITLE_LIMIT, METADATA_LIMIT = 24, 3000  # characters

_ViewBlocks = Annotated[list[Annotated[Any, one_of(*ANYWHERE)]], Field(max_length=VIEW_BLOCKS)]
_Named = Maybe[Annotated[str, Field(max_length=ID_LIMIT)]]


class MessageBlocks(Strict):
    """The blocks of a message."""

    blocks: Annotated[
        list[Annotated[Any, one_of(*ANYWHERE, *MESSAGES_ONLY)]], Field(max_length=MESSAGE_BLOCKS)
    ]


class ViewBlocks(Strict):
    """The blocks of a modal or a home tab."""

    blocks: _ViewBlocks


class View(ViewBlocks):
    """What modals and home tabs share."""

    private_metadata: Maybe[Annotated[str, Field(max_length=METADATA_LIMIT)]] = None
    callback_id: _Named = None
    external_id: _Named = None


class Home(View):
    """A home tab."""

    type: Literal["home"]


class Modal(View):
    """A modal."""

    type: Literal["modal"]
    title: Annotated[PlainText, plain_to(TITLE_LIMIT)]
    submit: Maybe[Annotated[PlainText, plain_to(TITLE_LIMIT)]] = None
    close: Maybe[Annotated[PlainText, plain_to(TITLE_LIMIT)]] = None
    clear_on_close: Maybe[bool] = None
    notify_on_close: Maybe[bool] = None
    submit_disabled: Maybe[bool] = None
