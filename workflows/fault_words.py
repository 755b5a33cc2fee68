"""What is wrong with something that somebody wrote for the bot, in the words of one voice."""

from typing import Any

_LIST = "write a list, such as [monday, tuesday]"
_SECTION = "write settings with their names under it"
_TEXT = "write text, in quotes if it is a number"
_WHOLE = "write a whole number"
_WORDS = {  # by the kind of fault; what it is about stands in braces
    "missing": "is missing",
    "extra_forbidden": "no such setting",
    "invalid_key": "no such setting",
    "enum": "write {expected}",
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "finite_number": _WHOLE,
    "greater_than_equal": "write {ge} or more",
    "less_than_equal": "write {le} at most",
    "string_type": _TEXT,
    "list_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "dict_type": _SECTION,
    "model_type": _SECTION,
    "model_attributes_type": _SECTION,
    "time_parsing": 'write a time of day from "00:00" to "23:59"',
    "too_short": "name at least one",
}


def words_of(fault: Any) -> str:
    """Say what helps against a fault that pydantic found; its own words are a programmer's."""
    kind = fault["type"]
    if kind == "value_error":  # ours
        return str(fault["msg"]).removeprefix("Value error, ")
    words = _WORDS.get(kind, "can't be read").format(**fault.get("ctx", {}))
    return words.replace("'", "") if kind == "enum" else words
