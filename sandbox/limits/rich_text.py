"""Rich text: sections, lists, quotes and preformatted text, and what stands in them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from sandbox.limits.strict import Id, Maybe, NonEmpty, Strict, Url, one_of

Border = Annotated[int, Field(ge=0, le=1)]


class TextStyle(Strict):
    """How words look."""

    bold: Maybe[bool] = None
    italic: Maybe[bool] = None
    strike: Maybe[bool] = None
    code: Maybe[bool] = None
    underline: Maybe[bool] = None
    highlight: Maybe[bool] = None
    client_highlight: Maybe[bool] = None
    unlink: Maybe[bool] = None


class Styled(Strict):
    """What can have a look."""

    style: Maybe[TextStyle] = None


class Words(Styled):
    """Words, shown as they are."""

    type: Literal["text"]
    text: NonEmpty


class Link(Styled):
    """A link."""

    type: Literal["link"]
    url: Url
    text: Maybe[str] = None
    unsafe: Maybe[bool] = None


class User(Styled):
    """A mention of a person."""

    type: Literal["user"]
    user_id: NonEmpty


class Channel(Styled):
    """A mention of a channel."""

    type: Literal["channel"]
    channel_id: NonEmpty


class UserGroup(Styled):
    """A mention of a group of people."""

    type: Literal["usergroup"]
    usergroup_id: NonEmpty


class Team(Styled):
    """A mention of a workspace."""

    type: Literal["team"]
    team_id: NonEmpty


class Emoji(Styled):
    """An emoji by its name."""

    type: Literal["emoji"]
    name: NonEmpty
    unicode: Maybe[NonEmpty] = None
    skin_tone: Maybe[Annotated[int, Field(ge=1, le=6)]] = None


class Date(Styled):
    """A moment, shown in the reader's timezone; `timestamp` in Unix seconds."""

    type: Literal["date"]
    timestamp: int
    format: NonEmpty
    url: Maybe[Url] = None
    fallback: Maybe[NonEmpty] = None


class Broadcast(Styled):
    """A mention of everybody."""

    type: Literal["broadcast"]
    range: Literal["here", "channel", "everyone"]


class Color(Styled):
    """A colour, as a swatch."""

    type: Literal["color"]
    value: NonEmpty


_INLINE = one_of(Words, Link, User, Channel, UserGroup, Team, Emoji, Date, Broadcast, Color)


class RichTextSection(Strict):
    """A run of words."""

    type: Literal["rich_text_section"]
    elements: list[Annotated[Any, _INLINE]]


class RichTextList(Strict):
    """A list, each entry a section."""

    type: Literal["rich_text_list"]
    style: Literal["bullet", "ordered"]
    elements: list[Annotated[RichTextSection, one_of(RichTextSection)]]
    indent: Maybe[Annotated[int, Field(ge=0, le=8)]] = None
    offset: Maybe[Annotated[int, Field(ge=0)]] = None
    border: Maybe[Border] = None


class RichTextQuote(Strict):
    """A quotation."""

    type: Literal["rich_text_quote"]
    elements: list[Annotated[Any, _INLINE]]
    border: Maybe[Border] = None


class RichTextPreformatted(Strict):
    """Text in a fixed width."""

    type: Literal["rich_text_preformatted"]
    elements: list[Annotated[Any, one_of(Words, Link)]]
    border: Maybe[Border] = None
    language: Maybe[NonEmpty] = None


class RichText(Strict):
    """A block of rich text."""

    type: Literal["rich_text"]
    block_id: Maybe[Id] = None
    elements: list[
        Annotated[Any, one_of(RichTextSection, RichTextList, RichTextQuote, RichTextPreformatted)]
    ]
