"""What every checked shape shares: strict types, no unknown key, faults where they belong."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

T = TypeVar("T")
ID_LIMIT, URL_LIMIT, LONG_TEXT_LIMIT = 255, 3000, 2000  # characters

_WITH_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_NOTHING = object()  # is of no JSON type: what `null` is checked as


class Strict(BaseModel):
    """A shape as Slack documents it: nothing is converted, no other key is allowed."""

    model_config = ConfigDict(strict=True, extra="forbid")


# A key that may be absent. Slack refuses an explicit null, as it would any other wrong type.
Maybe = Annotated[T | None, BeforeValidator(lambda given: _NOTHING if given is None else given)]
Id = Annotated[str, Field(min_length=1, max_length=ID_LIMIT)]
NonEmpty = Annotated[str, Field(min_length=1)]
Style = Literal["primary", "danger"]


def fault(message: str, *path: str | int) -> ValidationError:
    """Return a fault, in Slack's words, at a path below the shape that raises it."""
    kind = PydanticCustomError("slack", "{message}", {"message": message})
    return ValidationError.from_exception_data(
        "fault", [InitErrorDetails(type=kind, loc=path, input=None)]
    )


def _has_scheme(given: str) -> str:
    if not _WITH_SCHEME.fullmatch(given):
        raise fault("must be a valid URL")
    return given


def _is_on_the_web(given: str) -> str:
    if not given.startswith(("http://", "https://")):
        raise fault("must be a valid URL")
    return given


# A button or a link may open an app by its own scheme; a picture has to be on the web.
Url = Annotated[str, Field(min_length=1, max_length=URL_LIMIT), AfterValidator(_has_scheme)]
WebUrl = Annotated[Url, AfterValidator(_is_on_the_web)]


def types_of(model: type[Strict]) -> tuple[str, ...]:
    """Return what the shape calls itself in `type`."""
    return get_args(model.model_fields["type"].annotation)


def chooser(*models: type[Strict]) -> Callable[[object], Any]:
    """Return what reads an object by its `type`, as one of these shapes."""
    by_type = {name: model for model in models for name in types_of(model)}

    def choose(given: object) -> Strict:
        if not isinstance(given, dict):
            raise fault("must provide an object")
        if "type" not in given:
            raise fault("missing required field: type")
        kind = given["type"]
        if not isinstance(kind, str):
            raise fault("must provide a string", "type")
        if kind not in by_type:
            raise fault(f"unsupported type: {kind}", "type")
        return by_type[kind].model_validate(given)

    return choose


def one_of(*models: type[Strict]) -> PlainValidator:
    """Return the check of an object that its `type` tells to be one of these shapes."""
    return PlainValidator(chooser(*models))
