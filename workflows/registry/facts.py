"""All that an entry can say, and what it may not say. Pure: values in, values out."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from storage.models import Access, DependencyKind, Stage
from workflows.errors import EntryInvalidError

LONGEST_TEXT = 3000  # characters, as much as Slack's fields take
LONGEST_NAME = 500
MOST_LINKS = 50
CUT = " …"  # ends a text that was too long
_HIGHEST = Decimal("999999999999999.99")  # SQLite keeps hundredths in 64 bits

Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Line = Annotated[str, Field(max_length=200)]
Money = Annotated[Decimal | None, Field(ge=0, le=_HIGHEST, decimal_places=2)]
Percent = Annotated[Decimal | None, Field(ge=0, le=100, decimal_places=2)]
Score = Annotated[int | None, Field(ge=1, le=5)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, str_strip_whitespace=True, extra="forbid")


class MilestoneFacts(_Part):
    """A date that is committed to, and when it is expected now."""

    number: int = Field(ge=1)  # never given again
    name: str = Field(min_length=1, max_length=200)
    committed_on: date
    forecast_on: date
    reached_on: date | None = None


class DependencyFacts(_Part):
    """What an initiative, or one of its milestones, needs."""

    number: int = Field(ge=1)  # never given again
    milestone: int | None = None  # of the initiative, that waits; None: all of it
    kind: DependencyKind
    thing: str = Field(min_length=1, max_length=200)  # FIN-01, FIN-01/M2, or a name
    access: Access | None = None
    need_by: date | None = None
    until_on: date | None = None

    @property
    def is_on_initiative(self) -> bool:
        """Tell whether it waits for another initiative, or for a milestone of one."""
        return self.kind in (DependencyKind.INITIATIVE, DependencyKind.MILESTONE)


class LinkFacts(_Part):
    """A conversation in Slack that is about an initiative."""

    url: str = Field(pattern=r"^https?://[^\s<>|]+$", max_length=500)
    words: str = Field(min_length=1, max_length=200)
    author_id: str = Field(max_length=40)


class Facts(_Part):
    """All that the registry says of an initiative."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    department: str = Field(min_length=1, max_length=100)
    stage: Stage
    lead_id: str | None = None
    deputy_ids: tuple[str, ...] = ()
    topic: Line = ""
    objective: Text = ""
    outcome: Text = ""
    stakeholders: Text = ""
    data: Text = ""
    skills: Text = ""
    compute: Text = ""
    starts_on: date | None = None
    target_on: date | None = None
    currency: Annotated[str, Field(max_length=20)] = ""
    budget_approved: Money = None
    budget_spent: Money = None
    budget_forecast: Money = None
    change_percent: Percent = None
    impact_score: Score = None
    alignment_score: Score = None
    readiness_score: Score = None
    milestones: tuple[MilestoneFacts, ...] = ()
    dependencies: tuple[DependencyFacts, ...] = ()
    links: Annotated[tuple[LinkFacts, ...], Field(max_length=MOST_LINKS)] = ()
    wholes: dict[str, str] = {}  # texts that were cut, by the fact's name; stands last: see below

    @field_validator("wholes", mode="after")
    @classmethod
    def _only_of_what_is_cut(cls, wholes: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        """Forget the whole of a text that says something else by now."""
        return {
            name: whole
            for name, whole in wholes.items()
            if (text := info.data.get(name) or "").endswith(CUT)
            and whole.startswith(text.removesuffix(CUT))
        }

    def whole(self, name: str) -> Any:
        """Return a fact; of a text that was cut, all of it."""
        return self.wholes.get(name, getattr(self, name))

    @model_validator(mode="after")
    def _start_before_end(self) -> Self:
        if self.starts_on and self.target_on and self.target_on < self.starts_on:
            raise PydanticCustomError("target_before_start", "This is before the start.")
        return self


def longest(name: str) -> int:
    """Return how many characters a fact takes that is written."""
    limits = (getattr(rule, "max_length", None) for rule in Facts.model_fields[name].metadata)
    return int(next(limit for limit in limits if limit))


def checked(facts: Mapping[str, Any]) -> Facts:
    """Return these facts.

    Raises:
        EntryInvalidError: a sentence for each fact that can't be so.
    """
    try:
        return Facts.model_validate(dict(facts))
    except ValidationError as error:
        faults = {
            str((fault["loc"] or ("target_on",))[0]): _says(fault) for fault in error.errors()
        }
        raise EntryInvalidError(faults) from None


def _says(fault: Any) -> str:
    words = _WORDS.get(fault["type"], "This has to be a date, as 2027-03-31.")
    return words.format(**(fault.get("ctx") or {}))


_NUMBER, _WHOLE = "This has to be a number.", "This has to be a whole number."
_WORDS = {  # by the kind of fault; its limits stand in braces
    "string_too_short": "This can't be empty.",
    "missing": "This can't be empty.",
    "string_too_long": "This takes {max_length} characters at most.",
    "greater_than_equal": "This has to be at least {ge:,}.",
    "less_than_equal": "This has to be at most {le:,}.",
    "decimal_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "decimal_max_places": "This takes two places after the point.",
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "enum": f"This has to be one of {', '.join(Stage)}.",
    "too_long": "This takes {max_length} at most.",
    "target_before_start": "This is before the start.",
}
