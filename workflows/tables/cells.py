"""What stands in the cells of workbooks, as it would be typed, and back. Pure."""

import re
from datetime import datetime

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_READS_AS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def as_text(value: object) -> str:
    """Return the value of a cell as it would be typed."""
    text = "" if value is None else str(value)
    if isinstance(value, str):
        text = unescaped(value)
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        text = str(int(value))
    elif isinstance(value, datetime):
        text = value.isoformat(" ").removesuffix(" 00:00:00")
    return clean(text)


def clean(text: str) -> str:
    """Return text without what no database takes, its lines ended as everywhere here."""
    if text.isprintable():
        return text  # nearly all are, and this is quick
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))


def unescaped(text: str) -> str:
    """Return text as a workbook means it: _x000D_ is the sign of that number."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def escaped(text: str) -> str:
    """Return text as a workbook writes it: what only looks like the number of a sign stays."""
    marked = _READS_AS_ESCAPED.sub("_x005F_", text) if "_x" in text else text
    return marked.replace("\r", "_x000D_")  # which XML would make another line's end of
