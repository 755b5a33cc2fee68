"""Faults in Slack's words, each with a JSON pointer to where it is."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Context = Mapping[str, Any]

_AT_THE_PARENT = {  # what is missing or superfluous is named; the pointer shows where
    "missing": "missing required field: {}",
    "extra_forbidden": "invalid additional property: {}",
}
_WRONG_TYPE = {
    "string_type": "must provide a string",
    "string_unicode": "must provide a string",
    "list_type": "must provide an array",
    "bool_type": "must provide a boolean",
    "int_type": "must provide an integer",
    "int_from_float": "must provide an integer",
    "float_type": "must provide a number",
    "model_type": "must provide an object",
    "model_attributes_type": "must provide an object",
    "literal_error": "must be a valid enum value",
}
_WRONG_SIZE: dict[str, Callable[[Context], str]] = {
    "string_too_long": lambda limit: f"must be less than {limit['max_length'] + 1} characters",
    "string_too_short": lambda limit: f"must be more than {limit['min_length'] - 1} characters",
    "too_long": lambda limit: f"no more than {limit['max_length']} items allowed",
    "too_short": lambda limit: f"no fewer than {limit['min_length']} items allowed",
    "less_than_equal": lambda limit: f"must be less than {limit['le'] + 1}",
    "greater_than_equal": lambda limit: f"must be greater than {limit['ge'] - 1}",
}


def worded(error: ValidationError) -> list[str]:
    """Return every fault of a refused shape, once each."""
    lines = [_line(detail) for detail in error.errors(include_url=False, include_input=False)]
    return list(dict.fromkeys(lines))


def line(message: str, *path: str | int) -> str:
    """Return one fault as Slack writes it."""
    return f"[ERROR] {message} [json-pointer:{pointer(path)}]"


def pointer(path: tuple[str | int, ...]) -> str:
    """Return an RFC 6901 pointer; the whole is written as a single slash."""
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return "/" + "/".join(escaped)


def _line(detail: ErrorDetails) -> str:
    kind, path, context = detail["type"], detail["loc"], detail.get("ctx", {})
    if kind in _AT_THE_PARENT:
        return line(_AT_THE_PARENT[kind].format(path[-1]), *path[:-1])
    if kind in _WRONG_SIZE:
        return line(_WRONG_SIZE[kind](context), *path)
    return line(_WRONG_TYPE.get(kind, detail["msg"]), *path)
