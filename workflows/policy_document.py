"""The policy: every number the bot goes by, read from a YAML document and validated whole."""

import re
from collections.abc import Iterator
from datetime import date, time
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from workflows.errors import PolicyInvalidError
from workflows.escalations.rules import EscalationRules, Levels, Topic, TopicName
from workflows.fault_words import words_of
from workflows.policy_shapes import (
    ChannelId,
    CodeText,
    CountryCode,
    Section,
    UserId,
    WallTime,
    Weekday,
    ZoneName,
)
from workflows.public_holidays import region_code
from workflows.storable import storable_text


class Call(Section):
    """The weekly coordination call."""

    weekday: Weekday
    time: WallTime
    timezone: ZoneName

    @property
    def zone(self) -> ZoneInfo:
        """Return the timezone that the call is planned in."""
        return ZoneInfo(self.timezone)


class Channels(Section):
    """Where the bot speaks to many."""

    coordination: ChannelId
    fallback: ChannelId | None = None  # takes what Slack refuses elsewhere


class People(Section):
    """Who plays a part that is not bound to an initiative or department."""

    programme_manager: UserId | None = None


class Attention(Section):
    """How much the bot asks of people at once."""

    gather_minutes: int = Field(default=15, ge=0, le=240)


class AuditRules(Section):
    """When the bot checks by itself that all it owes will happen."""

    time: WallTime = time(8)


class WorkingHours(Section):
    """When people may be written to, in their own timezone."""

    start: WallTime = time(9)
    end: WallTime = time(18)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError("the end has to come after the start")
        return self


class CalendarRules(Section):
    """Whose public holidays are days off, for people whose own country is not known."""

    country: CountryCode | None = None  # without one, no day is a public holiday
    region: CodeText | None = None

    @field_validator("region")
    @classmethod
    def _of_its_country(cls, region: str | None, others: ValidationInfo) -> str | None:
        if region is None or "country" not in others.data:  # which has a fault of its own
            return region
        if others.data["country"] is None:
            raise ValueError("name the country that it is a region of, too")
        return region_code(others.data["country"], region)


class RoundRules(Section):
    """How one week's updates are collected."""

    opens_working_days_before: int = Field(default=3, ge=1, le=4)
    prompt_working_days_before: int = Field(default=2, ge=1, le=4)
    prompt_time: WallTime = time(9)
    reminder_working_days_before: int = Field(default=1, ge=1, le=4)
    reminder_time: WallTime = time(9)
    closes_minutes_before: int = Field(default=60, ge=0, le=1440)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens_working_days_before <= self.prompt_working_days_before:
            raise ValueError("the round has to open at least a working day before the prompt")
        if self.prompt_working_days_before <= self.reminder_working_days_before:
            raise ValueError("the prompt has to come at least a working day before the reminder")
        return self


class UpdateRules(Section):
    """How long an update may be."""

    minutes: int = Field(default=3, ge=1, le=60)
    words: int = Field(default=400, ge=1, le=2000)


class RegistryRules(Section):
    """What the registry asks of its entries."""

    stale_days: int = Field(default=7, ge=1, le=365)


class Switch(StrEnum):
    """A feature that a workspace switches on."""

    ESCALATIONS = "escalations"


class PolicyDocument(Section):
    """The whole policy, as a workspace has set it."""

    call: Call
    channels: Channels
    people: People = People()
    working_days: frozenset[Weekday] = frozenset(list(Weekday)[:5])
    fiscal_year_start_month: int = Field(default=1, ge=1, le=12)  # "FY27 Q2" in what people type
    working_hours: WorkingHours = WorkingHours()
    calendar: CalendarRules = CalendarRules()
    round: RoundRules = RoundRules()
    update: UpdateRules = UpdateRules()
    attention: Attention = Attention()
    audit: AuditRules = AuditRules()
    registry: RegistryRules = RegistryRules()
    features: frozenset[Switch] = frozenset()
    levels: Levels = Levels()
    topics: dict[TopicName, Topic] = Field(default_factory=dict)
    escalations: EscalationRules = EscalationRules()

    @model_validator(mode="after")
    def _some_days_work(self) -> Self:
        if not self.working_days:
            raise ValueError("working_days: name at least one day")
        return self

    def works_on(self, day: date) -> bool:
        """Return whether the day is a working day."""
        return Weekday.of(day) in self.working_days


def placeholders(document: PolicyDocument) -> list[str]:
    """Return the settings that still hold an id of policy.example.yml."""
    sections = document.model_dump(include={"channels", "people", "levels", "topics"})
    held = [path for path, id_ in _texts(sections) if re.fullmatch(r"[CSU]0{9}\d", id_)]
    return list(dict.fromkeys(held))


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Give every text of some settings, with the setting's path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, held in value.items():
            yield from _texts(held, f"{path}.{name}".removeprefix("."))
    elif isinstance(value, tuple):
        for held in value:
            yield from _texts(held, path)


class _Loader(yaml.SafeLoader):
    """Reads texts without what no database holds; YAML has escapes for it."""


def _construct_text(loader: _Loader, node: yaml.ScalarNode) -> str:
    return storable_text(str(loader.construct_scalar(node)))


_Loader.add_constructor("tag:yaml.org,2002:str", _construct_text)


def has_clause(path: str) -> bool:
    """Return whether a policy has a clause of this name, such as `round.prompt_time`."""
    section: Any = PolicyDocument
    for name in path.split("."):
        field = getattr(section, "model_fields", {}).get(name)
        if field is None:
            return False
        section = field.annotation
    return True


@lru_cache(maxsize=64)  # a text never means two things, and reading YAML is slow
def read_policy(text: str) -> PolicyDocument:
    """Read a policy from YAML.

    Raises:
        PolicyInvalidError: with every fault in it, each with its line and path.
    """
    try:
        content = yaml.load(text, Loader=_Loader)
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyInvalidError([f"line {line}: {error.problem or 'not YAML'}"]) from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that is none, as 2026-13-01
        raise PolicyInvalidError([f"not YAML: {error}"]) from None
    except RecursionError:
        raise PolicyInvalidError(["it is nested too deeply to be a policy"]) from None
    try:
        return PolicyDocument.model_validate({} if content is None else content)
    except ValidationError as error:
        raise PolicyInvalidError([_fault(tree, fault) for fault in error.errors()]) from None


def _fault(tree: yaml.Node | None, fault: Any) -> str:
    path = [part for part in fault["loc"] if part != "[key]"]
    where = ".".join(str(part) for part in path) or "the whole document"
    return f"line {_line(tree, path)}, {where}: {words_of(fault)}"


def _line(node: yaml.Node | None, path: list[str | int]) -> int:
    """Return the line of the deepest part of the path that the document has."""
    if node is None:
        return 1
    line: int = node.start_mark.line + 1
    if path and isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == path[0]:
                return max(int(key.start_mark.line) + 1, _line(value, path[1:]))
    if path and isinstance(node, yaml.SequenceNode) and isinstance(path[0], int):
        return _line(node.value[path[0]], path[1:])
    return line
