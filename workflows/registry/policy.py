"""What an entry may say, and what changed between two versions. Pure: facts in, facts out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from storage.models import Stage
from workflows.errors import EntryInvalidError

CHANGE_FLOOR = 30  # percent of the budget for change management; less is flagged
_LONG = 3000  # characters, as much as Slack's fields take
_HIGHEST = 2_000_000_000  # what an integer column of either database holds


class Facts(BaseModel):
    """All that the registry says of an initiative, but for its people and its department."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True, extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    stage: Stage
    topic: str = Field(default="", max_length=200)
    objective: str = Field(default="", max_length=_LONG)
    outcome: str = Field(default="", max_length=_LONG)
    stakeholders: str = Field(default="", max_length=_LONG)
    data: str = Field(default="", max_length=_LONG)
    skills: str = Field(default="", max_length=_LONG)
    compute: str = Field(default="", max_length=_LONG)
    starts_on: date | None = None
    target_on: date | None = None
    currency: str = Field(default="", max_length=20)
    budget_approved: int | None = Field(default=None, ge=0, le=_HIGHEST)
    budget_spent: int | None = Field(default=None, ge=0, le=_HIGHEST)
    budget_forecast: int | None = Field(default=None, ge=0, le=_HIGHEST)
    change_percent: int | None = Field(default=None, ge=0, le=100)
    value_score: int | None = Field(default=None, ge=1, le=5)
    feasibility_score: int | None = Field(default=None, ge=1, le=5)
    urgency_score: int | None = Field(default=None, ge=1, le=5)


def changed(before: Facts, changes: Mapping[str, Any]) -> Facts:
    """Return the facts with these changes.

    Raises:
        EntryInvalidError: a sentence for each fact that can't be so.
    """
    try:
        facts = Facts.model_validate(before.model_dump() | dict(changes))
    except ValidationError as error:
        faults = {str(fault["loc"][0]): _says(fault) for fault in error.errors()}
        raise EntryInvalidError(faults) from None
    if facts.starts_on and facts.target_on and facts.target_on < facts.starts_on:
        raise EntryInvalidError({"target_on": "This is before the start."})
    return facts


def differences(before: Facts, after: Facts) -> dict[str, tuple[Any, Any]]:
    """Return what differs, by the fact's name: what it was, and what it is."""
    old, new = before.model_dump(), after.model_dump()
    return {name: (old[name], new[name]) for name in new if old[name] != new[name]}


def is_below_floor(facts: Facts) -> bool:
    """Return whether less is set aside for change management than the protocols' floor."""
    return facts.change_percent is not None and facts.change_percent < CHANGE_FLOOR


def _says(fault: Any) -> str:
    words = _WORDS.get(fault["type"], "This has to be a date, as 2027-03-31.")
    return words.format(**(fault.get("ctx") or {}))


_WHOLE = "This has to be a whole number."
_WORDS = {  # by the kind of fault; its limits stand in braces
    "string_too_short": "This can't be empty.",
    "string_too_long": "This takes {max_length} characters at most.",
    "greater_than_equal": "This has to be at least {ge:,}.",
    "less_than_equal": "This has to be at most {le:,}.",
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "enum": f"This has to be one of {', '.join(Stage)}.",
}
