"""Elements to type in, and to pick dates and times with; the image element."""

import re
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from sandbox.limits.menus import Focusable, Menu
from sandbox.limits.rich_text import RichText
from sandbox.limits.strict import Id, Maybe, Strict, WebUrl, fault
from sandbox.limits.texts import Picture, PlainText, Trigger, plain_to

INPUT_LIMIT = 3000  # characters

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE, _TIME = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d\d:\d\d")


def _is_date(given: str) -> str:
    try:
        date.fromisoformat(given)
    except ValueError:
        raise fault("must be a valid date in the format YYYY-MM-DD") from None
    if not _DATE.fullmatch(given):
        raise fault("must be a valid date in the format YYYY-MM-DD")
    return given


def _is_time(given: str) -> str:
    try:
        time.fromisoformat(given)
    except ValueError:
        raise fault("must be a valid time in the format HH:mm") from None
    if not _TIME.fullmatch(given):
        raise fault("must be a valid time in the format HH:mm")
    return given


def _is_timezone(given: str) -> str:
    try:
        ZoneInfo(given)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise fault("must be a valid timezone") from None
    return given


def _is_email(given: str) -> str:
    if not _EMAIL.fullmatch(given):
        raise fault("must be a valid email address")
    return given


def _is_number(given: str) -> str:
    try:
        finite = Decimal(given).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise fault("must be a valid number")
    return given


Number = Annotated[str, Field(min_length=1), AfterValidator(_is_number)]


class DatePicker(Menu):
    """A date."""

    type: Literal["datepicker"]
    initial_date: Maybe[Annotated[str, AfterValidator(_is_date)]] = None


class TimePicker(Menu):
    """A time of day."""

    type: Literal["timepicker"]
    initial_time: Maybe[Annotated[str, AfterValidator(_is_time)]] = None
    timezone: Maybe[Annotated[str, AfterValidator(_is_timezone)]] = None


class DateTimePicker(Focusable):
    """A date with a time; `initial_date_time` is a Unix time of ten digits."""

    type: Literal["datetimepicker"]
    initial_date_time: Maybe[Annotated[int, Field(ge=10**9, le=10**10 - 1)]] = None


class Typed(Strict):
    """What is typed in."""

    action_id: Maybe[Id] = None
    placeholder: Maybe[Annotated[PlainText, plain_to(150)]] = None
    focus_on_load: Maybe[bool] = None
    dispatch_action_config: Maybe[Trigger] = None


class PlainTextInput(Typed):
    """Free text."""

    type: Literal["plain_text_input"]
    initial_value: Maybe[Annotated[str, Field(max_length=INPUT_LIMIT)]] = None
    multiline: Maybe[bool] = None
    min_length: Maybe[Annotated[int, Field(ge=0, le=INPUT_LIMIT)]] = None
    max_length: Maybe[Annotated[int, Field(ge=1, le=INPUT_LIMIT)]] = None

    @model_validator(mode="after")
    def _leave_room(self) -> "PlainTextInput":
        if self.max_length is not None and (self.min_length or 0) > self.max_length:
            raise fault("must be greater than or equal to min_length", "max_length")
        return self


class EmailInput(Typed):
    """An email address."""

    type: Literal["email_text_input"]
    initial_value: Maybe[Annotated[str, AfterValidator(_is_email)]] = None


class UrlInput(Typed):
    """An address on the web."""

    type: Literal["url_text_input"]
    initial_value: Maybe[WebUrl] = None


class NumberInput(Typed):
    """A number; its limits are written as text."""

    type: Literal["number_input"]
    is_decimal_allowed: bool
    initial_value: Maybe[Number] = None
    min_value: Maybe[Number] = None
    max_value: Maybe[Number] = None

    @model_validator(mode="after")
    def _be_in_order(self) -> "NumberInput":
        low = Decimal(self.min_value) if self.min_value else None
        high = Decimal(self.max_value) if self.max_value else None
        if low is not None and high is not None and low > high:
            raise fault("must be greater than or equal to min_value", "max_value")
        return self


class RichTextInput(Typed):
    """Formatted text."""

    type: Literal["rich_text_input"]
    initial_value: Maybe[RichText] = None
    min_lines: Maybe[Annotated[int, Field(ge=1)]] = None
    max_lines: Maybe[Annotated[int, Field(ge=1)]] = None


class ImageElement(Picture):
    """A picture beside text."""

    type: Literal["image"]
