"""A window that is submitted: what Slack checks before the app hears of it."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.workspace import Json, OpenView

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def faults_of(opened: OpenView) -> dict[str, str]:
    """Return by block_id what has to be put right before the app hears of it."""
    faults = {}
    for block in opened.view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = opened.values.get(block["block_id"], {}).get(element["action_id"], {})
        if fault := _fault(block, element, filled_in(state)):
            faults[block["block_id"]] = fault
    return faults


def filled_in(state: Json) -> Any:
    """Return what an element holds: text, a choice, a list of choices, or None."""
    for name, held in state.items():
        if name != "type":
            return held or None
    return None


def _fault(block: Json, element: Json, held: Any) -> str:
    if held is None:
        return "" if block.get("optional") else "Please complete this required field."
    check = _CHECKS.get(element["type"])
    return check(element, held) if check else ""


def _email_fault(element: Json, text: str) -> str:
    return "" if _EMAIL.fullmatch(text) else "Please enter a valid email address."


def _url_fault(element: Json, text: str) -> str:
    return "" if "://" in text else "Please enter a valid URL."


def _length_fault(element: Json, text: str) -> str:
    most, least = element.get("max_length", 3000), element.get("min_length", 0)
    if len(text) > most:
        return f"Please use at most {most} characters; you have {len(text)}."
    if len(text) < least:
        return f"Please use at least {least} characters."
    return ""


def _number_fault(element: Json, text: str) -> str:
    try:
        number = float(text)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "Please enter a whole number."
    if number < float(element.get("min_value", number)):
        return f"Please enter {element['min_value']} or more."
    if number > float(element.get("max_value", number)):
        return f"Please enter {element['max_value']} or less."
    return ""


_CHECKS: dict[str, Callable[[Json, str], str]] = {
    "plain_text_input": _length_fault,
    "email_text_input": _email_fault,
    "url_text_input": _url_fault,
    "number_input": _number_fault,
}
