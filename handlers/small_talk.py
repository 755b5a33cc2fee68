"""What somebody wrote in a message, as they typed it: Slack hands it over with marks of its own."""

import html
import re
from collections.abc import Mapping

_MARK = re.compile(r"<([^<>]*)>")  # the signs that people type come escaped
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")


def people_named(text: str) -> set[str]:
    """Return the ids of the people whom a message mentions."""
    return set(_PERSON.findall(text))


def as_typed(text: str, names: Mapping[str, str]) -> str:
    """Return a message's text as its writer saw it: people by name, links in full."""
    return html.unescape(_MARK.sub(lambda mark: _read(mark[1], names), text)).strip()


def _read(mark: str, names: Mapping[str, str]) -> str:
    target, _, label = mark.partition("|")
    if target.startswith("@"):
        return f"@{label or names.get(target[1:], target[1:])}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    address = target.removeprefix("mailto:")
    return address if label in ("", address) or address.endswith(label) else f"{label} ({address})"
