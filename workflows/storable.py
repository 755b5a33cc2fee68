"""Text as both databases hold it: PostgreSQL takes no NUL, and no half of a surrogate pair."""

import math
import re
from collections.abc import Sequence
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DEEPEST = 100  # Slack's own nest a dozen deep


def storable_text(text: str) -> str:
    """Return a text without the characters that can't be stored."""
    return _UNSTORABLE.sub("", text)


def storable_cells(cells: Sequence[str]) -> Sequence[str]:
    """Return the cells of a row without such characters; few rows have any."""
    return [*map(storable_text, cells)] if _UNSTORABLE.search("".join(cells)) else cells


def storable(value: Any, depth: int = 0) -> Any:
    """Return what JSON holds with every text in it storable.

    Raises:
        ValueError: it nests too deep, or holds a number that is none.
    """
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number that is none")
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        return {storable_text(str(k)): storable(held, depth + 1) for k, held in value.items()}
    if isinstance(value, list):
        return [storable(held, depth + 1) for held in value]
    return value
