"""What the parts of a policy are made of: days, wall times, zones, and Slack's ids."""

import re
from datetime import date, time
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from workflows.public_holidays import country_code
from workflows.zones import is_zone


class Weekday(StrEnum):
    """A day of the week; its place in the enum is date.weekday()."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @classmethod
    def of(cls, day: date) -> "Weekday":
        """Return the weekday of a date."""
        return list(cls)[day.weekday()]


def _clock_time(value: object) -> object:
    # YAML 1.1 reads an unquoted 15:00 as the number 900, so a number here is a missing quote.
    if not isinstance(value, str):
        raise ValueError('write the time in quotes, as "09:00"')  # noqa: TRY004  (for pydantic)
    return value


def _known_zone(name: str) -> str:
    if not is_zone(name):
        raise ValueError("not a timezone; write an IANA name such as Europe/Berlin")
    return name


def _without_zone(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("write the time without a zone: it is that of whoever it is about")
    return value


def _in_quotes(value: object) -> object:
    # YAML 1.1 reads an unquoted NO, Norway, as false, and ON, Ontario, as true.
    if isinstance(value, bool):
        raise ValueError('write the code in quotes, as "NO" or "ON"')  # noqa: TRY004
    return value


def _slack_id(value: object, shape: str) -> object:
    if not (isinstance(value, str) and re.fullmatch(shape, value)):
        raise ValueError("write the id, such as C0123456789 or U0123456789, not the name")
    return value


def _channel_id(value: object) -> object:
    return _slack_id(value, r"[CG][A-Z0-9]{8,}")


def _group_id(value: object) -> object:
    return _slack_id(value, r"S[A-Z0-9]{8,}")


def _user_id(value: object) -> object:
    return _slack_id(value, r"[UW][A-Z0-9]{2,}")


WallTime = Annotated[time, BeforeValidator(_clock_time), AfterValidator(_without_zone)]
CodeText = Annotated[str, BeforeValidator(_in_quotes)]
CountryCode = Annotated[CodeText, AfterValidator(country_code)]
ZoneName = Annotated[str, AfterValidator(_known_zone)]
ChannelId = Annotated[str, BeforeValidator(_channel_id)]
GroupId = Annotated[str, BeforeValidator(_group_id)]
UserId = Annotated[str, BeforeValidator(_user_id)]


class Section(BaseModel):
    """A part of the policy: what it doesn't know is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)
