"""Composition objects: texts, confirm dialogs, options."""

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, model_validator

from sandbox.limits.strict import (
    LONG_TEXT_LIMIT,
    Id,
    Maybe,
    Strict,
    Style,
    Url,
    WebUrl,
    chooser,
    fault,
)

OPTION_LIMIT, GROUP_LIMIT = 100, 100
TEXT_LIMIT = 3000  # characters of any text object, where no smaller limit holds

Words = Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT)]
Value = Annotated[str, Field(min_length=1, max_length=150)]


class PlainText(Strict):
    """Text without formatting."""

    type: Literal["plain_text"]
    text: Words
    emoji: Maybe[bool] = None


class Mrkdwn(Strict):
    """Text with Slack's formatting."""

    type: Literal["mrkdwn"]
    text: Words
    verbatim: Maybe[bool] = None


AnyText = PlainText | Mrkdwn


def plain_to(limit: int) -> PlainValidator:
    """Return the check of a plain_text object of so many characters at most."""
    return _sized(limit, PlainText)


def text_to(limit: int) -> PlainValidator:
    """Return the check of a plain_text or mrkdwn object of so many characters at most."""
    return _sized(limit, PlainText, Mrkdwn)


def _sized(limit: int, *models: type[Strict]) -> PlainValidator:
    choose = chooser(*models)

    def check(given: object) -> Any:
        chosen = choose(given)
        if len(chosen.text) > limit:
            raise fault(f"must be less than {limit + 1} characters", "text")
        return chosen

    return PlainValidator(check)


class Confirm(Strict):
    """The dialog that asks again before something is done."""

    title: Annotated[PlainText, plain_to(100)]
    text: Annotated[AnyText, text_to(300)]
    confirm: Annotated[PlainText, plain_to(30)]
    deny: Annotated[PlainText, plain_to(30)]
    style: Maybe[Style] = None


class Option(Strict):
    """One choice of a menu."""

    text: Annotated[PlainText, plain_to(75)]
    value: Value
    description: Maybe[Annotated[PlainText, plain_to(75)]] = None


class OverflowOption(Option):
    """One choice of an overflow menu: it may open an address."""

    url: Maybe[Url] = None


class BoxOption(Strict):
    """One choice of radio buttons or checkboxes: it may be formatted."""

    text: Annotated[AnyText, text_to(75)]
    value: Value
    description: Maybe[Annotated[AnyText, text_to(75)]] = None


class OptionGroup(Strict):
    """Options under a label."""

    label: Annotated[PlainText, plain_to(75)]
    options: Annotated[list[Option], Field(min_length=1, max_length=OPTION_LIMIT)]


class SlackFile(Strict):
    """An image that was uploaded to Slack, by id or by address."""

    id: Maybe[Id] = None
    url: Maybe[Url] = None

    @model_validator(mode="after")
    def _name_it_once(self) -> "SlackFile":
        if (self.id is None) == (self.url is None):
            raise fault("must define either `id` or `url`")
        return self


class Picture(Strict):
    """What image blocks and image elements share."""

    image_url: Maybe[WebUrl] = None
    slack_file: Maybe[SlackFile] = None
    alt_text: Annotated[str, Field(min_length=1, max_length=LONG_TEXT_LIMIT)]

    @model_validator(mode="after")
    def _come_from_one_place(self) -> "Picture":
        if (self.image_url is None) == (self.slack_file is None):
            raise fault("must define either `image_url` or `slack_file`")
        return self


class Trigger(Strict):
    """When typing is reported to the app."""

    trigger_actions_on: Annotated[
        list[Literal["on_enter_pressed", "on_character_entered"]],
        Field(min_length=1, max_length=2),
    ]
